package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"
	release "helm.sh/helm/v4/pkg/release/v1"
	"sigs.k8s.io/yaml"
)

// render answers as helm template does with the chart whose files Text holds, a JSON object of names and contents:
// CRDs, manifests, hooks and notes. A file named kubeVersion is none of the chart's, but the cluster's version.
func render(req Request) (string, error) {
	var files map[string]string
	if err := json.Unmarshal([]byte(req.Text), &files); err != nil {
		return "", err
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(req.Values), &values); err != nil {
		return "", err
	}
	cfg := new(action.Configuration)
	cfg.SetLogger(slog.DiscardHandler)
	install := action.NewInstall(cfg)
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName, install.Namespace = "rel", "ns"
	install.Replace = true // Skips the check of the name.
	install.IncludeCRDs = true
	if text, ok := files["kubeVersion"]; ok {
		version, err := common.ParseKubeVersion(text)
		if err != nil {
			return "", fmt.Errorf("invalid kube version '%s': %w", text, err)
		}
		install.KubeVersion = version
		delete(files, "kubeVersion")
	}
	var buffered []*archive.BufferedFile
	for _, name := range slices.Sorted(maps.Keys(files)) {
		buffered = append(buffered, &archive.BufferedFile{Name: name, Data: []byte(files[name])})
	}
	c, err := loader.LoadFiles(buffered)
	if err != nil {
		return "", err
	}
	installed, err := install.Run(c, values)
	if err != nil {
		return "", err
	}
	rel := installed.(*release.Release)
	var b strings.Builder
	b.WriteString(rel.Manifest)
	for _, hook := range rel.Hooks {
		fmt.Fprintf(&b, "--- %s %s %d %v %v %v\n# Source: %s\n%s\n", hook.Kind, hook.Name, hook.Weight, hook.Events,
			hook.DeletePolicies, hook.OutputLogPolicies, hook.Path, hook.Manifest)
	}
	fmt.Fprintf(&b, "NOTES:\n%s", rel.Info.Notes)
	return b.String(), nil
}

// ignored answers which of the paths in Values, a YAML list, the rules in Text leave out; a folder's path ends with a
// slash.
func ignored(req Request) (string, error) {
	rules, err := ignore.Parse(strings.NewReader(req.Text))
	if err != nil {
		return "", err
	}
	rules.AddDefaults()
	var paths []string
	if err := yaml.Unmarshal([]byte(req.Values), &paths); err != nil {
		return "", err
	}
	paths = slices.DeleteFunc(paths, func(file string) bool {
		name := strings.TrimSuffix(file, "/")
		return !rules.Ignore(name, entry{path.Base(name), name != file})
	})
	return marshal(paths)
}

// entry is a file or folder of which nothing else is known.
type entry struct {
	name  string
	isDir bool
}

func (e entry) Name() string     { return e.name }
func (entry) Size() int64        { return 0 }
func (entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool      { return e.isDir }
func (entry) Sys() any           { return nil }
func (e entry) Mode() fs.FileMode {
	if e.isDir {
		return fs.ModeDir
	}
	return 0
}

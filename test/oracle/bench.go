package main

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	cutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

// bench times Helm's engine on the chart folder in Text. Values counts the renderings, each parsed and executed as Helm
// does, and the loads, of which there are five at most. The answer is JSON: the medians load_ms, render_ms, and sort_ms,
// of what comes after the engine: the rendered files cut into manifests, read as YAML and sorted.
func bench(req Request) (string, error) {
	runs, err := strconv.Atoi(req.Values)
	if err != nil {
		return "", err
	}
	load, err := median(min(runs, 5), func() error {
		_, err := loader.LoadDir(req.Text)
		return err
	})
	if err != nil {
		return "", err
	}
	chart, err := loader.LoadDir(req.Text)
	if err != nil {
		return "", err
	}
	var files map[string]string
	once := func() error {
		values := map[string]any{}
		if err := util.ProcessDependencies(chart, values); err != nil {
			return err
		}
		top, err := cutil.ToRenderValues(chart, values, common.ReleaseOptions{Name: "rel", Namespace: "ns", IsInstall: true, Revision: 1}, common.DefaultCapabilities.Copy())
		if err != nil {
			return err
		}
		files, err = engine.Render(chart, top)
		return err
	}
	if err := once(); err != nil {
		return "", err
	}
	render, err := median(runs, once)
	if err != nil {
		return "", err
	}
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(logger)
	sort, err := median(runs, func() error {
		_, _, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
		return err
	})
	if err != nil {
		return "", err
	}
	out, err := json.Marshal(map[string]float64{"load_ms": load, "render_ms": render, "sort_ms": sort})
	return string(out), err
}

// median gives the milliseconds that job takes.
func median(runs int, job func() error) (float64, error) {
	times := make([]float64, 0, runs)
	for range runs {
		start := time.Now()
		if err := job(); err != nil {
			return 0, err
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
	}
	slices.Sort(times)
	return times[runs/2], nil
}

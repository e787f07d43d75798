// Command oracle answers, a line of JSON for a line of JSON, what Go, Helm and their libraries do.
//
// It is the reference for the conformance and fuzz tests; see ../README.md.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"helm.sh/helm/v4/pkg/chart/common"
	cutil "helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
	yaml3 "sigs.k8s.io/yaml/goyaml.v3"
)

// Request names an operation and holds its input.
type Request struct {
	// Op is bench, helm (the Helm engine on one template), text (text/template with Sprig), go (text/template alone,
	// with missingkey=zero as Helm sets it), render, ignored, yaml2json, json2yaml or yaml2yaml3,
	// or one of chartOp's.
	Op     string `json:"op"`
	Text   string `json:"text"`
	Values string `json:"values"` // YAML; for helm: .Values, for text: the dot
}

// Answer holds the result or the error's words.
type Answer struct {
	Out string `json:"out"`
	Err string `json:"err,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var req Request
			var ans Answer
			if e := json.Unmarshal(line, &req); e != nil {
				ans.Err = "request: " + e.Error()
			} else {
				ans = answer(req)
			}
			b, _ := json.Marshal(ans)
			out.Write(append(b, '\n'))
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func answer(req Request) (ans Answer) {
	defer func() {
		if r := recover(); r != nil {
			ans = Answer{Err: fmt.Sprint("panic: ", r)}
		}
	}()
	text, err := run(req)
	if err != nil {
		return Answer{Err: err.Error()}
	}
	return Answer{Out: text}
}

func run(req Request) (string, error) {
	switch req.Op {
	case "bench":
		return bench(req)
	case "helm":
		return helm(req)
	case "render":
		return render(req)
	case "ignored":
		return ignored(req)
	case "chart", "processed", "coalesce", "set", "set-string", "set-json", "set-literal", "schema":
		return chartOp(req)
	case "text":
		var dot any
		if err := yaml.Unmarshal([]byte(req.Values), &dot); err != nil {
			return "", err
		}
		t, err := template.New("t").Funcs(sprig.TxtFuncMap()).Parse(req.Text)
		if err != nil {
			return "", err
		}
		var b bytes.Buffer
		err = t.Execute(&b, dot)
		return b.String(), err
	case "go":
		var dot any
		if err := yaml.Unmarshal([]byte(req.Values), &dot); err != nil {
			return "", err
		}
		t, err := template.New("t").Option("missingkey=zero").Parse(req.Text)
		if err != nil {
			return "", err
		}
		var b bytes.Buffer
		err = t.Execute(&b, dot)
		return b.String(), err
	case "yaml2json":
		b, err := yaml.YAMLToJSON([]byte(req.Text))
		return string(b), err
	case "json2yaml":
		b, err := yaml.JSONToYAML([]byte(req.Text))
		return string(b), err
	case "yaml2yaml3":
		var v any
		if err := yaml.Unmarshal([]byte(req.Text), &v); err != nil {
			return "", err
		}
		var b bytes.Buffer
		e := yaml3.NewEncoder(&b)
		e.SetIndent(2)
		err := e.Encode(v)
		return b.String(), err
	}
	return "", fmt.Errorf("unknown op %q", req.Op)
}

func helm(req Request) (string, error) {
	vals := map[string]any{}
	if err := yaml.Unmarshal([]byte(req.Values), &vals); err != nil {
		return "", err
	}
	c := &chart.Chart{
		Metadata:  &chart.Metadata{Name: "c", Version: "0.1.0", APIVersion: "v2"},
		Templates: []*common.File{{Name: "templates/t.yaml", Data: []byte(req.Text)}},
	}
	top, err := cutil.ToRenderValues(c, vals, common.ReleaseOptions{Name: "rel", Namespace: "ns", IsInstall: true, Revision: 1}, common.DefaultCapabilities.Copy())
	if err != nil {
		return "", err
	}
	out, err := engine.Render(c, top)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, text := range out {
		b.WriteString(text)
	}
	return b.String(), nil
}

package main

import (
	"encoding/json"
	"fmt"

	"helm.sh/helm/v4/pkg/chart/common"
	cutil "helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

// chartOp answers the operations on charts and values:
//
//   - chart: the JSON of the chart at the path in Text, as a release record keeps it;
//   - processed: the same after its dependencies were processed with Values;
//   - coalesce: the values of the chart at the path in Text, coalesced with Values, as JSON;
//   - set, set-string, set-json and set-literal: the line in Text set in Values, as JSON;
//   - schema: what is wrong with Values by the JSON schema in Text.
func chartOp(req Request) (string, error) {
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(req.Values), &values); err != nil {
		return "", err
	}
	switch req.Op {
	case "set", "set-string", "set-json", "set-literal":
		parse := map[string]func(string, map[string]any) error{
			"set":         strvals.ParseInto,
			"set-string":  strvals.ParseIntoString,
			"set-json":    strvals.ParseJSON,
			"set-literal": strvals.ParseLiteralInto,
		}[req.Op]
		if err := parse(req.Text, values); err != nil {
			return "", err
		}
		return marshal(values)
	case "schema":
		c := &chart.Chart{Metadata: &chart.Metadata{Name: "c"}, Schema: []byte(req.Text)}
		return "", cutil.ValidateAgainstSchema(c, common.Values(values))
	}
	c, err := loader.Load(req.Text)
	if err != nil {
		return "", err
	}
	if req.Op == "chart" {
		return marshal(c)
	}
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return "", err
	}
	if req.Op == "processed" {
		return marshal(c)
	}
	coalesced, err := cutil.CoalesceValues(c, values)
	if err != nil {
		return "", err
	}
	return marshal(coalesced)
}

func marshal(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("marshal: %w", err)
	}
	return string(b), nil
}

package main

import (
	"encoding/json"
	"strconv"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	cutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
)

// bench times Helm's engine on the chart folder in Text: one load, then the renderings that Values counts, each parsed
// and executed as Helm does. The answer is JSON: load_ms and the mean render_ms.
func bench(req Request) (string, error) {
	runs, err := strconv.Atoi(req.Values)
	if err != nil {
		return "", err
	}
	start := time.Now()
	chart, err := loader.LoadDir(req.Text)
	if err != nil {
		return "", err
	}
	load := time.Since(start)
	once := func() error {
		values := map[string]any{}
		if err := util.ProcessDependencies(chart, values); err != nil {
			return err
		}
		top, err := cutil.ToRenderValues(chart, values, common.ReleaseOptions{Name: "rel", Namespace: "ns", IsInstall: true, Revision: 1}, common.DefaultCapabilities.Copy())
		if err != nil {
			return err
		}
		_, err = engine.Render(chart, top)
		return err
	}
	if err := once(); err != nil {
		return "", err
	}
	start = time.Now()
	for range runs {
		if err := once(); err != nil {
			return "", err
		}
	}
	render := time.Since(start) / time.Duration(runs)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	out, err := json.Marshal(map[string]float64{"load_ms": ms(load), "render_ms": ms(render)})
	return string(out), err
}

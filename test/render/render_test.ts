import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coalesceValues } from "../../src/chart/coalesce.ts";
import { loadChart } from "../../src/chart/load.ts";
import { defaultCapabilities } from "../../src/render/capabilities.ts";
import { lookupKey, type Rendered, type RenderInput } from "../../src/render/release-facts.ts";
import { render } from "../../src/render/render.ts";
import { LookupNeeded } from "../../src/render/render-error.ts";
import { fromJson } from "../../src/template/value.ts";
import { readYamlMap } from "../../src/yaml/read.ts";
import { chartFiles, chartYaml, type Files } from "../chart/files.ts";

/** The input of a rendering of these files, which make a chart called web. */
function inputOf(files: Files, more: Partial<RenderInput> = {}): RenderInput {
  return {
    chart: loadChart(chartFiles({ "Chart.yaml": chartYaml("web"), ...files })),
    values: new Map(),
    release: { name: "rel", namespace: "ns", revision: 3, isInstall: false, isUpgrade: true },
    capabilities: defaultCapabilities,
    lookups: "empty",
    ...more,
  };
}

const renderFiles = (files: Files, more?: Partial<RenderInput>): Rendered => render(inputOf(files, more));

/** What a template shows of a cluster whose version Helm does not take as it stands. */
const shown = (text: string) =>
  /^a: '(.*)'$/m.exec(
    renderFiles({ "templates/a.yaml": `a: '${text}'` }, {
      capabilities: { kubeVersion: "v1.33.4-gke.1", apiVersions: ["v1"] },
    }).manifest,
  )![1];
const version = ".Capabilities.KubeVersion";

describe("a rendering", () => {
  it("holds the objects in install order, hooks apart, the chart's own notes, and CRDs", () => {
    const rendered = renderFiles({
      "templates/b.yaml": "kind: Deployment\n---\nkind: ServiceAccount\n",
      "templates/a.yaml":
        "kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: 'pre-install,test', helm.sh/hook-weight: '-5'}}\n",
      "templates/NOTES.txt": "revision {{ .Release.Revision }} of {{ .Release.Name }}",
      "crds/c.yaml": "kind: CustomResourceDefinition",
      "charts/sub/Chart.yaml": chartYaml("sub"),
      "charts/sub/templates/NOTES.txt": "sub's",
      "charts/sub/crds/d.yml": "kind: CustomResourceDefinition",
    });
    assert.equal(
      rendered.manifest,
      "---\n# Source: web/templates/b.yaml\nkind: ServiceAccount\n\n---\n# Source: web/templates/b.yaml\nkind: Deployment\n\n",
    );
    assert.deepEqual(rendered.manifests.map(({ kind }) => kind), ["ServiceAccount", "Deployment"]);
    const [{ manifest: _, ...hook }] = rendered.hooks;
    assert.deepEqual(hook, {
      name: "j",
      kind: "Job",
      path: "web/templates/a.yaml",
      events: ["pre-install", "test"],
      weight: -5,
      deletePolicies: [],
      outputLogPolicies: [],
    });
    assert.equal(rendered.notes, "revision 3 of rel");
    assert.deepEqual(rendered.crds.map(({ filename }) => filename), ["web/crds/c.yaml", "web/charts/sub/crds/d.yml"]);
  });

  it("may hold the notes of subcharts", () => {
    const { notes } = renderFiles({
      "templates/NOTES.txt": "own",
      "charts/sub/Chart.yaml": chartYaml("sub"),
      "charts/sub/templates/NOTES.txt": "sub's",
    }, { subchartNotes: true });
    assert.deepEqual(notes.split("\n").sort(), ["own", "sub's"]);
  });

  it("does not change the values, nor the chart, whatever templates do to them", () => {
    const files = {
      "values.yaml": "list: [1]\nmap: {a: 1}\n",
      "templates/a.yaml": 'a: {{ $_ := set .Values.map "b" 2 }}{{ $_ := set .Values "c" 3 }}{{ .Values | toJson }}',
    };
    const input = inputOf(files, { values: readYamlMap("user: {x: 1}") });
    const first = render(input);
    assert.equal(render(input).manifest, first.manifest);
    assert.deepEqual(input.values, readYamlMap("user: {x: 1}"));
    assert.deepEqual(coalesceValues(input.chart, new Map()), readYamlMap(files["values.yaml"]));
  });

  it("gives . and .Values Helm's type, and a subchart the map that its parent has", () => {
    const typed = "'{{ typeOf . }}, {{ typeOf .Values }}, {{ typeOf .Values.AsMap }}, {{ typeOf (deepCopy .Values) }}'";
    const { manifest } = renderFiles({
      "values.yaml": "sub: {a: {b: 1}}",
      "templates/a.yaml": `types: ${typed}\nsub: {{ .Values.PathValue "sub.a.b" }} {{ .Values.sub.c }}`,
      "charts/sub/Chart.yaml": chartYaml("sub"),
      "charts/sub/templates/b.yaml": 'set: {{ typeOf (set .Values "c" 2) }}',
    });
    const plain = "map[string]interface {}";
    assert.ok(manifest.includes(`types: 'common.Values, common.Values, ${plain}, common.Values'\nsub: 1 2\n`));
    assert.ok(manifest.includes(`set: ${plain}\n`));
  });

  it("takes templates of the same chart in other choices of subcharts", () => {
    const files = {
      "Chart.yaml": chartYaml("web", "dependencies: [{name: sub, version: 1.x, condition: sub.enabled}]\n"),
      "templates/a.yaml": '{{ define "name" }}web{{ end }}a: {{ include "name" . }}',
      "charts/sub/Chart.yaml": chartYaml("sub"),
      "charts/sub/templates/b.yaml": 'b: {{ include "name" . }}',
    };
    const input = inputOf(files);
    const both = render(input).manifest;
    const without = render({ ...input, values: readYamlMap("sub: {enabled: false}") }).manifest;
    assert.match(both, /b: web/);
    assert.doesNotMatch(without, /b: web/);
    assert.equal(render(input).manifest, both);
  });

  it("sorts what files hold now, whatever they held in the renderings before", () => {
    const input = inputOf({
      "templates/a.yaml": `kind: {{ .Release.Name }}\ndata: ${"x".repeat(5000)}\n---\nkind: {{ .Release.Name }}s`,
    });
    const kinds = (name: string) =>
      render({ ...input, release: { ...input.release, name } }).manifests.map(({ kind }) => kind);
    for (const name of ["a", "b", "b", "b", "c", "a", "a"]) assert.deepEqual(kinds(name), [name, `${name}s`]);
  });

  it("takes the later one of two subcharts of one name, and does not parse the other's templates", () => {
    const { manifest } = renderFiles({
      "Chart.yaml": chartYaml("web", "dependencies: [{name: b, version: '>=0', alias: a}]"),
      "charts/a/Chart.yaml": chartYaml("a"),
      "charts/a/templates/t.yaml": "{{ nope }}",
      "charts/b/Chart.yaml": chartYaml("b"),
      "charts/b/templates/t.yaml": "it: b",
    });
    assert.equal(manifest, "---\n# Source: web/charts/a/templates/t.yaml\nit: b\n");
  });

  it("gives .Template Helm's type, which functions on maps take", () => {
    const { manifest } = renderFiles({
      "templates/a.yaml": "a: {{ printf `%T %T` .Template (merge .Template) }} {{ .Template.AsMap.Name }}",
    });
    assert.match(manifest, /a: common.Values map\[string\]interface \{\} web\/templates\/a.yaml/);
  });

  it("has Go's nil for a file that is not there", () => {
    const text =
      "{{ .Files.no | toJson }} {{ toYaml .Files.no }} {{ printf `%#v` .Files.no }} {{ eq (list 1) .Files.no }} " +
      "{{ eq .Files.no .Files.also }} {{ .Files.no }} {{ index .Files `no` | toJson }} " +
      "{{ .Files.no | deepCopy | toJson }}";
    assert.equal(
      renderFiles({ "templates/a.yaml": `a: ${text}` }).manifest,
      "---\n# Source: web/templates/a.yaml\na: null null []byte(nil) false true [] null null\n",
    );
  });

  it("shows .Capabilities.KubeVersion as a version where Go knows its address, and as a struct to functions", () => {
    assert.equal(
      shown(`{{ ${version} }} {{ with ${version} }}{{ . }}{{ end }} {{ or ${version} 1 }}`),
      "v1.33.4 v1.33.4 v1.33.4",
    );
    const struct = "{v1.33.4-gke.1 v1.33.4 1 33}";
    assert.equal(shown(`{{ ${version} | toString }} {{ printf "%s" ${version} }}`), `${struct} ${struct}`);
    assert.equal(shown(`{{ default 1 ${version} }} {{ list ${version} }}`), `${struct} [${struct}]`);
    const both = `${struct} [v1] {v4.3   go1.26.8 v1.37}`;
    assert.equal(shown("{{ .Capabilities }} {{ print .Capabilities }}"), `{${both}} &{${both}}`);
    assert.equal(shown("{{ html .Capabilities }}"), `{${both}}`);
    assert.equal(shown(`{{ printf "%s" (list .Capabilities) }}`), `[%!s(*common.Capabilities=&{${both}})]`);
    assert.equal(
      shown(`{{ toYamlPretty ${version} | replace "\\n" " " }}`),
      `version: v1.33.4-gke.1 major: "1" minor: "33"`,
    );
  });

  it("has no methods for a .Capabilities.KubeVersion that a function got, or a map holds", () => {
    const struct = "{v1.33.4-gke.1 v1.33.4 1 33}";
    const held = `$d := dict "a" ${version}`;
    assert.equal(
      shown(`{{ $v := ${version} }}{{ $v }} {{ $v.String }} {{ $v.GitVersion }}`),
      "v1.33.4 v1.33.4 v1.33.4-gke.1",
    );
    assert.equal(shown(`{{ ${held} }}{{ $d.a }} {{ $d.a.Major }}`), `${struct} 1`);
    assert.equal(shown(`{{ range list ${version} }}{{ . }}{{ end }}`), struct);
    assert.equal(shown(`{{ ${version} | tpl "{{ . }}" }}`), struct);
    assert.equal(shown(`{{ with first (list ${version}) }}{{ . }}{{ end }}`), struct);
    assert.equal(
      shown(`{{ define "t" }}{{ . }}{{ end }}{{ template "t" ${version} }} {{ include "t" ${version} }}`),
      `v1.33.4 ${struct}`,
    );
    for (
      const [text, type] of [[`{{ ${held} }}{{ $d.a.String }}`, "interface {}"], [
        `{{ (default 1 ${version}).String }}`,
        "common.KubeVersion",
      ]]
    ) {
      assert.throws(() => shown(text), {
        message: new RegExp(RegExp.escape(`can't evaluate field String in type ${type}`)),
      });
    }
  });

  it("copies .Capabilities without what is not exported", () => {
    assert.equal(shown(`{{ deepCopy ${version} }}`), "{v1.33.4-gke.1  1 33}");
    assert.equal(shown("{{ (deepCopy .Capabilities).KubeVersion }}"), "v1.33.4-gke.1");
    assert.equal(shown("{{ .Capabilities.Copy.KubeVersion }}"), "v1.33.4");
    assert.equal(shown("{{ deepCopy .Capabilities }}"), "{{v1.33.4-gke.1  1 33} [v1] {v4.3   go1.26.8 v1.37}}");
  });

  it("sorts a copy of .Capabilities.APIVersions", () => {
    const versions = ".Capabilities.APIVersions";
    const input = inputOf({ "templates/a.yaml": `a: {{ print (sortAlpha ${versions}) ${versions} | quote }}` }, {
      capabilities: { ...defaultCapabilities, apiVersions: ["v1", "apps/v1"] },
    });
    for (const _ of "12") assert.match(render(input).manifest, /^a: "\[apps\/v1 v1\] \[v1 apps\/v1\]"$/m);
  });

  it("cuts .Capabilities.APIVersions to one of its type", () => {
    const text = "{{ $some := slice .Capabilities.APIVersions 0 1 }}{{ typeOf $some }} {{ $some.Has `v1` }}";
    assert.equal(shown(text), "common.VersionSet true");
  });

  it("merges into a nil map what is not there", () => {
    const text = '{{ (mustMerge .Chart (dict "Annotations" (dict "a" 1))).Annotations | toJson }}';
    assert.match(renderFiles({ "templates/a.yaml": `a: ${text}` }).manifest, /^a: {"a":1}$/m);
  });

  it("merges structs field by field, which must be there", () => {
    const merged = (a: string, b: string) => shown(`{{ (mustMerge (dict "a" ${a}) (dict "a" ${b})).a }}`);
    assert.equal(merged(version, "1"), "{v1.33.4-gke.1 v1.33.4 1 33}");
    assert.equal(merged("(semver `1.2.3`)", ".Capabilities"), "1.2.3");
    const cases: readonly (readonly [string, string, string])[] = [
      [version, ".Capabilities", "reflect: call of reflect.Value.Field on ptr Value"],
      [version, "(dict)", "reflect: call of reflect.Value.Field on map Value"],
      [".Capabilities", "(semver `1.2.3`)", "reflect: call of reflect.Value.Field on uint64 Value"],
      [".Capabilities", version, "src and dst must be of same type"],
      [".Capabilities.HelmVersion", version, "reflect: Field index out of range"],
    ];
    for (const [a, b, message] of cases) {
      assert.throws(() => merged(a, b), { message: new RegExp(RegExp.escape(message)) }, `${a} ${b}`);
    }
  });

  it("merges nothing into .Files, which hold bytes", () => {
    const merged = (values: string) =>
      renderFiles({ "templates/a.yaml": `a: {{ merge (dict "f" .Files) (dict "f" ${values}) | toJson }}` }).manifest;
    assert.match(merged("(dict)"), /^a: \{"f":\{\}\}$/m);
    for (const [value, type] of [["1", "interface {}"], ["list", "[]interface {}"]]) {
      assert.throws(() => merged(`(dict "x" ${value})`), {
        message: new RegExp(`SetMapIndex: value of type ${RegExp.escape(type)} is not assignable to type \\[]uint8`),
      });
    }
  });

  it("merges .Files and .Values as the maps that they are", () => {
    const merged = (maps: string) =>
      renderFiles({ "values.yaml": "v: 1", "templates/a.yaml": `a: {{ mergeOverwrite ${maps} | toJson }}` }).manifest;
    assert.match(merged('(dict "f" (dict "x" 1)) (dict "f" .Files)'), /^a: \{"f":\{"x":1\}\}$/m);
    const cases: readonly (readonly [string, string, string])[] = [
      ['(dict "f" .Files) (dict "f" (split "," "a"))', "string", "[]uint8"],
      ['(dict "f" (split "," "a")) (dict "f" .Values)', "interface {}", "string"],
    ];
    for (const [maps, type, element] of cases) {
      assert.throws(() => merged(maps), {
        message: new RegExp(RegExp.escape(`SetMapIndex: value of type ${type} is not assignable to type ${element}`)),
      });
    }
  });

  it("has nothing for files that YAML cannot hold", () => {
    const files = { "a.txt": "\ufffe", "templates/a.yaml": `a: {{ (.Files.Glob "*.txt").AsConfig | quote }}` };
    assert.match(renderFiles(files).manifest, /^a: ""$/m);
  });

  it("takes 0 for a hook's weight that is no number of 64 bits, and one that Helm can read for the greatest", () => {
    const weights = ["2", "x", "9223372036854775808", "+9223372036854775807", "-9223372036854775808"];
    const hooks = weights.map((weight, i) =>
      `kind: Pod\nmetadata: {name: p${i}, annotations: {helm.sh/hook: test, helm.sh/hook-weight: "${weight}"}}\n`
    );
    const rendered = renderFiles({ "templates/a.yaml": hooks.join("---\n") });
    assert.deepEqual(rendered.hooks.map(({ weight }) => weight), [2, 0, 0, 2 ** 63 - 1024, 1024 - 2 ** 63]);
  });

  it("tells its warnings", () => {
    const warnings: string[] = [];
    renderFiles({ "values.yaml": "a: {b: 1}" }, {
      values: readYamlMap("a: {b: {c: 1}}"),
      warn: (_, message) => warnings.push(message),
    });
    assert.deepEqual(warnings, ["warning: destination for web.a.b is a table. Ignoring non-table value (1)"]);
  });

  it("tells of an unknown hook before a later manifest of the file is refused", () => {
    const warnings: string[] = [];
    const hook = "kind: Job\nmetadata: {annotations: {helm.sh/hook: crd-install}}\n";
    const render = () =>
      renderFiles({ "templates/a.yaml": `${hook}---\na: b: c\n---\n${hook}` }, {
        warn: (_, message) => warnings.push(message),
      });
    assert.throws(render, /^RenderError: YAML parse error on web\/templates\/a\.yaml: /);
    assert.deepEqual(warnings, ["skipping unknown hooks"]);
  });
});

describe("lookups", () => {
  const files = {
    "templates/a.yaml": `a: {{ (lookup "v1" "Secret" "ns" "one").data | toJson }}
b: {{ (lookup "v1" "Secret" "ns" "").items | toJson }}
c: {{ (lookup "v1" "Secret" "ns" "one").data | toJson }}
`,
  };
  const one = { apiVersion: "v1", kind: "Secret", namespace: "ns", name: "one" };
  const all = { ...one, name: "" };

  it("find nothing where there is no cluster, and are told in order, each once", () => {
    const { manifest, lookups } = renderFiles(files);
    assert.match(manifest, /a: null\nb: null\nc: null/);
    assert.deepEqual(lookups, [one, all]);
  });

  it("end the rendering with what has to be looked up", () => {
    const input = inputOf(files);
    const needed = (lookups: RenderInput["lookups"]) => {
      try {
        render({ ...input, lookups });
      } catch (error) {
        assert.ok(error instanceof LookupNeeded);
        return error.query;
      }
    };
    const answers = new Map([[lookupKey(one), fromJson({ data: { k: 1 } })]]);
    assert.deepEqual(needed(new Map()), one);
    assert.deepEqual(needed(answers), all);
    answers.set(lookupKey(all), new Map());
    const { manifest } = render({ ...input, lookups: answers });
    assert.match(manifest, /a: {"k":1}\nb: null\nc: {"k":1}/);
  });

  it("end the rendering within include and tpl too", () => {
    const nested = {
      "templates/a.yaml":
        `{{ define "x" }}{{ tpl "{{ lookup \\"v1\\" \\"Pod\\" \\"\\" \\"p\\" }}" . }}{{ end }}{{ include "x" . }}`,
    };
    assert.throws(() => renderFiles(nested, { lookups: new Map() }), LookupNeeded);
  });
});

describe("a rendering that cannot be", () => {
  it("names the first mistake by the order of keys, not of lines", () =>
    fails(
      { "templates/a.yaml": "metadata:\n  name: []\n  annotations: {a: {}}\napiVersion: 1\n" },
      "render",
      "YAML parse error on web/templates/a.yaml: error unmarshaling JSON: while decoding JSON: " +
        "json: cannot unmarshal object into Go struct field .metadata.annotations of type string",
    ));

  const fails = (files: Files, stage: string, message: string | RegExp, more?: Partial<RenderInput>) =>
    assert.throws(() => renderFiles(files, more), { name: "RenderError", stage, message });

  it("takes its file's name as Helm does, which looks for the first words of an error", () =>
    fails(
      { 'templates/a"b.yaml': '{{ include "d" . }}', "templates/_d.tpl": '{{ define "d" }}{{ .Values.a.b }}{{ end }}' },
      "render",
      'web/templates/a"b.yaml:1:3: executing "web/templates/a\\"b.yaml" at <include "d" .>: error calling include: ' +
        'template: web/templates/_d.tpl:1:26: executing "d" at <.Values.a.b>\n  nil pointer evaluating interface {}.b\n' +
        'web/templates/_d.tpl:1:26\n  executing "d" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b',
    ));

  it("says at which stage it failed", () => {
    fails(
      { "charts/a/Chart.yaml": chartYaml("a"), "values.yaml": "a: 1" },
      "values",
      "type mismatch on a: %!t(float64=1)",
    );
    fails(
      { "values.schema.json": '{"required":["a"]}' },
      "values",
      "values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '': missing property 'a'\n",
    );
    fails(
      { "Chart.yaml": chartYaml("web", 'kubeVersion: "<1.20.0"\n') },
      "render",
      "chart requires kubeVersion: <1.20.0 which is incompatible with Kubernetes v1.37.0",
    );
    fails(
      { "templates/a.yaml": "{{ if }}" },
      "render",
      "parse error at (web/templates/a.yaml:1): missing value for if",
    );
    fails(
      { "templates/a.yaml": '{{ required "name it" .Values.name }}' },
      "render",
      "execution error at (web/templates/a.yaml:1:3): name it",
    );
    fails(
      { "templates/a.yaml": "{{ .Values.a.b }}" },
      "render",
      'web/templates/a.yaml:1:10\n  executing "web/templates/a.yaml" at <.Values.a.b>:\n' +
        "    nil pointer evaluating interface {}.b",
    );
    fails(
      { "templates/a.yaml": "a: b: c" },
      "render",
      /^YAML parse error on web\/templates\/a.yaml: error converting YAML/,
    );
  });

  it("may be one whose schema is not asked", () => {
    const files = { "values.schema.json": '{"required":["a"]}' };
    assert.equal(renderFiles(files, { skipSchemaValidation: true }).manifest, "");
  });

  it("ends when it takes too long, or writes too much", () => {
    const endless = { "templates/a.yaml": "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}" };
    fails(endless, "render", /takes longer than its limit allows/, { limits: { deadline: 50 } });
    const long = { "templates/a.yaml": "{{ range until 10000 }}0123456789{{ end }}" };
    fails(long, "render", /writes more than its limit allows/, { limits: { output: 5000 } });
  });

  it("ends as in Helm when templates include each other without end, however much stack that takes", () => {
    for (const count of [1, 2, 9]) {
      const numbers = Array.from({ length: count }, (_, n) => n);
      const next = (n: number) => (n + 1) % count;
      const define = (n: number) =>
        `{{ define "${n}" }}{{ range list 1 }}{{ include "${next(n)}" . | nindent 2 | trim }}{{ end }}{{ end }}\n`;
      const call = (at: string, name: string, included: number) =>
        `template: web/templates/a.yaml:${at}: executing "${name}" at <include "${included}" .>: error calling include: `;
      const cycle = numbers.map((n) => call(`${n + 1}:37`, `${n}`, next(n))).join("");
      fails(
        { "templates/a.yaml": `${numbers.map(define).join("")}a: {{ include "0" . }}` },
        "render",
        call(`${count + 1}:6`, "web/templates/a.yaml", 0) + cycle.repeat(1001) +
          "rendering template has a nested reference name: 0: unable to execute template",
      );
    }
  });

  it("ends when tpl calls itself without end, of which Helm dies", () => {
    const text = "{{ tpl .Values.t . }}";
    const call = (name: string) =>
      `template: ${name}:1:3: executing "${name}" at <tpl .Values.t .>: error calling tpl: `;
    fails(
      { "templates/a.yaml": text, "values.yaml": `t: "${text}"` },
      "render",
      `${call("web/templates/a.yaml")}error during tpl function execution for "${text}": ` +
        `${call("gotpl")}the template calls itself without end`,
    );
  });

  it("ends when import-values makes values contain themselves, of which Helm dies", () =>
    fails(
      {
        "Chart.yaml": chartYaml(
          "web",
          "dependencies: [{name: d, version: 1.0.0, import-values: [{child: c, parent: a.b}, {child: c, parent: a.b.b}]}]\n",
        ),
        "charts/d/Chart.yaml": chartYaml("d"),
        "charts/d/values.yaml": "c: {b: {x: 1}}\n",
      },
      "dependencies",
      "chart dependencies processing failed: the values nest deeper than the stack allows, or contain themselves",
    ));

  it("ends when a value nests deeper than the stack allows", () => {
    const text = "{{ $v := dict }}{{ range until 50000 }}{{ $v = dict `a` $v }}{{ end }}{{ deepCopy $v }}";
    fails(
      { "templates/a.yaml": text },
      "render",
      /executing "web\/templates\/a.yaml" at <deepCopy \$v>: error calling deepCopy: .*nests deeper than the stack allows/,
    );
  });
});

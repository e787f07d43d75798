/** define, template and block: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "define and template": [
    [
      `{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" .s }}{{ template "x" }}{{ template "x" .nil }}`,
      "[hello][<no value>][<no value>]",
    ],
    [`{{ template "x" .n }}{{ define "x" }}<{{ . }}>{{ end }}`, "<5>"],
    ["{{ define `raw` }}r{{ end }}{{ template `raw` }}", "r"],
    [`{{ define "x" }}{{ template "y" . }}{{ end }}{{ define "y" }}{{ .a }}{{ end }}{{ template "x" .m }}`, "x"],
    [`{{ define "x" }}{{ if . }}{{ . }}{{ template "x" "" }}{{ end }}{{ end }}{{ template "x" "once" }}`, "once"],
    [`{{ define "" }}e{{ end }}{{ template "" }}`, "e"],
    [`a {{- define "x" }} b {{ end -}} c{{ template "x" }}`, "ac b "],
  ],
  "block defines and calls": [
    [`{{ block "b" .m }}<{{ .a }}>{{ end }}{{ template "b" .m }}`, "<x><x>"],
    [`{{ block "b" . }}1{{ end }}{{ define "b" }}{{ end }}`, "1"],
  ],
  "a second body in one text is an error, but for empty ones": [
    [
      `{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}`,
      `error: template: t:1: template: multiple definition of template "a"`,
    ],
    [`{{ define "a" }} {{/* c */}} {{ end }}{{ define "a" }}2{{ end }}{{ template "a" }}`, "2"],
    [`{{ define "a" }}1{{ end }}{{ define "a" }}{{ end }}{{ template "a" }}`, "1"],
    [`{{ define "t" }}in{{ end }}`, "in"],
    [`{{ define "t" }}in{{ end }}out`, `error: template: t:1: template: multiple definition of template "t"`],
  ],
  "what is no definition": [
    [
      `{{ template "nope" }}`,
      `error: template: t:1:12: executing "t" at <{{template "nope"}}>: template "nope" not defined`,
    ],
    ["{{ template x }}", `error: template: t:1: unexpected "x" in template clause`],
    ["{{ template }}", `error: template: t:1: unexpected "}}" in template clause`],
    [
      `{{ template "x" . . }}`,
      `error: template: t:1:12: executing "t" at <{{template "x" . .}}>: template "x" not defined`,
    ],
    ["{{ define x }}{{ end }}", `error: template: t:1: unexpected "x" in define clause`],
    [`{{ define "x" }}`, "error: template: t:1: unexpected EOF"],
    [`{{ define "x" }}{{ else }}{{ end }}`, "error: template: t:1: unexpected {{else}} in define clause"],
    ["{{ define }}{{ end }}", `error: template: t:1: unexpected "}}" in define clause`],
    [`{{ block "x" }}{{ end }}`, "error: template: t:1: missing value for block clause"],
    [`{{ block "x" . }}`, "error: template: t:1: unexpected EOF"],
  ],
  "errors name the template that executes and where it stands": [
    [
      `{{ define "x" }}{{ .a.b }}{{ end }}{{ template "x" .m }}`,
      `error: template: t:1:21: executing "x" at <.a.b>: can't evaluate field b in type interface {}`,
    ],
    [
      '\n\n{{ define "x" }}\n  {{ .s.b }}{{ end }}\n{{ template "x" . }}',
      `error: template: t:4:7: executing "x" at <.s.b>: can't evaluate field b in type interface {}`,
    ],
    [
      '{{ define "a\\"b" }}{{ .s.b }}{{ end }}{{ template "a\\"b" . }}',
      'error: template: t:1:24: executing "a\\"b" at <.s.b>: can\'t evaluate field b in type interface {}',
    ],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

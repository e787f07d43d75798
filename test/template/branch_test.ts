/** if and with: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "truth": [
    ["{{ if .t }}y{{ else }}n{{ end }}{{ if .fa }}y{{ else }}n{{ end }}", "yn"],
    ["{{ if .s }}y{{ else }}n{{ end }}{{ if .e }}y{{ else }}n{{ end }}", "yn"],
    ["{{ if .n }}y{{ else }}n{{ end }}{{ if .z }}y{{ else }}n{{ end }}{{ if .neg }}y{{ end }}", "yny"],
    ["{{ if .l }}y{{ else }}n{{ end }}{{ if .el }}y{{ else }}n{{ end }}", "yn"],
    ["{{ if .m }}y{{ else }}n{{ end }}{{ if .em }}y{{ else }}n{{ end }}", "yn"],
    ["{{ if .nil }}y{{ else }}n{{ end }}{{ if .nope }}y{{ else }}n{{ end }}", "nn"],
    [`{{ if 0.0 }}y{{ else }}n{{ end }}{{ if "0" }}y{{ end }}{{ if 'a' }}y{{ end }}`, "nyy"],
  ],
  "else if and else with": [
    ["{{ if .s }}a{{ else if .n }}b{{ else }}c{{ end }}", "a"],
    ["{{ if .e }}a{{ else if .n }}b{{ else }}c{{ end }}", "b"],
    ["{{ if .e }}a{{ else if .z }}b{{ else }}c{{ end }}", "c"],
    ["{{ if .e }}a{{ else if .z }}b{{ else if .s }}c{{ end }}", "c"],
    ["{{ with .e }}a{{ else with .n }}{{ . }}{{ else }}c{{ end }}", "5"],
    ["{{ with .e }}a{{ else with .z }}{{ . }}{{ else }}{{ .s }}{{ end }}", "hello"],
    ["{{ if .e }}{{ else with .s }}{{ end }}{{ end }}", "error: template: t:1: unexpected <with> in input"],
    ["{{ if .e }}{{ else }}{{ else }}{{ end }}", "error: template: t:1: expected end; found {{else}}"],
  ],
  "with sets the dot": [
    ["{{ with .m }}{{ .a }}{{ .c.d.e }}{{ end }}", "xdeep"],
    ["{{ with .s }}{{ . }}{{ else }}none{{ end }}", "hello"],
    ["{{ with .nope }}{{ . }}{{ else }}{{ .s }}{{ end }}", "hello"],
    ["{{ with $x := .n }}{{ $x }}{{ . }}{{ end }}", "55"],
    ["{{ with .m }}{{ with .c }}{{ .d.e }}{{ $.m.a }}{{ end }}{{ .b }}{{ end }}", "deepx1"],
    [
      "{{ with .s }}{{ .x }}{{ end }}",
      `error: template: t:1:16: executing "t" at <.x>: can't evaluate field x in type string`,
    ],
  ],
  "what is no branch": [
    ["{{ if }}x{{ end }}", "error: template: t:1: missing value for if"],
    ["{{ if .s }}x", "error: template: t:1: unexpected EOF"],
    ["{{ end }}", "error: template: t:1: unexpected {{end}}"],
    ["{{ else }}", "error: template: t:1: unexpected {{else}}"],
    ["{{ if .s }}x{{ end }}{{ end }}", "error: template: t:1: unexpected {{end}}"],
    ["{{ with }}{{ end }}", "error: template: t:1: missing value for with"],
    ["{{ end 1 }}", `error: template: t:1: unexpected "1" in end`],
    [`{{ if .s }}{{ define "x" }}{{ end }}{{ end }}`, "error: template: t:1: unexpected <define> in command"],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

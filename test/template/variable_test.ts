/** Variables and their scopes: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "declaring, assigning, hiding": [
    ["{{ $x := 1 }}{{ $x }}", "1"],
    [`{{ $x := 1 }}{{ $x = "two" }}{{ $x }}`, "two"],
    ["{{ $x := 1 }}{{ $x := 2 }}{{ $x }}", "2"],
    ["{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"],
    ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"],
    [`{{ $x := 1 }}{{ range .l }}{{ $x = print $x "+" }}{{ end }}{{ $x }}`, "1++++"],
    ["{{ $x := .nil }}[{{ $x }}]", "[<no value>]"],
    ["{{ $x := .m }}{{ $x.c.d.e }}", "deep"],
    ["{{ ($y := 3) }}{{ $y }}", "33"],
    ["{{ $x := 1 | print 2 }}{{ $x }}", "2 1"],
    ["{{ $ünicode := 1 }}{{ $ünicode }}", "1"],
  ],
  "the dollar is the data of the template": [
    ["{{ with .m }}{{ $.s }}{{ end }}", "hello"],
    ["{{ range .l }}{{ $.n }}{{ end }}", "5555"],
    [`{{ define "x" }}{{ $ }}{{ end }}{{ template "x" .s }}`, "hello"],
    ["{{ $ = 4 }}{{ $ }}", "4"],
  ],
  "a variable ends with its branch": [
    ["{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", `error: template: t:1: undefined variable "$x"`],
    ["{{ if $x := .n }}{{ $x }}{{ else }}{{ $x }}!{{ end }}", "5"],
    ["{{ if $x := .z }}{{ $x }}{{ else }}{{ $x }}!{{ end }}", "0!"],
    ["{{ with $x := .m }}{{ $x.a }}{{ end }}{{ $x }}", `error: template: t:1: undefined variable "$x"`],
    ["{{ range $x := .l }}{{ end }}{{ $x }}", `error: template: t:1: undefined variable "$x"`],
    [`{{ $x := 1 }}{{ define "d" }}{{ $x }}{{ end }}`, `error: template: t:1: undefined variable "$x"`],
  ],
  "a branch not taken declares nothing": [
    [
      "{{ if false }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
      `error: template: t:1:40: executing "t" at <$x>: undefined variable: $x`,
    ],
    ["{{ $x := 5 }}{{ if false }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}", "5"],
    [
      "{{ if false }}{{ $x := 1 }}{{ else }}{{ $x = 3 }}{{ end }}",
      `error: template: t:1:45: executing "t" at <3>: undefined variable: $x`,
    ],
  ],
  "what is no declaration": [
    ["{{ $x }}", `error: template: t:1: undefined variable "$x"`],
    ["{{ $x = 1 }}", `error: template: t:1:8: executing "t" at <1>: undefined variable: $x`],
    ["{{ $x := }}", "error: template: t:1: missing value for command"],
    ["{{ $x, $y := .l }}", "error: template: t:1: too many declarations in command"],
    ["{{ .s := 1 }}", `error: template: t:1: unexpected ":=" in operand`],
    ["{{ x := 1 }}", `error: template: t:1: function "x" not defined`],
    [
      "{{ $x := 1 }}{{ $x 2 }}",
      `error: template: t:1:16: executing "t" at <$x>: can't give argument to non-function $x`,
    ],
    ["{{ $x-y }}", "error: template: t:1: bad character U+002D '-'"],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

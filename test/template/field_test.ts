/** Fields, missing keys and nil: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "chains": [
    ["{{ .m.c.d.e }}", "deep"],
    ["{{ (.m).c.d.e }}", "deep"],
    ["{{ (index .l 3).x }}", "1"],
    [`{{ (dict "a" (dict "b" 1)).a.b }}`, "1"],
    ["{{ $.m.a }}{{ $x := .m }}{{ $x.c.d }}", "xmap[e:deep]"],
    ["{{ .m.a | upper }}", "X"],
  ],
  "missing keys": [
    ["[{{ .nope }}]", "[<no value>]"],
    ["[{{ .nope.a.b }}]", "[<no value>]"],
    ["[{{ .m.nope }}]", "[<no value>]"],
    ["[{{ $x := .nope }}{{ $x.a.b }}]", "[<no value>]"],
    ["[{{ (.nope).a }}]", "[<no value>]"],
  ],
  "nil": [
    ["[{{ .nil }}]", "[<no value>]"],
    ["{{ .nil.x }}", `error: template: t:1:7: executing "t" at <.nil.x>: nil pointer evaluating interface {}.x`],
    ["{{ .nil.x.y }}", `error: template: t:1:7: executing "t" at <.nil.x.y>: nil pointer evaluating interface {}.x`],
    ["[{{ (.nil).x.y }}]", "[<no value>]"],
    ["[{{ $x := .nil }}{{ $x.y }}]", "[<no value>]"],
    [
      "{{ range .l }}{{ if not . }}{{ .x }}{{ end }}{{ end }}",
      `error: template: t:1:31: executing "t" at <.x>: nil pointer evaluating interface {}.x`,
    ],
    [
      "{{ range $e := .l }}{{ if not $e }}{{ $e.x }}{{ end }}{{ end }}",
      `error: template: t:1:40: executing "t" at <$e.x>: nil pointer evaluating interface {}.x`,
    ],
    [`{{ define "x" }}[{{ .y }}]{{ end }}{{ template "x" .nil }}`, "[<no value>]"],
  ],
  "what has no fields": [
    ["{{ .s.x }}", `error: template: t:1:5: executing "t" at <.s.x>: can't evaluate field x in type interface {}`],
    ["{{ .n.x.y }}", `error: template: t:1:5: executing "t" at <.n.x.y>: can't evaluate field x in type interface {}`],
    ["{{ .l.x }}", `error: template: t:1:5: executing "t" at <.l.x>: can't evaluate field x in type interface {}`],
    ["{{ (.s).x }}", `error: template: t:1:4: executing "t" at <.s>: can't evaluate field x in type string`],
    [
      "{{ with .s }}{{ .x }}{{ end }}",
      `error: template: t:1:16: executing "t" at <.x>: can't evaluate field x in type string`,
    ],
    [
      "{{ with .l }}{{ .x }}{{ end }}",
      `error: template: t:1:16: executing "t" at <.x>: can't evaluate field x in type []interface {}`,
    ],
    [
      "{{ range .l }}{{ .x }}{{ end }}",
      `error: template: t:1:17: executing "t" at <.x>: can't evaluate field x in type interface {}`,
    ],
    [
      "{{ range $e := .l }}{{ $e.x }}{{ end }}",
      `error: template: t:1:25: executing "t" at <$e.x>: can't evaluate field x in type interface {}`,
    ],
    [
      "{{ range $i, $e := .l }}{{ $i.x }}{{ end }}",
      `error: template: t:1:29: executing "t" at <$i.x>: can't evaluate field x in type int`,
    ],
    [
      `{{ range splitList "," "a,b" }}{{ .x }}{{ end }}`,
      `error: template: t:1:34: executing "t" at <.x>: can't evaluate field x in type string`,
    ],
    [
      "{{ range 2 }}{{ .x }}{{ end }}",
      `error: template: t:1:16: executing "t" at <.x>: can't evaluate field x in type int`,
    ],
    [
      "{{ $x := .s }}{{ $x.y }}",
      `error: template: t:1:19: executing "t" at <$x.y>: can't evaluate field y in type string`,
    ],
    ["{{ upper.x }}", `error: template: t:1:3: executing "t" at <upper>: wrong number of args for upper: want 1 got 0`],
    [`{{ (upper "a").x }}`, `error: template: t:1:10: executing "t" at <"a">: can't evaluate field x in type string`],
  ],
  "arguments are for functions and methods": [
    ["{{ .s 1 }}", `error: template: t:1:3: executing "t" at <.s>: s is not a method but has arguments`],
    ["{{ .m.a 1 }}", `error: template: t:1:5: executing "t" at <.m.a>: a is not a method but has arguments`],
    ["{{ 1 | .s }}", `error: template: t:1:7: executing "t" at <.s>: s is not a method but has arguments`],
    ["{{ (.s) 1 }}", `error: template: t:1:3: executing "t" at <(.s) 1>: can't give argument to non-function .s`],
    ["{{ 1 2 }}", `error: template: t:1:3: executing "t" at <1>: can't give argument to non-function 1`],
    [`{{ "a" 1 }}`, `error: template: t:1:3: executing "t" at <"a">: can't give argument to non-function "a"`],
    ["{{ . 1 }}", `error: template: t:1:3: executing "t" at <.>: can't give argument to non-function .`],
  ],
  "what is no field": [
    ["{{ .. }}", "error: template: t:1: unexpected <.> in operand"],
    ["{{ .s.. }}", "error: template: t:1: unexpected <.> in operand"],
    ["{{ 1.x }}", `error: template: t:1: bad number syntax: "1.x"`],
    [`{{ "a".x }}`, 'error: template: t:1: unexpected . after term "\\"a\\""'],
    ["{{ nil.x }}", `error: template: t:1: unexpected . after term "nil"`],
    ["{{ true.x }}", `error: template: t:1: unexpected . after term "true"`],
    ["{{ .s-x }}", "error: template: t:1: bad character U+002D '-'"],
    ["{{ . s }}", `error: template: t:1: function "s" not defined`],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

/** range: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "lists": [
    ["{{ range .l }}[{{ . }}]{{ end }}", "[1][a][<no value>][map[x:1]]"],
    ["{{ range $i, $e := .l }}{{ $i }}={{ $e }};{{ end }}", "0=1;1=a;2=<no value>;3=map[x:1];"],
    ["{{ range $e := .lm }}{{ $e.a }};{{ end }}", "1;x;<no value>;"],
    ["{{ range .el }}x{{ else }}none{{ end }}", "none"],
    [`{{ range splitList "," "a,b" }}<{{ . }}>{{ end }}`, "<a><b>"],
    [`{{ range $i, $x := .l }}{{ $i | printf "%T" }} {{ end }}`, "int int int int "],
  ],
  "maps, in the order of their keys": [
    ["{{ range $k, $v := .m }}{{ $k }}={{ $v }};{{ end }}", "a=x;b=1;c=map[d:map[e:deep]];"],
    ["{{ range .m }}[{{ . }}]{{ end }}", "[x][1][map[d:map[e:deep]]]"],
    ["{{ range $v := .m }}[{{ $v }}]{{ end }}", "[x][1][map[d:map[e:deep]]]"],
    ["{{ range .em }}x{{ else }}none{{ end }}", "none"],
    [
      `{{ range $k, $v := dict "b" 1 "a" 2 "B" 3 "é" 4 "10" 5 "9" 6 }}{{ $k }}{{ $v }} {{ end }}`,
      "105 96 B3 a2 b1 é4 ",
    ],
  ],
  "integers": [
    ["{{ range 3 }}{{ . }}{{ end }}", "012"],
    ["{{ range $i := 3 }}{{ $i }}{{ end }}", "012"],
    ["{{ range 0 }}x{{ else }}none{{ end }}", "none"],
    ["{{ range -1 }}x{{ else }}none{{ end }}", "none"],
    [`{{ range $x := int64 2 }}{{ printf "%T" $x }} {{ end }}`, "int64 int64 "],
    [
      "{{ range $i, $j := 3 }}{{ $i }}{{ end }}",
      `error: template: t:1:19: executing "t" at <3>: can't use 3 to iterate over more than one variable`,
    ],
    ["{{ range .n }}x{{ end }}", `error: template: t:1:9: executing "t" at <.n>: range can't iterate over 5`],
  ],
  "nothing and what is no collection": [
    ["{{ range .nil }}x{{ else }}none{{ end }}", "none"],
    ["{{ range .nope }}x{{ else }}none{{ end }}", "none"],
    ["{{ range .s }}x{{ end }}", `error: template: t:1:9: executing "t" at <.s>: range can't iterate over hello`],
    ["{{ range .t }}x{{ end }}", `error: template: t:1:9: executing "t" at <.t>: range can't iterate over true`],
    ["{{ range 1.5 }}x{{ end }}", `error: template: t:1:9: executing "t" at <1.5>: range can't iterate over 1.5`],
  ],
  "else": [
    ["{{ range .el }}x{{ else }}{{ .s }}{{ end }}", "hello"],
    ["{{ range $i, $x := .el }}{{ else }}{{ $i }}{{ $x }}{{ end }}", "[][]"],
    ["{{ range .el }}{{ else }}{{ break }}{{ end }}", "error: template: t:1: {{break}} outside {{range}}"],
  ],
  "break and continue": [
    ["{{ range .l }}{{ . }}{{ break }}{{ end }}ok", "1ok"],
    ["{{ range $i, $x := .l }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $i }}{{ end }}", "023"],
    [`{{ range $i, $x := .l }}{{ with "x" }}{{ if eq $i 2 }}{{ break }}{{ end }}{{ end }}{{ $i }}{{ end }}`, "01"],
    ["{{ range 2 }}{{ range 3 }}{{ if eq . 1 }}{{ break }}{{ end }}{{ . }}{{ end }};{{ end }}", "0;0;"],
    ["{{ range 2 }}{{ range $.el }}{{ else }}{{ continue }}{{ end }}x{{ end }}", ""],
    ["{{ break }}", "error: template: t:1: {{break}} outside {{range}}"],
    ["{{ continue }}", "error: template: t:1: {{continue}} outside {{range}}"],
    ["{{ range .l }}{{ break 1 }}{{ end }}", `error: template: t:1: unexpected "1" in {{break}}`],
    [
      `{{ range .l }}{{ define "x" }}{{ break }}{{ end }}{{ end }}`,
      "error: template: t:1: unexpected <define> in command",
    ],
  ],
  "assigning to outer variables": [
    ["{{ $x := 0 }}{{ range $x = .l }}{{ end }}{{ $x }}", "map[x:1]"],
    ["{{ $i := 0 }}{{ $x := 0 }}{{ range $i, $x = .l }}{{ end }}{{ $i }}{{ $x }}", "3map[x:1]"],
  ],
  "the type of what a loop's variable holds": [
    [
      `{{ range $v := .l }}{{ if true }}{{ $v = "x" }}{{ end }}{{ $v.foo }}{{ end }}`,
      `error: template: t:1:61: executing "t" at <$v.foo>: can't evaluate field foo in type string`,
    ],
    [
      `{{ range $v := .l }}{{ if false }}{{ $v = "x" }}{{ end }}{{ $v.foo }}{{ end }}`,
      `error: template: t:1:62: executing "t" at <$v.foo>: can't evaluate field foo in type interface {}`,
    ],
    [
      `{{ range $i, $v := .l }}{{ if eq $i 0 }}{{ $v = "x" }}{{ else }}{{ $v.foo }}{{ end }}{{ end }}`,
      `error: template: t:1:69: executing "t" at <$v.foo>: can't evaluate field foo in type interface {}`,
    ],
    [
      `{{ range $v := .l }}{{ $v = 3 }}{{ end }}{{ range $w := .l }}{{ $w.foo }}{{ end }}`,
      `error: template: t:1:66: executing "t" at <$w.foo>: can't evaluate field foo in type interface {}`,
    ],
  ],
  "the type of what a loop sets a variable around it to": [
    [
      `{{ $x := 1 }}{{ range $x = list 1 2 }}{{ end }}{{ $x.foo }}`,
      `error: template: t:1:52: executing "t" at <$x.foo>: can't evaluate field foo in type interface {}`,
    ],
    [
      `{{ $x := 1 }}{{ range $x = splitList "," "a" }}{{ end }}{{ $x.foo }}`,
      `error: template: t:1:61: executing "t" at <$x.foo>: can't evaluate field foo in type string`,
    ],
    [
      `{{ $x := 1 }}{{ $i := 1.5 }}{{ range $i, $x = list 1 }}{{ end }}{{ $i.foo }}`,
      `error: template: t:1:69: executing "t" at <$i.foo>: can't evaluate field foo in type int`,
    ],
    [
      `{{ $x := 1 }}{{ range $x = list 1 2 }}{{ end }}{{ $x = 3 }}{{ $x.foo }}`,
      `error: template: t:1:64: executing "t" at <$x.foo>: can't evaluate field foo in type int`,
    ],
    [
      `{{ $x := 1 }}{{ range $x = list 1 2 }}{{ $x = 3 }}{{ end }}{{ $x.foo }}`,
      `error: template: t:1:64: executing "t" at <$x.foo>: can't evaluate field foo in type int`,
    ],
    [
      `{{ $x := 1 }}{{ range $x = .el }}{{ end }}{{ $x.foo }}`,
      `error: template: t:1:47: executing "t" at <$x.foo>: can't evaluate field foo in type []interface {}`,
    ],
    [
      `{{ range $x := .el }}{{ else }}{{ $x.foo }}{{ end }}`,
      `error: template: t:1:36: executing "t" at <$x.foo>: can't evaluate field foo in type []interface {}`,
    ],
  ],
  "break and continue in else": [
    ["{{ range .l }}{{ range $.el }}{{ else }}{{ break }}{{ end }}x{{ end }}", "xxxx"],
    ["{{ range .l }}{{ range $.el }}{{ else }}{{ continue }}{{ end }}x{{ end }}", ""],
  ],
  "what is no declaration": [
    ["{{ range $a, $b, $c := .l }}{{ end }}", "error: template: t:1: too many declarations in range"],
    ["{{ range $a, 5 := .l }}{{ end }}", "error: template: t:1: range can only initialize variables"],
    ["{{ range }}{{ end }}", "error: template: t:1: missing value for range"],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

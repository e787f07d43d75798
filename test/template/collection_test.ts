/** len, index and slice: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "len": [
    ["{{ len .s }} {{ len .l }} {{ len .m }} {{ len .e }} {{ len .u }} {{ .l | len }}", "5 4 3 0 15 4"],
    ["{{ len .n }}", `error: template: t:1:3: executing "t" at <len .n>: error calling len: len of type float64`],
    ["{{ len .nil }}", `error: template: t:1:3: executing "t" at <len .nil>: error calling len: len of nil pointer`],
    [
      "{{ len (.nil) }}",
      `error: template: t:1:3: executing "t" at <len (.nil)>: error calling len: reflect: call of reflect.Value.Type on zero Value`,
    ],
    [
      "{{ len nil }}",
      `error: template: t:1:3: executing "t" at <len nil>: error calling len: reflect: call of reflect.Value.Type on zero Value`,
    ],
    [
      "{{ .nil | len }}",
      `error: template: t:1:10: executing "t" at <len>: error calling len: reflect: call of reflect.Value.Type on zero Value`,
    ],
    ["{{ len true }}", `error: template: t:1:3: executing "t" at <len true>: error calling len: len of type bool`],
  ],
  "index": [
    [`{{ index .l 0 }} {{ index .l 1 }} {{ index .l 2 }} {{ index .l 3 "x" }}`, "1 a <no value> 1"],
    [
      `{{ index .m "a" }} {{ index .m "c" "d" "e" }} [{{ index .m "nope" }}] {{ index .l }}`,
      "x deep [<no value>] [1 a <nil> map[x:1]]",
    ],
    [`{{ index .s 0 }} {{ printf "%T" (index .s 0) }}`, "104 uint8"],
    [
      "{{ index .l .n }}",
      `error: template: t:1:3: executing "t" at <index .l .n>: error calling index: cannot index slice/array with type float64`,
    ],
    [
      "{{ index .l 4 }}",
      `error: template: t:1:3: executing "t" at <index .l 4>: error calling index: reflect: slice index out of range`,
    ],
    [
      "{{ index .l 5 }}",
      `error: template: t:1:3: executing "t" at <index .l 5>: error calling index: index out of range: 5`,
    ],
    [
      "{{ index .l -1 }}",
      `error: template: t:1:3: executing "t" at <index .l -1>: error calling index: index out of range: -1`,
    ],
    [
      `{{ index .l "a" }}`,
      `error: template: t:1:3: executing "t" at <index .l "a">: error calling index: cannot index slice/array with type string`,
    ],
    [
      "{{ index .l nil }}",
      `error: template: t:1:3: executing "t" at <index .l nil>: error calling index: cannot index slice/array with nil`,
    ],
    [
      `{{ index .l 2 "x" }}`,
      `error: template: t:1:3: executing "t" at <index .l 2 "x">: error calling index: index of nil pointer`,
    ],
    [
      "{{ index .m 1 }}",
      `error: template: t:1:3: executing "t" at <index .m 1>: error calling index: value has type int; should be string`,
    ],
    [
      "{{ index .m nil }}",
      `error: template: t:1:3: executing "t" at <index .m nil>: error calling index: value is nil; should be of type string`,
    ],
    [
      "{{ index .nil 1 }}",
      `error: template: t:1:3: executing "t" at <index .nil 1>: error calling index: index of untyped nil`,
    ],
    [
      `{{ index .nope "x" }}`,
      `error: template: t:1:3: executing "t" at <index .nope "x">: error calling index: index of untyped nil`,
    ],
    [
      "{{ index .n 0 }}",
      `error: template: t:1:3: executing "t" at <index .n 0>: error calling index: can't index item of type float64`,
    ],
    [
      "{{ index .s 5 }}",
      `error: template: t:1:3: executing "t" at <index .s 5>: error calling index: reflect: string index out of range`,
    ],
    [
      `{{ index .m "c" "d" "e" "f" }}`,
      `error: template: t:1:3: executing "t" at <index .m "c" "d" "e" "f">: error calling index: cannot index slice/array with type string`,
    ],
    ["{{ 1 | index .l }}", "a"],
  ],
  "slice": [
    [
      "{{ slice .s 1 3 }} {{ slice .s 2 }} {{ slice .s }} {{ slice .l 1 2 }} {{ slice .l 1 }} {{ slice .l 0 1 2 }}",
      "el llo hello [a] [a <nil> map[x:1]] [1]",
    ],
    [
      "{{ slice .s 4 2 }}",
      `error: template: t:1:3: executing "t" at <slice .s 4 2>: error calling slice: invalid slice index: 4 > 2`,
    ],
    [
      "{{ slice .s 9 }}",
      `error: template: t:1:3: executing "t" at <slice .s 9>: error calling slice: index out of range: 9`,
    ],
    [
      "{{ slice .s 1 2 3 }}",
      `error: template: t:1:3: executing "t" at <slice .s 1 2 3>: error calling slice: cannot 3-index slice a string`,
    ],
    [
      "{{ slice .n 1 }}",
      `error: template: t:1:3: executing "t" at <slice .n 1>: error calling slice: can't slice item of type float64`,
    ],
    [
      "{{ slice .nil 1 }}",
      `error: template: t:1:3: executing "t" at <slice .nil 1>: error calling slice: slice of untyped nil`,
    ],
    [
      "{{ slice .l 0 1 2 3 }}",
      `error: template: t:1:3: executing "t" at <slice .l 0 1 2 3>: error calling slice: too many slice indexes: 4`,
    ],
    [
      `{{ slice .l "a" }}`,
      `error: template: t:1:3: executing "t" at <slice .l "a">: error calling slice: cannot index slice/array with type string`,
    ],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

/** Pipelines and calls: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "pipelines": [
    ["{{ .s | upper }}{{ .s | trunc 2 | upper }}", "HELLOHE"],
    [`{{ "q" | printf "%s-%s" "w" }}`, "w-q"],
    [`{{ (.s | upper) | printf "%s%s" (trunc 1 .s) }}`, "hHELLO"],
    ["{{ .s |upper| print }}", "HELLO"],
    [`{{ list 1 "a" nil }}`, "[1 a <nil>]"],
    [`{{ .nil | default "d" }}{{ default "d" .s }}`, "dhello"],
  ],
  "the number of arguments": [
    ["{{ upper }}", `error: template: t:1:3: executing "t" at <upper>: wrong number of args for upper: want 1 got 0`],
    [
      `{{ upper "a" "b" }}`,
      `error: template: t:1:3: executing "t" at <upper>: wrong number of args for upper: want 1 got 2`,
    ],
    [
      `{{ "a" | upper "b" }}`,
      `error: template: t:1:9: executing "t" at <upper>: wrong number of args for upper: want 1 got 2`,
    ],
    ["{{ trunc 1 }}", `error: template: t:1:3: executing "t" at <trunc>: wrong number of args for trunc: want 2 got 1`],
    [
      "{{ printf }}",
      `error: template: t:1:3: executing "t" at <printf>: wrong number of args for printf: want at least 1 got 0`,
    ],
    ["{{ not }}", `error: template: t:1:3: executing "t" at <not>: wrong number of args for not: want 1 got 0`],
    ["{{ not 1 2 }}", `error: template: t:1:3: executing "t" at <not>: wrong number of args for not: want 1 got 2`],
    ["{{ eq }}", `error: template: t:1:3: executing "t" at <eq>: wrong number of args for eq: want at least 1 got 0`],
    [
      "{{ and }}",
      `error: template: t:1:3: executing "t" at <and>: wrong number of args for and: want at least 1 got 0`,
    ],
    [
      "{{ index }}",
      `error: template: t:1:3: executing "t" at <index>: wrong number of args for index: want at least 1 got 0`,
    ],
    ["{{ ne 1 2 3 }}", `error: template: t:1:3: executing "t" at <ne>: wrong number of args for ne: want 2 got 3`],
    ["{{ len }}", `error: template: t:1:3: executing "t" at <len>: wrong number of args for len: want 1 got 0`],
  ],
  "the types of arguments": [
    [
      "{{ upper .n }}",
      `error: template: t:1:9: executing "t" at <.n>: wrong type for value; expected string; got float64`,
    ],
    [
      "{{ upper .nil }}",
      `error: template: t:1:9: executing "t" at <.nil>: wrong type for value; expected string; got interface {}`,
    ],
    ["{{ upper (.nil) }}", `error: template: t:1:10: executing "t" at <.nil>: invalid value; expected string`],
    ["{{ .nil | upper }}", `error: template: t:1:10: executing "t" at <upper>: invalid value; expected string`],
    [
      "{{ .n | upper }}",
      `error: template: t:1:8: executing "t" at <upper>: wrong type for value; expected string; got float64`,
    ],
    [
      "{{ upper .l }}",
      `error: template: t:1:9: executing "t" at <.l>: wrong type for value; expected string; got []interface {}`,
    ],
    [
      "{{ upper .m }}",
      `error: template: t:1:9: executing "t" at <.m>: wrong type for value; expected string; got map[string]interface {}`,
    ],
    [
      "{{ trunc .n .s }}",
      `error: template: t:1:9: executing "t" at <.n>: wrong type for value; expected int; got float64`,
    ],
    [
      "{{ trunc (int64 2) .s }}",
      `error: template: t:1:16: executing "t" at <2>: wrong type for value; expected int; got int64`,
    ],
    [
      `{{ hasKey .s "a" }}`,
      `error: template: t:1:10: executing "t" at <.s>: wrong type for value; expected map[string]interface {}; got string`,
    ],
    ["{{ hasKey .m 5 }}", `error: template: t:1:13: executing "t" at <5>: expected string; found 5`],
    [
      `{{ hasKey .nil "a" }}`,
      `error: template: t:1:10: executing "t" at <.nil>: wrong type for value; expected map[string]interface {}; got interface {}`,
    ],
    [`{{ hasKey (.nil) "a" }}`, "false"],
    [`{{ hasKey nil "a" }}`, "false"],
    [
      `{{ splitList "," .l }}`,
      `error: template: t:1:17: executing "t" at <.l>: wrong type for value; expected string; got []interface {}`,
    ],
  ],
  "literals become the parameter's type": [
    ["{{ trunc 3 .s }}{{ trunc 3.0 .s }}{{ trunc 0x2 .s }}{{ trunc 'A' .s }}", "helhelhehello"],
    ["{{ trunc 3.5 .s }}", `error: template: t:1:9: executing "t" at <3.5>: expected integer; found 3.5`],
    [`{{ trunc "3" .s }}`, `error: template: t:1:9: executing "t" at <"3">: expected integer; found "3"`],
    ["{{ trunc true .s }}", `error: template: t:1:9: executing "t" at <true>: expected integer; found true`],
    ["{{ upper 5 }}", `error: template: t:1:9: executing "t" at <5>: expected string; found 5`],
    ["{{ upper true }}", `error: template: t:1:9: executing "t" at <true>: expected string; found true`],
    ["{{ upper nil }}", `error: template: t:1:9: executing "t" at <nil>: cannot assign nil to string`],
    ["{{ upper 'a' }}", `error: template: t:1:9: executing "t" at <'a'>: expected string; found 'a'`],
    [
      `{{ hasKey 5 "a" }}`,
      `error: template: t:1:10: executing "t" at <5>: can't handle 5 for arg of type map[string]interface {}`,
    ],
    [
      `{{ hasKey "a" "a" }}`,
      `error: template: t:1:10: executing "t" at <"a">: can't handle "a" for arg of type map[string]interface {}`,
    ],
  ],
  "errors name the node evaluated last": [
    [
      "{{ upper (len .s) }}",
      `error: template: t:1:14: executing "t" at <.s>: wrong type for value; expected string; got int`,
    ],
    [
      "{{ upper (index .l 0) }}",
      `error: template: t:1:19: executing "t" at <0>: wrong type for value; expected string; got float64`,
    ],
    [
      `{{ upper (printf "%d" 1 | len) }}`,
      `error: template: t:1:26: executing "t" at <len>: wrong type for value; expected string; got int`,
    ],
    [
      "{{ upper (and .s .n) }}",
      `error: template: t:1:17: executing "t" at <.n>: wrong type for value; expected string; got float64`,
    ],
    [
      "{{ upper (or .n .s) }}",
      `error: template: t:1:13: executing "t" at <.n>: wrong type for value; expected string; got float64`,
    ],
    [
      "{{ upper (and .s (or .e .n)) }}",
      `error: template: t:1:24: executing "t" at <.n>: wrong type for value; expected string; got float64`,
    ],
    [
      "{{ .s | trunc .n }}",
      `error: template: t:1:14: executing "t" at <.n>: wrong type for value; expected int; got float64`,
    ],
    [
      '\n  {{ if true }}\n☃☃{{ .s | upper | trunc "a" }}{{ end }}',
      `error: template: t:3:28: executing "t" at <"a">: expected integer; found "a"`,
    ],
  ],
  "a function's own error": [
    [`{{ fail "boom" }}`, `error: template: t:1:3: executing "t" at <fail "boom">: error calling fail: boom`],
    [
      `{{ upper (fail "inner") }}`,
      `error: template: t:1:10: executing "t" at <fail "inner">: error calling fail: inner`,
    ],
    [`{{ "piped" | fail }}`, `error: template: t:1:13: executing "t" at <fail>: error calling fail: piped`],
    [
      `{{ if fail "cond" }}{{ end }}`,
      `error: template: t:1:6: executing "t" at <fail "cond">: error calling fail: cond`,
    ],
    [`{{ fail "%d 100%" }}`, `error: template: t:1:3: executing "t" at <fail "%d 100%">: error calling fail: %d 100%`],
  ],
  "call": [
    ["{{ call nil }}", `error: template: t:1:3: executing "t" at <call nil>: error calling call: call of nil`],
    [
      "{{ call .s }}",
      `error: template: t:1:3: executing "t" at <call .s>: error calling call: non-function .s of type string`,
    ],
    [
      "{{ .s | call }}",
      `error: template: t:1:8: executing "t" at <call>: error calling call: non-function hello of type string`,
    ],
    [
      "{{ call .n 1 }}",
      `error: template: t:1:3: executing "t" at <call .n 1>: error calling call: non-function .n of type float64`,
    ],
  ],
  "what is no pipeline": [
    ["{{ nope }}", `error: template: t:1: function "nope" not defined`],
    ["{{ }}", "error: template: t:1: missing value for command"],
    ["{{ .s | }}", "hello"],
    ["{{ | .s }}", `error: template: t:1: unexpected "|" in command`],
    ["{{ 1 | 2 }}", "error: template: t:1: non executable command in pipeline stage 2"],
    ["{{ .s | nil }}", "error: template: t:1: non executable command in pipeline stage 2"],
    ["{{ .s | . }}", "error: template: t:1: non executable command in pipeline stage 2"],
    ["{{ () }}", "error: template: t:1: missing value for parenthesized pipeline"],
    ["{{ (1 }}", "error: template: t:1: unclosed left paren"],
    ["{{ 1) }}", "error: template: t:1: unexpected right paren"],
    ["{{ .s, .n }}", `error: template: t:1: unexpected "," in operand`],
    ["{{ .s @ }}", `error: template: t:1: unexpected "@" in operand`],
    ["{{ ☃ }}", "error: template: t:1: unrecognized character in action: U+2603 '☃'"],
    ["{{ : }}", "error: template: t:1: expected :="],
    ["{{ = }}", `error: template: t:1: unexpected "=" in command`],
    ["{{ .s } }}", `error: template: t:1: unexpected "}" in operand`],
    ["{{", "error: template: t:1: unclosed action"],
    ["{{ .s", "error: template: t:1: unclosed action"],
    ["{{ .s }", `error: template: t:1: unexpected "}" in operand`],
    ["\n{{ .s\n\n", "error: template: t:4: unclosed action started at t:2"],
    ['\n{{ "a\n', "error: template: t:2: unterminated quoted string"],
    ["{{- /* a\n\nb */ -}}\n{{ nope }}", `error: template: t:4: function "nope" not defined`],
    ["\n{{ .s -}}\n\n{{ nope }}", `error: template: t:4: function "nope" not defined`],
    ["\n\n{{ if .s }}\n", "error: template: t:4: unexpected EOF"],
    ["{{ abc-d }}", "error: template: t:1: bad character U+002D '-'"],
    [`{{ .verylongfieldname"x" }}`, `error: template: t:1: bad character U+0022 '"'`],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

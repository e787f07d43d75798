/** Comparison and logic: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "eq and ne": [
    ["{{ eq 1 1 }} {{ eq 1 2 }} {{ eq 1 2 1 }} {{ ne 1 2 }}", "true false true true"],
    [`{{ eq "a" "a" }} {{ eq true true }} {{ eq 1.5 1.5 }} {{ eq .n 5.0 }}`, "true true true true"],
    ["{{ eq (int64 5) 5 }}", "true"],
    [
      "{{ eq .nil nil }} {{ eq .nope .nil }} {{ eq .nil 1 }} {{ eq .m .nil }} {{ ne .s nil }}",
      "true true false false true",
    ],
    [
      "{{ eq .n 5 }}",
      `error: template: t:1:3: executing "t" at <eq .n 5>: error calling eq: incompatible types for comparison: float64 and int`,
    ],
    [
      "{{ eq .s .n }}",
      `error: template: t:1:3: executing "t" at <eq .s .n>: error calling eq: incompatible types for comparison: string and float64`,
    ],
    [
      "{{ eq .s true }}",
      `error: template: t:1:3: executing "t" at <eq .s true>: error calling eq: incompatible types for comparison: string and bool`,
    ],
    [
      `{{ ne 1 "a" }}`,
      `error: template: t:1:3: executing "t" at <ne 1 "a">: error calling ne: incompatible types for comparison: int and string`,
    ],
    [
      "{{ eq .l .l }}",
      `error: template: t:1:3: executing "t" at <eq .l .l>: error calling eq: non-comparable type [%!s(float64=1) a <nil> map[x:%!s(float64=1)]]: []interface {}`,
    ],
    [
      "{{ eq .m .m }}",
      `error: template: t:1:3: executing "t" at <eq .m .m>: error calling eq: non-comparable type map[a:x b:%!s(float64=1) c:map[d:map[e:deep]]]: map[string]interface {}`,
    ],
    [
      "{{ eq .l .m }}",
      `error: template: t:1:3: executing "t" at <eq .l .m>: error calling eq: non-comparable types [%!s(float64=1) a <nil> map[x:%!s(float64=1)]]: []interface {}, map[string]interface {}: map[a:x b:1 c:map[d:map[e:deep]]]`,
    ],
    [
      "{{ eq .l 1 }}",
      `error: template: t:1:3: executing "t" at <eq .l 1>: error calling eq: incompatible types for comparison: []interface {} and int`,
    ],
    [
      "{{ eq 1 }}",
      `error: template: t:1:3: executing "t" at <eq 1>: error calling eq: missing argument for comparison`,
    ],
    ["{{ 1 | eq 1 }} {{ 2 | eq 1 }} {{ 1 | eq 3 2 }}", "true false false"],
  ],
  "lt, le, gt and ge": [
    ["{{ lt 1 2 }} {{ lt 2 1 }} {{ le 2 2 }} {{ gt 1 2 }} {{ ge 2 2 }}", "true false true false true"],
    [`{{ lt "a" "b" }} {{ lt "B" "a" }} {{ lt "é" "z" }} {{ gt 1.5 0.5 }}`, "true true false true"],
    ["{{ lt (int64 1) 2 }}", "true"],
    [
      "{{ lt 1 2.5 }}",
      `error: template: t:1:3: executing "t" at <lt 1 2.5>: error calling lt: incompatible types for comparison: int and float64`,
    ],
    [
      "{{ lt .n 6 }}",
      `error: template: t:1:3: executing "t" at <lt .n 6>: error calling lt: incompatible types for comparison: float64 and int`,
    ],
    [
      "{{ lt true false }}",
      `error: template: t:1:3: executing "t" at <lt true false>: error calling lt: invalid type for comparison`,
    ],
    [
      "{{ le .l .l }}",
      `error: template: t:1:3: executing "t" at <le .l .l>: error calling le: invalid type for comparison`,
    ],
    [
      "{{ lt .nil 1 }}",
      `error: template: t:1:3: executing "t" at <lt .nil 1>: error calling lt: invalid type for comparison`,
    ],
    [
      `{{ gt "a" 1 }}`,
      `error: template: t:1:3: executing "t" at <gt "a" 1>: error calling gt: incompatible types for comparison: string and int`,
    ],
  ],
  "and and or stop early and give the operand": [
    [`{{ and 1 0 2 }} {{ and 1 2 }} {{ or 0 "" "x" "y" }} {{ or 0 "" }}|`, "0 2 x |"],
    [`{{ and 0 (fail "no") }} {{ or 1 (fail "no") }}`, "0 1"],
    [`{{ and 1 (fail "no") }}`, `error: template: t:1:10: executing "t" at <fail "no">: error calling fail: no`],
    [`{{ or 0 (fail "no") }}`, `error: template: t:1:9: executing "t" at <fail "no">: error calling fail: no`],
    ["{{ 1 | and 0 }} {{ 1 | and 2 }} {{ .nil | or 0 }} {{ 3 | or 0 }}", "0 1 <no value> 3"],
    ["{{ and .s .m.a }} {{ or .nope .nil .s }}", "x hello"],
    [`{{ and true }} {{ or "x" }}`, "true x"],
  ],
  "not": [
    [
      "{{ not 1 }} {{ not 0 }} {{ not .nil }} {{ not .nope }} {{ not nil }} {{ .s | not }}",
      "false true true true true false",
    ],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

/** Literals: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "numbers": [
    ["{{ 0x1F }} {{ 017 }} {{ 0o17 }} {{ 0b11 }} {{ 1_000 }} {{ 0x_ff }}", "31 15 15 3 1000 255"],
    [
      "{{ 1e3 }} {{ 1.5e-3 }} {{ .5 }} {{ 1. }} {{ 1e6 }} {{ 1e21 }} {{ 123456789.0 }}",
      "1000 0.0015 0.5 1 1e+06 1e+21 1.23456789e+08",
    ],
    ["{{ -0 }} {{ +5 }} {{ -5 }} {{ -0.0 }}", "0 5 -5 -0"],
    ["{{ 0x1p4 }} {{ 0x.8p1 }}", "16 1"],
    [`{{ printf "%T %T %T" 1 1.0 1e3 }}`, "int float64 float64"],
    ["{{ 9223372036854775807 }} {{ -9223372036854775808 }}", "9223372036854775807 -9223372036854775808"],
    [
      "{{ 9223372036854775808 }}",
      `error: template: t:1:3: executing "t" at <9223372036854775808>: 9223372036854775808 overflows int`,
    ],
    ["{{ 99999999999999999999 }}", `error: template: t:1: integer overflow: "99999999999999999999"`],
    ["{{ 08 }}", `error: template: t:1: integer overflow: "08"`],
    ["{{ 1__0 }}", `error: template: t:1: illegal number syntax: "1__0"`],
    ["{{ 0x }}", `error: template: t:1: illegal number syntax: "0x"`],
    ["{{ 5x }}", `error: template: t:1: bad number syntax: "5x"`],
    ["{{ 1i }} {{ 1+2i }} {{ 0i }}", "(0+1i) (1+2i) (0+0i)"],
    ["{{ 1+2 }}", `error: template: t:1: bad number syntax: "1+2"`],
  ],
  "characters": [
    ["{{ 'a' }} {{ '\\n' }} {{ '☃' }} {{ '\\'' }} {{ '\\x41' }} {{ '\\u2603' }}", "97 10 9731 39 65 9731"],
    ["{{ '' }}", "error: template: t:1: invalid syntax"],
    ["{{ 'ab' }}", "error: template: t:1: malformed character constant: 'ab'"],
    ["{{ 'a }}", "error: template: t:1: unterminated character constant"],
  ],
  "strings": [
    ['{{ "a\\tb\\n\\"c\\"\\\\" }}', 'a\tb\n"c"\\'],
    ['{{ "\\x41\\101\\u2603\\U0001d4b3" }}', "AA☃𝒳"],
    ['{{ "\\xe2\\x98\\x83" }}', "☃"],
    ['{{ "\\xe9" }}', "\udce9"],
    ['{{ "\udce9" }} {{ "\udce9\\n" }} {{ `\udce9` }}', "\ufffd \ufffd\n \udce9"],
    ["{{ \udce9 }}", "error: template: t:1: unrecognized character in action: U+FFFD '\ufffd'"],
    ['{{ `raw \\n "x"` }}', 'raw \\n "x"'],
    ["{{ `a\r\nb` }}", "a\nb"],
    ['{{ "\\q" }}', "error: template: t:1: invalid syntax"],
    ['{{ "\\\'" }}', "error: template: t:1: invalid syntax"],
    [`{{ "abc }}`, "error: template: t:1: unterminated quoted string"],
    ['{{ "a\nb" }}', "error: template: t:1: unterminated quoted string"],
    ["{{ `abc }}", "error: template: t:1: unterminated raw quoted string"],
  ],
  "booleans and nil": [
    ["{{ true }} {{ false }}", "true false"],
    ["{{ nil }}", `error: template: t:1:3: executing "t" at <nil>: nil is not a command`],
    ["{{ print nil }}", "<nil>"],
    ["{{ nil | print }}", `error: template: t:1:3: executing "t" at <nil>: nil is not a command`],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

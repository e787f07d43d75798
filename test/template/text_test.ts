/** Text, trimming and comments: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "text stands as it is": [
    ["plain text, } and { and }}", "plain text, } and { and }}"],
    [`a{{ "b" }}c`, "abc"],
    [`{{ "" }}`, ""],
    ["☃ {{ .u }} ☃", "☃ héllo ☃ 𝒳 ☃"],
    ["a\nb\n", "a\nb\n"],
  ],
  "markers trim the space around an action": [
    [`a  {{- "b" }}  c`, "ab  c"],
    [`a  {{ "b" -}}  c`, "a  bc"],
    ['a\n\t {{- "b" -}} \n\n c', "abc"],
    ['a {{-\n"b"\n-}} c', "abc"],
    [`{{- "a" -}}{{- "b" -}}`, "ab"],
    ["a {{- -}} b", `error: template: t:1: illegal number syntax: "-"`],
    ["{{3 -}} x", "3x"],
    ["x {{- 3}}", "x3"],
    ["{{-3}}", "-3"],
    ["{{- 3}}", "3"],
    ["a {{- /* c */ -}} b", "ab"],
    ["a {{/* c */ -}} b", "a b"],
    ["a {{- /* c */}} b", "a b"],
    ['\u{a0}{{- "b" -}}\u{a0}', "\u{a0}b\u{a0}"],
  ],
  "comments": [
    ["a{{/* a comment */}}b", "ab"],
    ["{{/* over\ntwo lines */}}x", "x"],
    ["a{{- /* trimmed */ -}} b", "ab"],
    ["{{/* unclosed", "error: template: t:1: unclosed comment"],
    ["{{/* c */ }}", "error: template: t:1: comment ends before closing delimiter"],
    ["{{ /* c */ }}", `error: template: t:1: unexpected "/" in command`],
    ["{{/* c */}}{{ nope }}", `error: template: t:1: function "nope" not defined`],
    ["{{ .s /* c */ }}", `error: template: t:1: unexpected "/" in operand`],
  ],
  "actions span lines": [
    ['{{ printf\n"%s-%s"\n.s\n.e }}', "hello-"],
    ["{{ print `a\nb` }}", "a\nb"],
    ["{{ .s\n| upper }}", "HELLO"],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

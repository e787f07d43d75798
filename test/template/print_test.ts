/** Printing: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "values as they are": [
    [
      "{{ .s }} {{ .n }} {{ .f }} {{ .neg }} {{ .big }} {{ .t }} {{ .nil }} {{ .e }}",
      "hello 5 1.5 -3 1e+06 true <no value> ",
    ],
    [
      "{{ .l }} {{ .m }} {{ .el }} {{ .em }} {{ .lm }}",
      "[1 a <nil> map[x:1]] map[a:x b:1 c:map[d:map[e:deep]]] [] map[] [map[a:1] map[a:x] map[b:<nil>]]",
    ],
    [
      "{{ 1000000 }} {{ 1000000.0 }} {{ 123456.0 }} {{ 1234567.5 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1e20 }} {{ 0.1 }} {{ 100.0 }}",
      "1000000 1e+06 123456 1.2345675e+06 0.0001 1e-05 1e+20 0.1 100",
    ],
    ["{{ upper }}", `error: template: t:1:3: executing "t" at <upper>: wrong number of args for upper: want 1 got 0`],
  ],
  "print and println": [
    [`{{ print 1 2 "a" "b" 3 4 nil .nil }}`, "1 2ab3 4 <nil> <nil>"],
    [`{{ print "a" 1 2 "b" 1.5 true }}{{ print }}`, "a1 2b1.5 true"],
    [`{{ println 1 2 "a" .nil }}{{ println }}`, "1 2 a <nil>\n\n"],
    [
      "{{ print .m .l }} {{ print (eq 1 2) (not true) }}",
      "map[a:x b:1 c:map[d:map[e:deep]]] [1 a <nil> map[x:1]] false false",
    ],
  ],
  "html, js and urlquery": [
    [
      '{{ html .html }} {{ .html | html }} {{ html .nil }} {{ html 1 "a" 2 3 }} {{ html "\\x00" }}',
      "&lt;a href=&#34;x&#34;&gt;&#39;&amp;&lt;/a&gt; &lt;a href=&#34;x&#34;&gt;&#39;&amp;&lt;/a&gt; &lt;no value&gt; 1a2 3 �",
    ],
    [
      '{{ js .html }} {{ js "\\n\\x00\\\\☃\\u2028=" }} {{ js .u }}',
      '\\u003Ca href\\u003D\\"x\\"\\u003E\\\'\\u0026\\u003C/a\\u003E \\u000A\\u0000\\\\☃\\u2028\\u003D héllo ☃ 𝒳',
    ],
    [
      `{{ urlquery .html }} {{ urlquery .u }} {{ urlquery "a b!'()*~-_.+/" }} {{ urlquery .nil }}`,
      "%3Ca+href%3D%22x%22%3E%27%26%3C%2Fa%3E h%C3%A9llo+%E2%98%83+%F0%9D%92%B3 a+b%21%27%28%29%2A~-_.%2B%2F %3Cno+value%3E",
    ],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}

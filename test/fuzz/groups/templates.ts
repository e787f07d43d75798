/** Whole templates: all actions, nested, trimmed and damaged. */
import fc from "fast-check";
import { anything, expressionValues, integer, list, map, small, text } from "../expressions.ts";
import type { Group } from "../question.ts";
import { damaged, many, maybe, one, some, t, weighted, words } from "../text.ts";

const field = words(
  ". $ .a .x $x $y $i $e $x.a $y.b .Values .Values.m .Values.m.c.d.e .Values.l .Values.missing.x .Values.s.x " +
    ".Values.nil.x $.Values.m $.Values.l .Values.v .Values.v.a $z .Release.Name $.Values.t $.Values.e .Values.em " +
    '.Files.Get .Values.big nil true (1).x "s".x',
);

const filter = words(
  'quote upper toJson len not print toYaml first html printf␣"%v" printf␣"%d"␣1 default␣1 trim nosuch keys␣|␣sortAlpha ' +
    'index␣.Values.m "x" 1 .Values.s $x.y',
);

const pipeline: fc.Arbitrary<string> = fc.letrec<{ pipe: string; command: string; operand: string }>((tie) => ({
  pipe: one(tie("command"), tie("command"), t`${tie("command")} | ${filter}`),
  command: one(
    tie("operand"),
    t`${words("and or")} ${many(tie("operand"), 3, " ")}`,
    t`${words("eq ne lt le gt ge")} ${many(tie("operand"), 3, " ")}`,
    t`not ${tie("operand")}`,
    t`index ${one(list, map, tie("operand"))} ${some(one(integer, text), 2, " ")}`,
    t`slice ${one(list, text)} ${some(integer, 3, " ")}`,
    t`${words("len default ternary coalesce list dict add printf print required hasKey get call fail set")} ${
      some(tie("operand"), 3, " ")
    }`,
    t`include ${words('"T" "U" "nope" "B"')} ${tie("operand")}`,
    t`tpl ${
      words('"{{.}}" "{{.a}}" "x" "{{template␣`T`␣.}}" "{{include␣`U`␣.}}" "{{" "{{␣fail␣`f`}}" "{{define␣`T`}}"')
    } ${tie("operand")}`,
  ),
  operand: fc.oneof(
    { maxDepth: 3 },
    field,
    field,
    anything,
    t`(${tie("pipe")})`,
    t`(${tie("pipe")})${words(".a .b .Name .x.y")}`,
  ),
})).pipe;

const open = weighted([6, "{{ "], [2, "{{- "], [1, "{{"]);
const close = weighted([6, " }}"], [2, " -}}"], [1, "}}"]);
const action = (part: fc.Arbitrary<string> | string) => t`${open}${part}${close}`;
const end = action("end");
const otherwise = action("else");
const comments = one("{{/* c */}}", "{{- /* c\n */ -}}", "{{/* c */ -}}", "{{ /* c */}}", "{{/**/}}");
const plain = words("x ␣ \n ␣\n␣ a:␣ -␣ {␣ }} {␣{ é \t");
const variable = words("$x $y $i $e $w $");

const printed = action(pipeline);
const assigned = action(t`${variable} ${weighted([3, "="], [2, ":="])} ${pipeline}`);
const called = action(t`template ${words('"T" "U" "nope" "B"')}${maybe(t` ${pipeline}`)}`);
const simple = weighted([4, printed], [3, plain], [2, assigned], [1, called], [1, comments]);

const ranged = t`range ${words("␣ $e␣:= $i,␣$e␣:= $x␣= $i,␣$x␣=")} ${
  weighted([3, list], [2, map], [2, pipeline], [1, small])
}`;

const statements = fc.letrec<Record<"body" | "loop" | "block" | "looped", string>>((tie) => {
  const blocks = (body: fc.Arbitrary<string>) => [
    t`${action(t`if ${maybe("$w := ")}${pipeline}`)}${body}${maybe(t`${action(t`else if ${pipeline}`)}${body}`)}${
      maybe(t`${otherwise}${body}`)
    }${end}`,
    t`${action(t`with ${maybe("$w := ")}${pipeline}`)}${body}${maybe(t`${action(t`else with ${pipeline}`)}${body}`)}${
      maybe(t`${otherwise}${body}`)
    }${end}`,
    t`${action(ranged)}${tie("loop")}${maybe(t`${otherwise}${body}`)}${end}`,
  ];
  return {
    body: some(tie("block"), 3),
    loop: some(tie("looped"), 3),
    block: fc.oneof({ maxDepth: 3 }, simple, simple, ...blocks(tie("body"))),
    looped: fc.oneof({ maxDepth: 3 }, simple, simple, action(words("break continue")), ...blocks(tie("loop"))),
  };
});

const { body } = statements;

const definitions = t`{{ define "T" }}${body}{{ end }}{{ define "U" }}${body}{{ end }}${
  maybe(t`{{ block "B" ${pipeline} }}${body}{{ end }}`)
}`;

// The variables that the bodies speak of, so that most templates can be parsed.
const declared = '{{ $x := .Values.m }}{{ $y := "y" }}{{ $i := 0 }}{{ $e := .Values.l }}{{ $w := 1.5 }}';
const wholly = t`${declared}${many(statements.block, 4)}${weighted([3, ""], [2, definitions])}`;

const alphabet = " \n{}$.|()\"'`-/*=:,1a\\";

/** Templates, some of them damaged. */
export const templates: Group = {
  name: "templates",
  questions: fc.record({
    op: fc.constant("helm" as const),
    text: weighted([3, wholly], [1, damaged(wholly, alphabet)], [1, damaged(t`{{ ${pipeline} }}`, alphabet)]),
    values: expressionValues,
  }),
};

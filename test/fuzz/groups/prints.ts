/** printf's verbs and flags. */
import fc from "fast-check";
import { anything, expressionValues } from "../expressions.ts";
import type { Group } from "../question.ts";
import { literalOf } from "../expressions.ts";
import { maybe, one, some, t, weighted, words } from "../text.ts";

const flags = some(words("- + # 0 ␣"), 3);
const width = weighted([6, ""], [3, words("1 2 5 12 30 0")], [1, words("* [1]* [2]* 1000001")]);
const precision = weighted([6, ""], [3, words(". .0 .1 .3 .10 .20")], [1, words(".* .[1]* .-1 .1000001")]);
const verb = weighted(
  [20, words("v v s d q t f g e x X o b c U T")],
  [3, words("p O F E G w % i z ! é")],
  [1, words("[1]v [2]d [3]s [x]d [0]v [")],
);
const format = some(one(t`%${flags}${width}${precision}${verb}`, words("a %% ␣ % %-")), 4);

/** `printf` with all sorts of arguments. */
export const prints: Group = {
  name: "printf",
  questions: fc.record({
    op: fc.constant("helm" as const),
    text: t`{{ printf ${format.map(literalOf)} ${some(anything, 4, " ")} ${maybe("| print")} }}`,
    values: expressionValues,
  }),
};

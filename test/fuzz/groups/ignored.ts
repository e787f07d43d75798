/** Rules of .helmignore, and the paths that they leave out. */
import fc from "fast-check";
import type { Group } from "../question.ts";
import { awkward, maybe, one, some, t, weighted, words } from "../text.ts";

const piece = words("a b ab * ? . .git [a-c] [^a] [!a] [a [ \\a \\* *.txt a* ** [a-] [] {a,b} é ..");
const rule = weighted(
  [8, t`${maybe("!")}${maybe("/")}${some(piece, 3, "/")}${maybe("/")}`],
  [2, t`${some(piece, 3)}`],
  [1, one(words("# #a \\#a ␣a a␣ \ta a\r \ufeffa ! / // !/ a//b templates/.?*"), awkward)],
);
const part = words("a b c ab a.txt .git .x é * [a] #a ..");
const path = t`${maybe("templates/")}${part}${maybe(t`/${part}`)}${maybe("/")}`;

/** Each rule against some paths. */
export const ignored: Group = {
  name: "helmignore",
  questions: fc.tuple(some(rule, 4, "\n"), fc.array(path, { minLength: 1, maxLength: 8 })).map(([text, paths]) => ({
    op: "ignored",
    text,
    values: JSON.stringify(paths),
  })),
};

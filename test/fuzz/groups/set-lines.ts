/** Lines of --set, --set-string, --set-json and --set-literal. */
import fc from "fast-check";
import type { Group, Operation } from "../question.ts";
import { awkward, damaged, many, maybe, one, some, t, words } from "../text.ts";

const index = t`[${words("0 1 2 3 -1 65537 x 01")}]`;
const name = one(words("a b c d n l e"), awkward);
const path = many(t`${name}${some(index, 2)}`, 3, ".");
const scalar = one(words("1 x true null 0 01 1.5 1e3 -1 0x1 9223372036854775807 9223372036854775808 nil"), awkward);
const list = t`{${some(one(scalar, "{a,b}"), 3, ",")}}`;
const json = one(words('1 "x" true null [] {} [1,2] {"a":1} {"a":{"b":[1,null]}} 1e3 {'), awkward);
const value = one(scalar, list, json);
const line = many(t`${path}${one("=", "=", "=", "", "==", "= ")}${maybe(value)}`, 3, ",");

const values = fc.constantFrom(
  "{}",
  "{a: 1, b: {c: 2, d: null}, l: [1, {a: x}, [1, 2]], n: null, e: {}}",
  '{a: {b: {c: "x"}}, l: [], "a.b": 1}',
);

const operations: readonly Operation[] = ["set", "set", "set-string", "set-json", "set-literal"];

/** Lines that set values in others. */
export const setLines: Group = {
  name: "set",
  questions: fc.record({
    op: fc.constantFrom(...operations),
    text: damaged(line, "=,.[]{}\\ 0\"'"),
    values,
  }),
};

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { setValueAt } from "../../src/chart/values-reference.ts";
import { type GoMap, Int } from "../../src/template/value.ts";

const set = (path: string, text: string, values: GoMap = new Map()) => {
  setValueAt(values, path, text);
  return values;
};
const plain = (value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Int ? Number(value.value) : value;
};

describe("setValueAt", () => {
  for (
    const [text, value] of [
      ["true", true],
      ["null", null],
      ["0", 0],
      ["-12", -12],
      ["007", "007"],
      ["1.5", "1.5"],
      ['"12"', "12"],
      ["'true'", "true"],
      ["a,b=c", "a,b=c"],
      ["{a,b}", "{a,b}"],
      ["back\\slash", "back\\slash"],
      ["two\nlines\n", "two\nlines\n"],
      ["", ""],
    ] as const
  ) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(plain(set("a.b", text)), { a: { b: value } });
    });
  }

  it("takes every text that is neither typed nor quoted as it stands", () => {
    const free = fc.string({ unit: "grapheme" }).filter((text) =>
      !/^(true|false|null|-?\d+)$/.test(text) && !/^(["']).*\1$/s.test(text)
    );
    fc.assert(fc.property(free, (text) => assert.deepEqual(plain(set("a", text)), { a: text })));
  });

  it("keeps what is beside it, and makes lists", () => {
    const values = set("a.b", "x", new Map([["a", new Map([["c", "y"]])]]));
    assert.deepEqual(plain(set("a.list[1]", "z", values)), { a: { b: "x", c: "y", list: [null, "z"] } });
  });
});

/** reflect.DeepEqual on Go's values, and the order of strings. */
import { ok, strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deepEqual, less } from "../../src/template/compare.ts";
import { isTrue } from "../../src/template/truth.ts";
import {
  compareStrings,
  type GoValue,
  int,
  int64,
  nilSlice,
  sortedKeys,
  strings,
  TypedMap,
} from "../../src/template/value.ts";

describe("deepEqual", () => {
  const map = (entries: [string, GoValue][]): GoValue => new Map(entries);
  for (
    const [what, a, b, want] of [
      ["the same numbers", 1, 1, true],
      ["an int and a float64", int(1), 1, false],
      ["an int and an int64", int(1), int64(1), false],
      ["two ints", int(300), int(300), true],
      ["nil and nil", null, null, true],
      ["nil and an empty list", null, [], false],
      ["a nil slice and an empty one", nilSlice(), [], false],
      ["a []string and a []any", strings(["a"]), ["a"], false],
      ["two []string", strings(["a"]), strings(["a"]), true],
      ["maps in another order", map([["a", 1], ["b", [1]]]), map([["b", [1]], ["a", 1]]), true],
      ["maps of other keys", map([["a", null]]), map([["b", null]]), false],
      ["a map with nil and one without", map([["a", null]]), map([]), false],
      [
        "a map[string]string and a map[string]any",
        new TypedMap("map[string]string", [["a", "b"]]),
        map([["a", "b"]]),
        false,
      ],
      ["nested lists", [[1, [2]]], [[1, [2]]], true],
      ["nested lists that differ", [[1, [2]]], [[1, [3]]], false],
      ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2]), true],
      ["NaN, as in Go", NaN, NaN, false],
    ] as [string, GoValue, GoValue, boolean][]
  ) it(what, () => strictEqual(deepEqual(a, b), want));
});

describe("strings", () => {
  const utf8 = (s: string) => new TextEncoder().encode(s);

  it("are ordered by their UTF-8 bytes", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const [x, y] = [utf8(a), utf8(b)];
      let i = 0;
      while (i < x.length && i < y.length && x[i] === y[i]) i++;
      const want = i < x.length && i < y.length ? x[i] - y[i] : x.length - y.length;
      strictEqual(Math.sign(compareStrings(a, b)), Math.sign(want));
      strictEqual(less(a, b), want < 0);
    }));
  });

  it("sort the keys of maps", () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (keys) => {
      const sorted = sortedKeys(new Map(keys.map((key) => [key, 0])));
      for (let i = 1; i < sorted.length; i++) ok(compareStrings(sorted[i - 1], sorted[i]) < 0);
    }));
  });
});

describe("isTrue", () => {
  it("is false for zeros and empties alone", () => {
    for (const value of [null, false, 0, -0, "", int(0), [], new Map(), new Uint8Array(), nilSlice()]) {
      ok(!isTrue(value));
    }
    for (const value of [true, 1, NaN, "0", int64(-1), [null], new Map([["a", null]])]) ok(isTrue(value));
  });
});

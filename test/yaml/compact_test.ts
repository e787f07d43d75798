// Values that are kept are the same values.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fromJson, type Json } from "../../src/template/value.ts";
import { compact } from "../../src/yaml/compact.ts";
import { readYaml } from "../../src/yaml/read.ts";

describe("compact", () => {
  test("changes no value", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => {
      assert.deepEqual(compact(fromJson(json as Json)), fromJson(json as Json));
    }));
  });

  test("keeps strings of any length, and those that are no well-formed Unicode", () => {
    const texts = ["", "a", "é", "😀".repeat(40), "x".repeat(64), "x".repeat(65), "\udc80", `${"y".repeat(80)}\udcff`];
    assert.deepEqual(compact(texts), texts);
  });

  test("keeps the order of keys", () => {
    const map = compact(readYaml("{b: {d: 1, c: [x, y]}, a: ~}")) as Map<string, unknown>;
    assert.deepEqual([...map.keys()], ["b", "a"]);
    assert.deepEqual([...(map.get("b") as Map<string, unknown>).keys()], ["d", "c"]);
  });
});

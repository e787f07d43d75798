import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { changedFields, contains } from "../../src/release/difference.ts";
import type { Json } from "../../src/template/value.ts";

describe("contains", () => {
  const cases: [string, Json, Json, boolean][] = [
    ["more keys than wanted", { a: 1, b: 2 }, { a: 1 }, true],
    ["another value", { a: 1 }, { a: 2 }, false],
    ["a missing key", {}, { a: 1 }, false],
    ["a missing key that is wanted empty", {}, { a: {}, b: [], c: "", d: 0, e: false, f: { g: {} } }, true],
    ["a missing key that is wanted null", { a: 1 }, { b: null }, true],
    ["lists of items with more keys", { l: [{ a: 1, b: 2 }] }, { l: [{ a: 1 }] }, true],
    ["lists of another length", { l: [1, 2] }, { l: [1] }, false],
    ["a list where a map is wanted", { a: [1] }, { a: { 0: 1 } }, false],
  ];
  for (const [what, live, wanted, expected] of cases) {
    it(`says ${expected} to ${what}`, () => assert.equal(contains(live, wanted), expected));
  }

  it("says yes to what is equal", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => contains(value as Json, structuredClone(value) as Json)));
  });
});

describe("changedFields", () => {
  it("points at what differs, and not at what the API server keeps", () => {
    const before = {
      metadata: { resourceVersion: "1", labels: { "a/b": "1" } },
      data: { x: "1", gone: "2" },
      l: [1, 2],
    };
    const after = { metadata: { resourceVersion: "2", labels: { "a/b": "2" } }, data: { x: "1", y: "3" }, l: [1, 3] };
    assert.deepEqual(changedFields(before, after), ["/data/gone", "/data/y", "/l/1", "/metadata/labels/a~1b"]);
  });

  it("finds nothing in what is equal", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(changedFields(value as Json, structuredClone(value) as Json), []);
    }));
  });
});

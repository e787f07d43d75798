import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { byteLength, fromBytes, sliceBytes, toBytes } from "../../src/sprig/bytes.ts";
import { decodeBase32, encodeBase32 } from "../../src/sprig/base32.ts";
import { decodeBase64, encodeBase64 } from "../../src/sprig/encoding.ts";
import { sprigFunctions } from "../../src/sprig/functions.ts";
import { clean } from "../../src/sprig/paths.ts";
import { parseVersion } from "../../src/sprig/semver.ts";
import { formatDuration, parseDuration } from "../../src/sprig/time/duration.ts";
import { wallAt } from "../../src/sprig/time/calendar.ts";
import { type GoMap, type GoValue, Int, int64 } from "../../src/template/value.ts";
import { deepEqual } from "../../src/template/compare.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";

const functions = sprigFunctions({ json: { read: readJson, write: writeJson } });
const call = (name: string, ...args: GoValue[]) => functions.get(name)!(...args);
const check = <A>(arbitrary: fc.Arbitrary<A>, law: (value: A) => void) => fc.assert(fc.property(arbitrary, law));

const bytes = fc.uint8Array({ maxLength: 60 });
const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const scalars: fc.Arbitrary<GoValue> = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null));
const dicts: fc.Arbitrary<GoMap> = fc.letrec<{ dict: GoMap; value: GoValue }>((tie) => ({
  dict: fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), tie("value")), { maxLength: 4 })
    .map((pairs) => new Map(pairs)),
  value: fc.oneof({ maxDepth: 3 }, scalars, tie("dict"), fc.array(scalars, { maxLength: 3 })),
})).dict;

describe("Go strings", () => {
  it("keep any bytes", () => check(bytes, (given) => assert.deepEqual(toBytes(fromBytes(given)), given)));

  it("count and cut bytes", () =>
    check(fc.tuple(bytes, fc.nat(60)), ([given, at]) => {
      const text = fromBytes(given);
      assert.equal(byteLength(text), given.length);
      const cut = Math.min(at, given.length);
      assert.deepEqual(toBytes(sliceBytes(text, 0, cut)), given.slice(0, cut));
    }));

  it("survive base 32 and base 64", () =>
    check(bytes, (given) => {
      assert.deepEqual(toBytes(decodeBase64(encodeBase64(fromBytes(given)))), given);
      assert.deepEqual(toBytes(decodeBase32(encodeBase32(given))), given);
    }));
});

describe("arithmetic", () => {
  it("wraps around at 64 bits", () =>
    check(fc.tuple(integers, integers), ([a, b]) => {
      assert.equal((call("add", int64(a), int64(b)) as Int).value, BigInt.asIntN(64, a + b));
      assert.equal((call("mul", int64(a), int64(b)) as Int).value, BigInt.asIntN(64, a * b));
    }));

  it("divides so that quotient and remainder make the dividend", () =>
    check(fc.tuple(integers, integers.filter((n) => n !== 0n)), ([a, b]) => {
      const quotient = (call("div", int64(a), int64(b)) as Int).value;
      const rest = (call("mod", int64(a), int64(b)) as Int).value;
      assert.equal(BigInt.asIntN(64, quotient * b + rest), a);
    }));
});

describe("dictionaries", () => {
  it("merge keeps what the destination has, and changes no source", () =>
    check(fc.tuple(dicts, dicts), ([destination, source]) => {
      const before = writeJson(source);
      const had = new Map(destination);
      const merged = call("merge", destination, source) as GoMap;
      assert.equal(merged, destination);
      assert.equal(writeJson(source), before);
      for (const [key, value] of had) if (!call("empty", value)) assert.ok(deepEqual(merged.get(key)!, value));
    }));

  it("a deep copy is equal and apart", () =>
    check(dicts, (dict) => {
      const copy = call("deepCopy", dict) as GoMap;
      assert.ok(deepEqual(copy, dict));
      copy.set("new", 1);
      assert.ok(!dict.has("new"));
    }));
});

describe("versions", () => {
  const identifiers = fc.constantFrom("", "-0", "-1", "-10", "-9", "-alpha", "-alpha.1", "-beta", "-rc.1");
  const number = fc.nat(3);
  const versions = fc.tuple(number, number, number, identifiers).map(([x, y, z, pre]) =>
    parseVersion(`${x}.${y}.${z}${pre}`)
  );

  it("have a total order", () =>
    check(fc.tuple(versions, versions, versions), ([a, b, c]) => {
      assert.equal(Math.sign(a.compare(b)), -Math.sign(b.compare(a)) + 0);
      if (a.compare(b) <= 0 && b.compare(c) <= 0) assert.ok(a.compare(c) <= 0);
      assert.equal(a.compare(b) === 0, a.toString() === b.toString());
    }));
});

describe("durations, dates and paths", () => {
  it("a duration reads back", () => check(integers, (n) => assert.equal(parseDuration(formatDuration(n)), n)));

  it("a wall clock agrees with JavaScript's", () =>
    check(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), (seconds) => {
      const date = new Date(seconds * 1000);
      const wall = wallAt(seconds);
      assert.deepEqual(
        [wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second, wall.weekday],
        [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
          date.getUTCDay(),
        ],
      );
    }));

  it("a clean path is clean", () =>
    check(fc.string({ unit: fc.constantFrom("a", ".", "/"), maxLength: 12 }), (path) => {
      assert.equal(clean(clean(path)), clean(path));
    }));
});

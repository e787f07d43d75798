import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DurationError, formatGoDuration, parseGoDuration } from "../../src/watches/go-duration.ts";

describe("parseGoDuration", () => {
  const good: Array<[string, number]> = [
    ["0", 0],
    ["5s", 5000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    [".5s", 500],
    ["2m3.5s", 123_500],
    ["-1m", -60_000],
    ["+1m", 60_000],
    ["250ms", 250],
    ["3us", 0.003],
    ["3µs", 0.003],
    ["1000000ns", 1],
  ];
  for (const [text, millis] of good) it(text, () => assert.equal(parseGoDuration(text), millis));

  const bad: Array<[string, string]> = [
    ["", 'time: invalid duration ""'],
    ["5", 'time: missing unit in duration "5"'],
    ["5d", 'time: unknown unit "d" in duration "5d"'],
    ["1m5", 'time: missing unit in duration "1m5"'],
    ["soon", 'time: invalid duration "soon"'],
    ["-", 'time: invalid duration "-"'],
    ["1 m", 'time: unknown unit " m" in duration "1 m"'],
    ["1constructor", 'time: unknown unit "constructor" in duration "1constructor"'],
  ];
  for (const [text, message] of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseGoDuration(text), (e) => e instanceof DurationError && e.message === message);
    });
  }
});

describe("formatGoDuration", () => {
  const cases: Array<[number, string]> = [
    [0, "0s"],
    [60_000, "1m0s"],
    [5_400_000, "1h30m0s"],
    [1500, "1.5s"],
    [250, "250ms"],
    [0.25, "250µs"],
    [-60_000, "-1m0s"],
  ];
  for (const [millis, text] of cases) it(text, () => assert.equal(formatGoDuration(millis), text));

  it("is read back as it was", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => parseGoDuration(formatGoDuration(n)) === n));
  });
});

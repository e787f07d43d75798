/** Go's fmt and strconv as functions, and their laws. */
import { ok, strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatFloat, kindName, quote, sprint, sprintAll, sprintf, typeName } from "../../src/template/format.ts";
import { fn } from "../../src/template/signature.ts";
import { type GoValue, int, int64, nilSlice, strings, TypedMap, wrap } from "../../src/template/value.ts";

describe("formatFloat", () => {
  for (
    const [n, format, precision, want] of [
      [1e21, "f", -1, "1000000000000000000000"],
      [0.1, "f", 20, "0.10000000000000000555"],
      [0.5, "f", 0, "0"],
      [1.5, "f", 0, "2"],
      [2.5, "f", 0, "2"],
      [1e23, "g", -1, "1e+23"],
      [123456789, "e", -1, "1.23456789e+08"],
      [5e-324, "g", -1, "5e-324"],
      [1.7976931348623157e308, "e", 3, "1.798e+308"],
      [-0, "g", -1, "-0"],
      [0, "e", 2, "0.00e+00"],
      [99.95, "f", 1, "100.0"],
      [0.000123456, "g", 3, "0.000123"],
      [Infinity, "g", -1, "+Inf"],
      [-Infinity, "f", 2, "-Inf"],
      [NaN, "g", -1, "NaN"],
    ] as const
  ) it(`${n} as %${format} with ${precision}`, () => strictEqual(formatFloat(n, format, precision), want));

  it("reads back as the same number", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      for (const format of ["e", "f", "g"] as const) ok(Object.is(Number(formatFloat(n, format, -1)), n));
    }));
  });

  it("rounds to the nearest", () => {
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(8), (n, precision) => {
      ok(Math.abs(Number(formatFloat(n, "f", precision)) - n) <= 0.5000001 * 10 ** -precision);
    }));
  });
});

describe("quote", () => {
  it("is JSON's for plain text", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (s) => strictEqual(quote(s), JSON.stringify(s))));
  });

  it("escapes as Go does", () => {
    strictEqual(
      quote("a\x07\b\f\n\r\t\v\\\"'\x00\x7f\u00a0\u200b☃𝒳\u{10ffff}"),
      `"a\\a\\b\\f\\n\\r\\t\\v\\\\\\"'\\x00\\x7f\\u00a0\\u200b☃𝒳\\U0010ffff"`,
    );
  });
});

describe("sprint", () => {
  const value = fc.letrec<{ value: GoValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.string(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(int64),
      fc.array(tie("value")),
      fc.array(fc.tuple(fc.string(), tie("value"))).map((entries) => new Map(entries)),
    ),
  })).value;

  it("is %v", () => {
    fc.assert(fc.property(value, (v) => strictEqual(sprint(v), sprintf("%v", [v]))));
    fc.assert(fc.property(value, (v) => strictEqual(sprint(v), sprintAll([v]))));
  });

  it("never fails, nor does any format", () => {
    fc.assert(fc.property(fc.string(), fc.array(value), (format, values) => {
      strictEqual(typeof sprintf(format, values), "string");
    }));
    fc.assert(
      fc.property(
        fc.stringMatching(/^%[-+# 0]{0,3}[0-9*]{0,2}(\.[0-9*]{0,2})?[a-zA-Z%]$/),
        fc.array(value),
        (format, values) => {
          strictEqual(typeof sprintf(format, values), "string");
        },
      ),
    );
  });
});

describe("typeName and kindName", () => {
  for (
    const [value, type, kind] of [
      [null, "<nil>", "invalid"],
      [true, "bool", "bool"],
      [1.5, "float64", "float64"],
      ["a", "string", "string"],
      [int(1), "int", "int"],
      [int64(1), "int64", "int64"],
      [wrap(1n, "uint8"), "uint8", "uint8"],
      [[], "[]interface {}", "slice"],
      [strings(["a"]), "[]string", "slice"],
      [nilSlice(), "[]interface {}", "slice"],
      [new Uint8Array(), "[]uint8", "slice"],
      [new Map(), "map[string]interface {}", "map"],
      [new TypedMap("map[string]string"), "map[string]string", "map"],
      [fn("func(int, ...any) (string, error)", () => ""), "func(int, ...interface {}) (string, error)", "func"],
    ] as [GoValue, string, string][]
  ) {
    it(`${type} is a ${kind}`, () => {
      strictEqual(typeName(value), type);
      strictEqual(kindName(value), kind);
    });
  }
});

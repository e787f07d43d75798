import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import type { GoValue } from "../../src/template/value.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";
import { readYaml } from "../../src/yaml/read.ts";
import { writeYaml, writeYamlPretty } from "../../src/yaml/write.ts";

/** Pieces of text that mean something to YAML. */
const markup = fc.constantFrom(
  ..."\n \t:#-?'\"\\,[]{}&*!|>%@`~=<._0123456789eyn".split(""),
  ...[
    "\n  ",
    "---",
    "...",
    ": ",
    " #",
    "- ",
    "true",
    "null",
    "0x",
    "12:30",
    "2001-01-01",
    "é",
    "😀",
    "\u2028",
    "long words ",
  ],
);
const text = fc.oneof(
  fc.array(fc.oneof(markup, fc.string({ maxLength: 3 })), { maxLength: 12 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme" }),
).filter((text) => !/[\x7f-\x9f\ufffe\uffff]/.test(text));

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n === 0 ? 0 : n);

const value = fc.letrec<{ value: GoValue; list: GoValue; map: GoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    number,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
})).value;

function same(read: GoValue, written: GoValue): void {
  assert.equal(writeJson(read), writeJson(written));
}

it("readYaml reads what writeYaml wrote", () => {
  fc.assert(fc.property(value, (value) => same(readYaml(writeYaml(value)), value)), { numRuns: 2000 });
});

it("readYaml reads what writeYamlPretty wrote, but for lines that begin with a tab, which yaml.v3 does not quote", () => {
  fc.assert(
    fc.property(value, (value) => {
      fc.pre(!/\\t/.test(writeJson(value)));
      same(readYaml(writeYamlPretty(value)), value);
    }),
    { numRuns: 2000 },
  );
});

it("readYaml reads what writeJson wrote, as readJson does", () => {
  fc.assert(
    fc.property(value, (value) => {
      const json = writeJson(value);
      same(readJson(json), value);
      same(readYaml(json), value);
    }),
    { numRuns: 2000 },
  );
});

it("readYaml either reads a text or throws a YamlError", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(markup, fc.constant("a")), { maxLength: 30 }), (parts) => {
      try {
        readYaml(parts.join(""));
      } catch (error) {
        assert.equal((error as Error).name, "YamlError");
      }
    }),
    { numRuns: 5000 },
  );
});

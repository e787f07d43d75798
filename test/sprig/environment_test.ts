import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { environmentFunctions } from "../../src/sprig/functions.ts";

const variables = new Map([["FOO", "bar"], ["A_1", "x"]]);
const functions = environmentFunctions((name) => variables.get(name));

const expansions: readonly (readonly [text: string, expanded: string])[] = [
  ["$FOO", "bar"],
  ["${FOO}", "bar"],
  ["$FOO-x", "bar-x"],
  ["${FOO", "FOO"],
  ["${}", ""],
  ["$", "$"],
  ["$$", ""],
  ["a$", "a$"],
  ["$1", ""],
  ["$*x", "x"],
  ["${*}", ""],
  ["${1}", ""],
  ["${A_1}$A_1", "xx"],
  ["$NOPE.", "."],
  ["${NO PE}", ""],
  ["$-", ""],
  ["$.", "$."],
  ["$ x", "$ x"],
  ["${12}", ""],
  ["$é", "$é"],
  ["$FOO$FOO", "barbar"],
  ["x${FOO}y$", "xbary$"],
  ["$#", ""],
  ["${#}", ""],
  ["$10", "0"],
  ["${", ""],
  ["${a", "a"],
  ["$?!", "!"],
];

describe("expandenv", () => {
  for (const [text, expanded] of expansions) {
    it(JSON.stringify(text), () => assert.equal(functions.expandenv(text), expanded));
  }
});

describe("env", () => {
  it("gives a variable's value, or nothing", () => {
    assert.equal(functions.env("FOO"), "bar");
    assert.equal(functions.env("NOPE"), "");
  });
});

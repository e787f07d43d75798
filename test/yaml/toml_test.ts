import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type GoValue, int64, NilMap, nilSlice, TypedList } from "../../src/template/value.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";
import { readToml, writeToml } from "../../src/yaml/toml.ts";

describe("readToml", () => {
  const cases: [toml: string, json: string][] = [
    ["", "{}"],
    ["a = 1 # c\r\nb = 'x'", '{"a":1,"b":"x"}'],
    ["a.b.c = 1\na.b.d = 2", '{"a":{"b":{"c":1,"d":2}}}'],
    ["[a.b]\nc=1\n[a]\nd=2", '{"a":{"b":{"c":1},"d":2}}'],
    ["[[a]]\nb=1\n[[a]]\n[a.c]\nd=2", '{"a":[{"b":1},{"c":{"d":2}}]}'],
    ["a = [1, 'b', [2.5,], {c = 1},\n # x\n]", '{"a":[1,"b",[2.5],{"c":1}]}'],
    ["a = {b.c = 1,\n b.d = 2,}", '{"a":{"b":{"c":1,"d":2}}}'],
    ["a = [0x1F, 0o17, 0b11, 1_000, -0, 1e3, -0.0]", '{"a":[31,15,3,1000,0,1000,-0]}'],
    ['a = """\nb\\\n   c""""', '{"a":"bc\\""}'],
    ["a = '''\nb\\n'''", '{"a":"b\\\\n"}'],
    ['"a b".\'c\'."" = "\\e\\x41\\u00e9"', '{"a b":{"c":{"":"\\u001bAé"}}}'],
    ["a = 1979-05-27 07:32:00.50z", '{"a":"1979-05-27T07:32:00.5Z"}'],
    ["a = 1979-05-27", '{"a":"1979-05-27T00:00:00Z"}'],
  ];
  for (const [toml, json] of cases) {
    it(JSON.stringify(toml), () => assert.equal(writeJson(readToml(toml)), json));
  }

  it("gives integers as int64 and arrays of tables as typed lists", () => {
    const table = readToml("a = 1\nb = 1.0\n[[c]]");
    assert.deepEqual(table.get("a"), int64(1));
    assert.equal(table.get("b"), 1);
    assert.equal((table.get("c") as TypedList).element, "map[string]interface {}");
  });

  it("prints times as Go does", () => {
    const table = readToml("a=1979-05-27T07:32:00+01:00\nb=1979-05-27T07:32:00\nc=1979-05-27\nd=07:32");
    assert.equal(
      [...table.values()].join(", "),
      "1979-05-27 07:32:00 +0100 +0100, 1979-05-27 07:32:00 +0000 datetime-local, " +
        "1979-05-27 00:00:00 +0000 date-local, 0000-01-01 07:32:00 +0000 time-local",
    );
  });

  const errors: [toml: string, words: string][] = [
    ["a", "line 1: unexpected EOF; expected key separator '='"],
    ["= 1", "line 1: unexpected '=': key name appears blank"],
    ["a = 1\n\nb", "line 3: unexpected EOF; expected key separator '='"],
    ["a = \n", "line 1 (last key \"a\"): expected value but found '\\n' instead"],
    ["a = 1\na = 2", "line 2 (last key \"a\"): Key 'a' has already been defined."],
    ["a = 1\n[a.b]", "line 2: Key 'a' was already created as a hash."],
    ["a = 1\n[[a]]", "line 2: Key 'a' was already created and cannot be used as an array."],
    ["[a]\nb = nope", 'line 2 (last key "a.b"): expected value but found "nope" instead'],
    ["\u0080\u{10000}\0", "line 1: expected '.' or '=', but got '\\u0080' instead"],
    ["a\0 = 1", "line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8"],
    ["a = {b = [], b.c = 1}", 'line 1 (last key "a.b.c"): "a.b" is not a table'],
    ["a = 01", 'line 1 (last key "a"): Invalid integer "01": cannot have leading zeroes'],
    ["a = 9223372036854775808", 'line 1 (last key "a"): 9223372036854775808 is out of range for int64'],
    ["a = 1979-13-27", 'line 1 (last key "a"): invalid datetime: "1979-13-27"'],
    ['a = "b\n"', 'line 1 (last key "a"): strings cannot contain newlines'],
    ['a = "\\q"', "line 1 (last key \"a\"): invalid escape in string '\\q'"],
    ["a = [1 2]", "line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'"],
    ["[a\n", "line 2: expected '.' or ']' to end table name, but got '\\n' instead"],
    ["a = 1 b", "line 1: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead"],
    ["a = '\x01'", "line 1 (last key \"a\"): TOML files cannot contain control characters: '0x01'"],
  ];
  for (const [toml, words] of errors) {
    it(`refuses ${JSON.stringify(toml)}`, () => {
      assert.throws(() => readToml(toml), { name: "YamlError", message: `toml: ${words}` });
    });
  }
});

describe("writeToml", () => {
  const cases: [json: string, toml: string][] = [
    ["{}", ""],
    ['{"b":{"c":1},"a":2}', "a = 2.0\n\n[b]\n  c = 1.0\n"],
    ['{"a":{"b":{"c":true}}}', "[a]\n  [a.b]\n    c = true\n"],
    ['{"a":[{"b":1},{"c":{"d":null}}]}', "\n[[a]]\n  b = 1.0\n\n[[a]]\n  [a.c]\n".slice(1)],
    ['{"a":[1,"b",{"c":1,"d":null,"e":[]}]}', 'a = [1.0, "b", {c = 1.0, e = []}]\n'],
    ['{"a":[1,{"b":1,"c":null}]}', "a = [1.0, {b = 1.0, }]\n"],
    ['{"a b":1000000,"":"\\u0001\\"\\t"}', '"" = "\\u0001\\"\\t"\n"a b" = 1e+06\n'],
    ['"a"', '"a"'],
  ];
  for (const [json, toml] of cases) {
    it(json, () => assert.equal(writeToml(readJson(json)), toml));
  }

  it("refuses null in a list, and a list of tables alone", () => {
    assert.throws(() => writeToml(readJson('{"a":[null]}')), { message: "toml: cannot encode array with nil element" });
    assert.throws(() => writeToml(readJson('[{"a":1}]')), {
      message: "toml: top-level values must be Go maps or structs",
    });
  });

  it("fails on null alone, as Go panics", () => {
    assert.throws(() => writeToml(null), { name: "TypeError" });
  });

  it("does not count a nil map among the tables of a table in braces", () => {
    const table = new Map<string, GoValue>([["a", new Map()], ["b", new NilMap("map[string]string")]]);
    assert.equal(writeToml([table, 1]), "[{a = {}}, 1.0]");
    assert.equal(writeToml(nilSlice()), "[]");
  });

  it("writes what it read", () => {
    const text =
      "a = 1\nb = 1.0\nc = 1979-05-27\nd = 07:32:00.5\n\n[e]\n  f = 1979-05-27T07:32:00+01:00\n\n[[g]]\n  h = []\n";
    assert.equal(writeToml(readToml(text)), text);
  });

  it("writes integers and floats apart", () => {
    assert.equal(
      writeToml(new Map<string, GoValue>([["a", [int64(1), 1, Infinity, NaN]]])),
      "a = [1, 1.0, inf, nan]\n",
    );
  });
});

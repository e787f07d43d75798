import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NilMap } from "../../src/template/signature.ts";
import { GoObject, type GoValue, int64, nilSlice, strings, wrap } from "../../src/template/value.ts";
import { readYaml } from "../../src/yaml/read.ts";
import { writeYaml, writeYamlPretty } from "../../src/yaml/write.ts";

function map(entries: Record<string, GoValue>): GoValue {
  return new Map(Object.entries(entries));
}

class Version extends GoObject {
  override readonly type = "example.Version";
  override json(): GoValue {
    return map({ Major: "1", Full: "v1.2" });
  }
}

class Time extends GoObject {
  override readonly type = "time.Time";
  override json(): GoValue {
    return "2020-01-02T00:00:00Z";
  }
}

/** What toYaml and toYamlPretty print for a string. */
const stringCases: [text: string, plain: string, pretty?: string][] = [
  ["", '""'],
  ["a b", "a b"],
  ["a: b", "'a: b'"],
  ["a:b", "a:b"],
  ["a #b", "'a #b'"],
  ["it's", "it's"],
  ["'a'", "'''a'''"],
  ["- a", "'- a'"],
  ["-", "'-'"],
  ["--- a", "'--- a'"],
  [" a", "' a'"],
  ["*", "'*'"],
  ["y", '"y"'],
  ["off", '"off"'],
  ["null", '"null"'],
  ["~", '"~"'],
  ["0o7", '"0o7"'],
  ["1_000", '"1_000"'],
  ["1e3", '"1e3"'],
  ["1.2.3", "1.2.3"],
  ["12:30", '"12:30"'],
  ["12:60", "12:60"],
  ["2001-1-1", '"2001-1-1"'],
  ["2001-02-30", "2001-02-30"],
  ["<<", "<<"],
  ["<b>&", "<b>&"],
  ["a\tb", '"a\\tb"'],
  ["a\nb", "|-\n  a\n  b"],
  ["a\nb\n", "|\n  a\n  b"],
  ["a\n\n", "|+\n  a\n"],
  ["\n a", "|2-\n\n   a"],
  ["a \nb", '"a \\nb"'],
  ["a\n\tb", '"a\\n\\tb"', "|-\n  a\n  \tb"],
  ["é", "é"],
  ["😀", '"\\U0001F600"'],
  ["\x00", '"\\0"'],
  ["a\u2028b", "'a\u2028  b'"],
];

describe("writeYaml and writeYamlPretty write strings", () => {
  for (const [text, plain, pretty = plain] of stringCases) {
    it(JSON.stringify(text), () => {
      assert.equal(writeYaml(text), text === "a\n\n" ? "|+\n  a\n\n" : `${plain}\n`);
      assert.equal(writeYamlPretty(text), text === "a\n\n" ? "|+\n  a\n\n" : `${pretty}\n`);
    });
  }

  it("fold at the first space after column 80, but not when pretty", () => {
    const words = "word ".repeat(20).trim();
    assert.equal(writeYaml(words), `${"word ".repeat(17).trim()}\n  word word word\n`);
    assert.equal(writeYaml(map({ k: `${words}: x` })), `k: '${"word ".repeat(16).trim()}\n  word word word word: x'\n`);
    assert.equal(writeYamlPretty(words), `${words}\n`);
  });

  it("show what is not UTF-8 as U+FFFD, or as binary when pretty", () => {
    assert.equal(writeYaml("a\udc80"), "a\ufffd\n");
    assert.equal(writeYamlPretty("a\udc80"), "!!binary YYA=\n");
    const long = writeYamlPretty("\udc80".repeat(60));
    assert.equal(long, `!!binary |\n  ${"gICA".repeat(17)}gI\n  CAgICAgICA\n`);
  });

  it("are read back by JSON first, which makes a space of NEL", () => {
    assert.equal(writeYaml("a \u0085 b"), "a b\n");
    assert.throws(() => writeYaml("a\x7f"), { message: "yaml: control characters are not allowed" });
    assert.equal(writeYamlPretty("a\x7f"), '"a\\x7F"\n');
  });
});

describe("writeYaml and writeYamlPretty write numbers", () => {
  const cases: [GoValue, string, string][] = [
    [1000000, "1000000", "1e+06"],
    [1.5, "1.5", "1.5"],
    [1234567.5, "1.2345675e+06", "1.2345675e+06"],
    [1e20, "1e+20", "1e+20"],
    [1e19, "10000000000000000000", "1e+19"],
    [0.00001, "1e-05", "1e-05"],
    [-0, "0", "-0"],
    [int64(9007199254740993n), "9007199254740993", "9007199254740993"],
    [wrap(18446744073709551615n, "uint64"), "18446744073709551615", "18446744073709551615"],
  ];
  for (const [value, plain, pretty] of cases) {
    it(plain, () => {
      assert.equal(writeYaml(value), `${plain}\n`);
      assert.equal(writeYamlPretty(value), `${pretty}\n`);
    });
  }

  it("refuse what JSON has no number for, unless pretty", () => {
    assert.throws(() => writeYaml(NaN), { message: "error marshaling into JSON: json: unsupported value: NaN" });
    assert.equal(writeYamlPretty([NaN, Infinity, -Infinity]), "- .nan\n- .inf\n- -.inf\n");
  });
});

describe("writeYaml and writeYamlPretty write collections", () => {
  const nested = readYaml('{"a":[{"b":1,"c":[1,[2]]},[],{}],"d":{"e":{"f":null}},"g":{}}');

  it("indent lists in maps only when pretty", () => {
    assert.equal(
      writeYaml(nested),
      "a:\n- b: 1\n  c:\n  - 1\n  - - 2\n- []\n- {}\nd:\n  e:\n    f: null\ng: {}\n",
    );
    assert.equal(
      writeYamlPretty(nested),
      "a:\n  - b: 1\n    c:\n      - 1\n      - - 2\n  - []\n  - {}\nd:\n  e:\n    f: null\ng: {}\n",
    );
  });

  it("sort keys with numbers as numbers", () => {
    const keys = (value: string) => [...value.matchAll(/^"?([^":]+)"?:/gm)].map((match) => match[1]).join(" ");
    const value = map({ a10: 1, a2: 1, b: 1, a: 1, B: 1, "1": 1, "10": 1, "2": 1, "a-1": 1, a1: 1 });
    assert.equal(keys(writeYaml(value)), "1 2 10 B a a-1 a1 a2 a10 b");
    assert.equal(keys(writeYamlPretty(map({ foo1bar: 1, "foo1-bar": 1, foo1: 1 }))), "foo1 foo1bar foo1-bar");
    assert.equal(keys(writeYaml(map({ foo1bar: 1, "foo1-bar": 1, foo1: 1 }))), "foo1 foo1-bar foo1bar");
  });

  it("write long keys, and keys of several lines, apart from their values", () => {
    const long = "x".repeat(129);
    assert.equal(writeYaml(map({ [long]: [1] })), `? ${long}\n: - 1\n`);
    assert.equal(writeYaml(map({ "a\nb": 1 })), "? |-\n  a\n  b\n: 1\n");
    assert.throws(() => writeYaml(map({ ["x".repeat(1023)]: 1 })), {
      message: "yaml: did not find expected ',' or '}'",
    });
  });

  it("write literals inside lists", () => {
    assert.equal(writeYaml(map({ a: ["x\ny\n", map({ b: "z\n" })] })), "a:\n- |\n  x\n  y\n- b: |\n    z\n");
  });
});

describe("writeYaml and writeYamlPretty write Go's other types", () => {
  it("nil collections", () => {
    const value = map({ list: nilSlice(), map: new NilMap("map[string]string"), strings: strings([]) });
    assert.equal(writeYaml(value), "list: null\nmap: null\nstrings: []\n");
    assert.equal(writeYamlPretty(value), "list: []\nmap: {}\nstrings: []\n");
  });

  it("bytes", () => {
    const bytes = new Uint8Array([104, 105]);
    assert.equal(writeYaml(bytes), "aGk=\n");
    assert.equal(writeYamlPretty(bytes), "- 104\n- 105\n");
  });

  it("structs, times and functions", () => {
    assert.equal(writeYaml(new Version()), 'Full: v1.2\nMajor: "1"\n');
    assert.equal(writeYamlPretty(new Version()), 'major: "1"\nfull: v1.2\n');
    assert.equal(writeYaml([new Time()]), '- "2020-01-02T00:00:00Z"\n');
    assert.equal(writeYamlPretty([new Time()]), "- 2020-01-02T00:00:00Z\n");
    assert.throws(() => writeYaml(() => null), {
      message: "error marshaling into JSON: json: unsupported type: func()",
    });
  });

  it("refuse what contains itself", () => {
    const value = new Map<string, GoValue>();
    value.set("self", value);
    assert.throws(() => writeYaml(value), /encountered a cycle via map\[string\]interface \{\}$/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeJson } from "../../src/yaml/json.ts";
import {
  readYaml,
  readYamlList,
  readYamlMap,
  readYamlWithLines,
  splitYamlDocuments,
  YamlError,
} from "../../src/yaml/read.ts";

/** A YAML text and the JSON that Go makes of it, or its error after `error converting YAML to JSON: `. */
type Case = readonly [yaml: string, expected: string];

function readsAs(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const [yaml, json] of cases) {
      it(JSON.stringify(yaml), () => assert.equal(writeJson(readYaml(yaml)), json));
    }
  });
}

function failsWith(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const [yaml, words] of cases) {
      it(JSON.stringify(yaml).slice(0, 80), () => {
        assert.throws(() => readYaml(yaml), { name: "YamlError", message: `error converting YAML to JSON: ${words}` });
      });
    }
  });
}

readsAs("readYaml reads plain scalars by YAML 1.1", [
  ["", "null"],
  ["~", "null"],
  ["yes", "true"],
  ["N", "false"],
  ["yEs", '"yEs"'],
  ["017", "15"],
  ["0o17", "15"],
  ["0x1F", "31"],
  ["-0b11", "-3"],
  ["0b-11", "-3"],
  ["08", "8"],
  ["1_000", "1000"],
  [".5_0", "0.5"],
  ["+12", "12"],
  ["-0", "0"],
  ["-0.0", "-0"],
  ["1e3", "1000"],
  ["1e400", '"1e400"'],
  ["12:30", '"12:30"'],
  ["2001-01-01", '"2001-01-01"'],
  ["9007199254740993", "9007199254740992"],
  ["18446744073709551616", "18446744073709552000"],
  ["0xFFFFFFFFFFFFFFFFF", '"0xFFFFFFFFFFFFFFFFF"'],
]);

readsAs("readYaml reads block scalars", [
  ["a: |\n  b\n   c\n\n", '{"a":"b\\n c\\n"}'],
  ["a: |-\n  b\n\n", '{"a":"b"}'],
  ["a: |+\n  b\n\n", '{"a":"b\\n\\n"}'],
  ["a: |2\n   b\n", '{"a":" b\\n"}'],
  ["a: >\n  b\n  c\n\n  d\n   e\n  f\n", '{"a":"b c\\nd\\n e\\nf\\n"}'],
  ["a: |\r\n  b\r\n", '{"a":"b\\n"}'],
  ["a: |\nb: c", '{"a":"","b":"c"}'],
]);

readsAs("readYaml reads flow scalars", [
  ["a: b\n  c\n\n  d", '{"a":"b c\\nd"}'],
  ["a: 'it''s\n  so'", '{"a":"it\'s so"}'],
  ['a: "\\x41\\u00e9\\U0001F600\\\n  b"', '{"a":"Aé😀b"}'],
  ["a: b#c # d", '{"a":"b#c"}'],
  ["a: http://x:80/y", '{"a":"http://x:80/y"}'],
]);

readsAs("readYaml reads collections", [
  ["[]: x", "[]"],
  ["&a\n{}: x", "{}"],
  ["a:\n- b\n- - c\n  - d: e\n    f: g\n", '{"a":["b",["c",{"d":"e","f":"g"}]]}'],
  ["{a, b: [c: d, ? e : f], 'g':h}", '{"a":null,"b":[{"c":"d"},{"e":"f"}],"g":"h"}'],
  ["? a\n? b\n: c", '{"a":null,"b":"c"}'],
  ["a: 1\na: 2", '{"a":2}'],
  ["\ufeffa: b", '{"a":"b"}'],
  // With a second mark go-yaml passes the first character of each line.
  ["\ufeff\ufeff", "null"],
  ["\ufeff\ufeffxa: 1\nxb: 2\n", '{"b":2,"xa":1}'],
  // What a later value replaces may be what JSON cannot hold.
  ["a: {~: 1}\na: 2\nb: .inf\nb: 3", '{"a":2,"b":3}'],
  ["<<: {a: .nan, b: {~: 1}}\na: 1\nb: 2", '{"a":1,"b":2}'],
  ["a: b\n---\nc: d\n: :", '{"a":"b"}'],
]);

readsAs("readYaml makes strings of keys", [
  ["on: 1", '{"true":1}'],
  ["0x10: 1", '{"16":1}'],
  ["1.1: 1", '{"1.1":1}'],
  ["16777217.5: 1", '{"1.6777218e+07":1}'],
  [".inf: 1", '{".inf":1}'],
]);

readsAs("readYaml follows tags, anchors and merges", [
  ["a: !!str 1", '{"a":"1"}'],
  ['a: !!int "1"', '{"a":1}'],
  ["a: !!float 1", '{"a":1}'],
  ["a: !!binary aGk=", '{"a":"hi"}'],
  ["a: !!binary gA==", '{"a":"\ufffd"}'],
  ["a: !custom 1", '{"a":"1"}'],
  ["a: &x [1]\nb: *x", '{"a":[1],"b":[1]}'],
  ["a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}", '{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}'],
  ["a: &x {b: 1}\nd: {b: 3, <<: *x}", '{"a":{"b":1},"d":{"b":1}}'],
  ["x: &x {b: 1}\nz: &z {b: 2}\nd: {<<: [*x, *z]}", '{"d":{"b":1},"x":{"b":1},"z":{"b":2}}'],
  ['"<<": 1', '{"\\u003c\\u003c":1}'],
]);

readsAs("readYaml follows byte order marks", [
  ["\ufeffa: 1", '{"a":1}'],
  ["\udcff\udcfea\0:\0 \0=\udcd8\0\udcde", '{"a":"😀"}'],
  ["\udcfe\udcff\0a\0:\0 \x001", '{"a":1}'],
]);

failsWith("readYaml says what Go says", [
  ["null: &x\n- *x", "yaml: anchor 'x' value contains itself"],
  ["{{a: 1, ~: 2}: 3}", 'yaml: invalid map key: map[interface {}]interface {}{interface {}(nil):2, "a":1}'],
  ["a:\n  []: x", "yaml: line 1: did not find expected key"],
  ["- {}: x", "yaml: did not find expected '-' indicator"],
  ['{{"\\a": 1, ":a": 2, ":a": 3}: 4}', 'yaml: invalid map key: map[interface {}]interface {}{"\\a":1, ":a":3}'],
  ["a: b: c", "yaml: mapping values are not allowed in this context"],
  ["x: y\na: b: c", "yaml: line 2: mapping values are not allowed in this context"],
  ["a: 1\n- b", "yaml: line 1: did not find expected key"],
  ["- a\nb: c", "yaml: line 1: did not find expected '-' indicator"],
  ["a: [b\nc: d", "yaml: line 1: did not find expected ',' or ']'"],
  ["\ta: b", "yaml: found character that cannot start any token"],
  ["a: @b", "yaml: found character that cannot start any token"],
  ["a: b\nc", "yaml: line 3: could not find expected ':'"],
  ['a: "b', "yaml: found unexpected end of stream"],
  ['a: "\\q"', "yaml: found unknown escape character"],
  ["a: *x", "yaml: unknown anchor 'x' referenced"],
  ["a: &x [*x]", "yaml: anchor 'x' value contains itself"],
  ["<<: a", "yaml: map merge requires map or sequence of maps as the value"],
  ["a: !!int b", "yaml: cannot decode !!str `b` as a !!int"],
  ["a: b\x01", "yaml: control characters are not allowed"],
  ["a: b\udc80", "yaml: invalid leading UTF-8 octet"],
  ["a: \udce9\n", "yaml: incomplete UTF-8 octet sequence"],
  ["a: \udce9\nb", "yaml: invalid trailing UTF-8 octet"],
  ["\udcff\udcfea\0:", "yaml: incomplete UTF-16 character"],
  ["\udcfe\udcff\0a\udcdc\0", "yaml: unexpected low surrogate area"],
  ["\udcfe\udcff\udcd8\0", "yaml: incomplete UTF-16 surrogate pair"],
  ["\udcfe\udcff\udcd8\0\0a", "yaml: expected low surrogate area"],
  ["a: .inf", "json: unsupported value: +Inf"],
  ["a: {{ .Values.b }}", 'yaml: invalid map key: map[interface {}]interface {}{".Values.b":interface {}(nil)}'],
  ["~: [1]", "unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{1}"],
  [
    "~: {~: 1}",
    "unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{interface {}(nil):1}",
  ],
  ["~: 1\nnull: 2", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 2"],
  [
    "~: {<<: {b: 1, c: 2}, c: 3}",
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"b":1, "c":3}',
  ],
  ["[".repeat(10001), "yaml: exceeded max depth of 10000"],
]);

describe("readYaml", () => {
  it("refuses a document that is made of aliases", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${`*${of},`.repeat(9)}]\n`;
    const bomb = "a: &a [x]\n" + level("b", "a") + level("c", "b") + level("d", "c") + level("e", "d") +
      level("f", "e");
    assert.throws(() => readYaml(bomb), /document contains excessive aliasing$/);
  });

  it("knows the line of an error, also where Go's message is silent or one short", () => {
    for (const [yaml, line] of [["a: b: c", 1], ["a: 1\n- b", 2], ["x: 1\ny: *z", 2]] as const) {
      assert.throws(() => readYaml(yaml), (error: YamlError) => error.line === line);
    }
  });

  it("takes a key of 1,024 characters, not a longer one", () => {
    assert.deepEqual([...readYamlMap(`${"x".repeat(1024)}: 1`).values()], [1]);
    assert.throws(() => readYaml(`${"x".repeat(1025)}: 1`), /mapping values are not allowed in this context/);
  });
});

describe("readYamlMap and readYamlList", () => {
  it("take an empty document for an empty collection", () => {
    assert.equal(readYamlMap("").size, 0);
    assert.equal(readYamlMap("null").size, 0);
    assert.deepEqual(readYamlList("# nothing"), []);
  });

  it("refuse other kinds as encoding/json does", () => {
    const words = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    assert.throws(() => readYamlMap("[1]"), {
      message: `${words} array into Go value of type map[string]interface {}`,
    });
    assert.throws(() => readYamlMap("yes"), {
      message: `${words} bool into Go value of type map[string]interface {}`,
    });
    assert.throws(() => readYamlList("{}"), { message: `${words} object into Go value of type []interface {}` });
  });
});

describe("readYamlWithLines", () => {
  const document = readYamlWithLines("# watches\n- kind: A\n  chart: a\n\n- &b\n  kind: B\n- *b\n");

  it("gives the value and the line of each entry", () => {
    assert.equal(writeJson(document.value), '[{"chart":"a","kind":"A"},{"kind":"B"},{"kind":"B"}]');
    assert.equal(document.lineOf([]), 2);
    assert.equal(document.lineOf([0, "chart"]), 3);
    assert.equal(document.lineOf([1]), 5);
    assert.equal(document.lineOf([1, "kind"]), 6);
    assert.equal(document.lineOf([2, "kind"]), 6);
  });

  it("gives no line for what is not there", () => {
    for (const path of [[3], [0, "none"], ["kind"], [0, "kind", "x"], [0, 0]]) {
      assert.equal(document.lineOf(path), undefined);
    }
  });
});

describe("splitYamlDocuments", () => {
  const cases: [string, string[]][] = [
    ["", []],
    ["a: 1", ["a: 1\n"]],
    ["a: 1\r\n---\r\nb: 2", ["a: 1\n", "b: 2\n"]],
    ["---\na: 1\n--- # next\nb: 2\n", ["---\na: 1\n", "b: 2\n"]],
    ["a: |\n  ---\n---\n---\nb: 2\n", ["a: |\n  ---\n", "---\nb: 2\n"]],
  ];
  for (const [text, documents] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(splitYamlDocuments(text), documents));
  }

  it("refuses anything else after the dashes", () => {
    assert.throws(() => splitYamlDocuments("a: 1\n--- b"), { message: "invalid Yaml document separator: b" });
  });
});

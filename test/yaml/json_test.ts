import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GoObject, type GoValue, int64, nilSlice } from "../../src/template/value.ts";
import { readJson, readJsonList, readJsonMap, writeJson } from "../../src/yaml/json.ts";

class Pair extends GoObject {
  override readonly type = "example.Pair";
  override structFields(): readonly (readonly [string, GoValue])[] {
    return [["Second", 2], ["First", 1]];
  }
}

describe("readJson", () => {
  it("reads objects with any key, the last of a key that occurs twice", () => {
    const value = readJson('{"__proto__": 1, "1": [true, null], "a": 1, "a": "\\u00e9\\n"}');
    assert.deepEqual(value, new Map<string, GoValue>([["__proto__", 1], ["1", [true, null]], ["a", "é\n"]]));
  });

  it("replaces surrogates that stand alone", () => {
    assert.equal(readJson('"\\ud83d\\ude00\\ud800"'), "😀\ufffd");
  });

  const errors: [string, string][] = [
    ["", "unexpected end of JSON input"],
    ['{"a":', "unexpected end of JSON input"],
    ['"a', "unexpected end of JSON input"],
    ["x", "invalid character 'x' looking for beginning of value"],
    ["é", "invalid character 'Ã' looking for beginning of value"],
    ["{a", "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1', "invalid character '1' after object key"],
    ['{"a":1 "b"', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["1 2", "invalid character '2' after top-level value"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\q"', "invalid character 'q' in string escape code"],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
    ["-x", "invalid character 'x' in numeric literal"],
    ["1.", "invalid character ' ' after decimal point in numeric literal"],
    ["1ex", "invalid character 'x' in exponent of numeric literal"],
    ["nul", "invalid character ' ' in literal null (expecting 'l')"],
    ["1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"],
  ];
  for (const [text, words] of errors) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readJson(text), { name: "YamlError", message: words });
    });
  }
});

describe("readJsonMap and readJsonList", () => {
  it("look at the kind before they look at the size of numbers", () => {
    assert.throws(() => readJsonMap("1e999"), {
      message: "json: cannot unmarshal number into Go value of type map[string]interface {}",
    });
    assert.throws(() => readJsonMap('{"a":1e999,"b":2}'), { decoded: new Map([["a", null], ["b", 2]]) });
    assert.throws(() => readJsonList("[1e999]"), {
      message: "json: cannot unmarshal number 1e999 into Go value of type float64",
    });
  });

  it("take null for a nil collection", () => {
    assert.equal(writeJson([readJsonMap("null"), readJsonList("null")]), "[null,null]");
  });

  it("refuse other kinds", () => {
    assert.throws(() => readJsonMap("[]"), {
      message: "json: cannot unmarshal array into Go value of type map[string]interface {}",
    });
    assert.throws(() => readJsonList('"a"'), {
      message: "json: cannot unmarshal string into Go value of type []interface {}",
    });
  });
});

describe("writeJson", () => {
  it("sorts keys by their bytes", () => {
    assert.equal(writeJson(new Map([["b", 1], ["😀", 2], ["\uffee", 3], ["B", 4]])), '{"B":4,"b":1,"\uffee":3,"😀":2}');
  });

  it("writes numbers as Go does", () => {
    assert.equal(
      writeJson([1, 1.5, 1e6, 1e21, 1e-7, -0, int64(9007199254740993n)]),
      "[1,1.5,1000000,1e+21,1e-7,-0,9007199254740993]",
    );
    assert.throws(() => writeJson(-Infinity), { message: "json: unsupported value: -Inf" });
  });

  it("escapes HTML unless told not to", () => {
    assert.equal(writeJson("<a>&\u2028\x01\n\b\x7f"), '"\\u003ca\\u003e\\u0026\\u2028\\u0001\\n\\b\x7f"');
    assert.equal(writeJson("<a>&\u2028", { escapeHtml: false }), '"<a>&\\u2028"');
  });

  it("writes bytes as base64, and what is not UTF-8 as U+FFFD", () => {
    assert.equal(writeJson(new Uint8Array([255, 0])), '"/wA="');
    assert.equal(writeJson("a\udcff😀"), '"a\\ufffd😀"');
  });

  it("indents", () => {
    const value = new Map<string, GoValue>([["a", [1, new Map()]], ["b", []], ["c", nilSlice()]]);
    assert.equal(
      writeJson(value, { indent: "  " }),
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": null\n}',
    );
  });

  it("keeps the order of a struct's fields", () => {
    assert.equal(writeJson([new Pair()]), '[{"Second":2,"First":1}]');
  });
});

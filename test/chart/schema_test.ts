import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Chart } from "../../src/chart/chart.ts";
import { schemaFailures } from "../../src/chart/schema.ts";
import type { GoValue } from "../../src/template/value.ts";
import { readYamlMap } from "../../src/yaml/read.ts";
import { answer } from "../fuzz/ours.ts";
import { type Oracle, startOracle } from "../oracle/client.ts";

const d7 = `"$schema":"http://json-schema.org/draft-07/schema#",`;
const d4 = `"$schema":"http://json-schema.org/draft-04/schema#",`;
const d19 = `"$schema":"https://json-schema.org/draft/2019-09/schema",`;
const d20 = `"$schema":"https://json-schema.org/draft/2020-12/schema",`;
/** Schemas and values. */
const cases: (readonly [schema: string, values: string])[] = [
  [
    `{${d7}"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]}},"required":["c","d"],"additionalProperties":false}`,
    `{a: 5, b: 1.5, z: 1}`,
  ],
  [`{"type":"string"}`, `{}`],
  [`{${d7}"properties":{"a":{"enum":["x",1,null,true]}}}`, `{a: y}`],
  [`{${d7}"properties":{"a":{"enum":["x"]}}}`, `{a: y}`],
  [`{${d7}"properties":{"a":{"enum":[["x"]]}}}`, `{a: y}`],
  [`{${d7}"properties":{"a":{"const":1.5}}}`, `{a: 2}`],
  [`{${d7}"properties":{"a":{"const":{"x":1}}}}`, `{a: 2}`],
  [`{${d7}"properties":{"a":{"const":{"x":1}}}}`, `{a: {x: 1}}`],
  [`{${d7}"properties":{"a":{"minimum":1,"maximum":65535}}}`, `{a: 70000}`],
  [`{${d7}"properties":{"a":{"minimum":1.5}}}`, `{a: -1234567.25}`],
  [`{${d7}"properties":{"a":{"exclusiveMinimum":0,"multipleOf":0.1}}}`, `{a: 0}`],
  [`{${d7}"properties":{"a":{"multipleOf":0.1}}}`, `{a: 0.35}`],
  [`{${d7}"properties":{"a":{"multipleOf":0.1}}}`, `{a: 0.3}`],
  [`{${d7}"properties":{"a":{"maximum":1e21}}}`, `{a: 1e22}`],
  [`{${d7}"properties":{"a":{"maximum":0.000001}}}`, `{a: 0.0000123}`],
  [`{${d7}"properties":{"a":{"maximum":1}}}`, `{a: 123456789012}`],
  [`{${d7}"properties":{"a":{"maximum":1}}}`, `{a: 1234.123456789}`],
  [`{${d4}"properties":{"a":{"minimum":5,"exclusiveMinimum":true}}}`, `{a: 5}`],
  [`{${d7}"properties":{"a":{"minLength":3,"maxLength":1,"pattern":"^[a-z]+$"}}}`, `{a: "A'B"}`],
  [`{${d7}"properties":{"a":{"minLength":3}}}`, `{a: "é"}`],
  [`{${d7}"properties":{"a":{"minItems":3,"maxItems":1,"uniqueItems":true,"items":{"type":"number"}}}}`, `{a: [x, x]}`],
  [`{${d7}"properties":{"a":{"items":[{"type":"number"}],"additionalItems":false}}}`, `{a: [x, 1, 2]}`],
  [`{${d7}"properties":{"a":{"items":[{"type":"number"}],"additionalItems":{"type":"string"}}}}`, `{a: [x, 1, 2]}`],
  [`{${d20}"properties":{"a":{"prefixItems":[{"type":"number"}],"items":{"type":"string"}}}}`, `{a: [x, 1, 2]}`],
  [`{${d20}"properties":{"a":{"prefixItems":[{"type":"number"}],"items":false}}}`, `{a: [x, 1, 2]}`],
  [`{${d7}"properties":{"a":{"contains":{"const":5}}}}`, `{a: [1, x]}`],
  [`{${d20}"properties":{"a":{"contains":{"const":5},"minContains":2}}}`, `{a: [5, x]}`],
  [`{${d20}"properties":{"a":{"contains":{"const":5},"minContains":2}}}`, `{a: [6, x]}`],
  [`{${d20}"properties":{"a":{"contains":{"const":5},"maxContains":1}}}`, `{a: [5, 5]}`],
  [`{${d7}"anyOf":[{"required":["x"]},{"properties":{"a":{"type":"string"}},"required":["y"]}]}`, `{a: 1}`],
  [`{${d7}"oneOf":[{"required":["a"]},{"required":["b"]}]}`, `{a: 1, b: 2}`],
  [`{${d7}"oneOf":[{"required":["c"]},{"required":["d"]}]}`, `{a: 1, b: 2}`],
  [`{${d7}"allOf":[{"required":["c"]},{"required":["d"]}]}`, `{a: 1, b: 2}`],
  [`{${d7}"not":{"required":["a"]}}`, `{a: 1, b: 2}`],
  [`{${d7}"if":{"required":["a"]},"then":{"required":["z"]},"else":{"required":["y"]}}`, `{a: 1}`],
  [`{${d7}"if":{"required":["a"]},"then":{"required":["z"]},"else":{"required":["y"]}}`, `{}`],
  [
    `{${d7}"definitions":{"n":{"type":"number"}},"properties":{"a":{"$ref":"#/definitions/n"},"b":{"$ref":"#/definitions/n"}}}`,
    `{a: x, b: y}`,
  ],
  [
    `{${d7}"definitions":{"n":{"type":"object","required":["p","q"],"properties":{"z":{"type":"string"}}}},"properties":{"a":{"$ref":"#/definitions/n"}}}`,
    `{a: {z: 1}}`,
  ],
  [`{${d20}"$defs":{"n":{"type":"number"}},"properties":{"a":{"$ref":"#/$defs/n","minimum":5}}}`, `{a: 3}`],
  [`{${d20}"$defs":{"n":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/n","minimum":5}}}`, `{a: 3}`],
  [`{${d7}"definitions":{"n":{"$id":"#foo","type":"number"}},"properties":{"a":{"$ref":"#foo"}}}`, `{a: x}`],
  [`{${d20}"$defs":{"n":{"$anchor":"foo","type":"number"}},"properties":{"a":{"$ref":"#foo"}}}`, `{a: x}`],
  [`{${d7}"definitions":{"n":{"$id":"n.json","type":"number"}},"properties":{"a":{"$ref":"n.json"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"$ref":"#/definitions/none"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"$ref":"#nope"}}}`, `{a: x}`],
  [`{${d7}"propertyNames":{"pattern":"^a"}}`, `{b: 1, a: 2}`],
  [`{${d7}"propertyNames":{"pattern":"^a","maxLength":0}}`, `{b: 1}`],
  [`{${d7}"patternProperties":{"^x":{"type":"string"}},"additionalProperties":{"type":"boolean"}}`, `{xa: 1, b: 2}`],
  [`{${d7}"dependencies":{"a":["b","c"],"d":{"required":["e"]}}}`, `{a: 1, d: 2}`],
  [`{${d19}"dependentRequired":{"a":["b"]},"dependentSchemas":{"a":{"required":["z"]}}}`, `{a: 1}`],
  [`{${d19}"properties":{"a":{}},"unevaluatedProperties":false}`, `{a: 1, b: 2}`],
  [
    `{${d20}"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false}`,
    `{a: 1, b: 2, c: 3}`,
  ],
  [
    `{${d20}"anyOf":[{"properties":{"a":{}}},{"properties":{"c":{}}}],"unevaluatedProperties":{"type":"string"}}`,
    `{a: 1, b: 2, c: 3}`,
  ],
  [`{${d20}"properties":{"l":{"prefixItems":[{}],"unevaluatedItems":false}}}`, `{l: [1,2]}`],
  [`{${d7}"minProperties":3,"maxProperties":1}`, `{a: 1, b: 2}`],
  [`{${d7}"properties":{"a":false}}`, `{a: 1}`],
  [`false`, `{a: 1}`],
  [`{${d7}"properties":{"a/b~c":{"type":"string"},"q'\\"":{"type":"string"}}}`, `{"a/b~c": 1, "q'\\"": 2}`],
  ...[
    "date",
    "date-time",
    "time",
    "email",
    "hostname",
    "ipv4",
    "uri",
    "uri-reference",
    "uuid",
    "regex",
    "duration",
    "json-pointer",
    "semver",
    "iri",
    "uri-template",
    "relative-json-pointer",
    "period",
  ].flatMap((f) =>
    [
      "x",
      "",
      "2020-13-01",
      "2020-02-30",
      "2020-01-01T00:00:00Z",
      "2020-01-01T25:00:00Z",
      "a@b.c",
      "a@",
      "@",
      "-x.y",
      "1.2.3.4",
      "1.2.3.256",
      "01.2.3.4",
      "a.b.c.d",
      "::1",
      "::g",
      "http://a/b",
      "a b",
      "%zz",
      "[",
      "(",
      "P1D",
      "P",
      "P1Y2H",
      "/a~2",
      "1.2.3",
      "1.02.3",
      "1.2.3-a..b",
      "http://[::1]/",
      "23:59:60Z",
      "12:00:00+01:00",
      "x y@z",
      "c7f1d0a0-0000-4000-8000-00000000000g",
      ":a",
      "1:2",
      "é",
      "20200-1-01T00:00:00Z",
      "2020-01-01é",
      "P1é",
      "𐀀𐀀𐀀𐀀𐀀",
      "éééé-éé-éé-éé-éééééé",
      `${"é".repeat(32)}@${"é".repeat(32)}`,
      "é".repeat(127),
    ].map((v) => [`{${d7}"properties":{"a":{"format":"${f}"}}}`, `{a: ${JSON.stringify(v)}}`] as const)
  ),
  [`{${d20}"properties":{"a":{"format":"ipv4"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"pattern":"(?=x)"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"pattern":"["}}}`, `{a: x}`],
  [``, `{}`],
  [`{`, `{}`],
  [`{"type":"strng"}`, `{}`],
  [`{${d7}"properties":[]}`, `{}`],
  [`{${d7}"properties":{"a":{"type":"integer","minLength":-1}}}`, `{}`],
  [`{${d7}"properties":{"a":{"$ref":"#"}},"required":["b"]}`, `{b: 1, a: {}}`],
  [`{${d7}"properties":{"a":{"$ref":"http://json-schema.org/draft-07/schema#"}}}`, `{a: {type: 5}}`],
  [`{${d7}"properties":{"a":{"type":"integer"}}}`, `{a: 5.0}`],
  [`{${d7}"properties":{"a":{"type":["string","integer","object","null"]}}}`, `{a: [1]}`],
  [
    `{${d20}"$dynamicAnchor":"node","properties":{"kids":{"items":{"$dynamicRef":"#node"}},"v":{"type":"string"}}}`,
    `{kids: [{v: 1}]}`,
  ],
  [
    `{${d19}"$recursiveAnchor":true,"properties":{"kids":{"items":{"$recursiveRef":"#"}},"v":{"type":"string"}}}`,
    `{kids: [{v: 1}]}`,
  ],
  // Numbers are shown as they are spelled, and compared as they are.
  [`{${d7}"properties":{"a":{"enum":[1.0,2E3,-0,0.10,4294967296,1e-7,1e400]}}}`, `{a: 3}`],
  [`{${d7}"properties":{"a":{"const":9007199254740993}}}`, `{a: 9007199254740992}`],
  [`{${d7}"properties":{"a":{"minimum":-0,"exclusiveMinimum":-0.0}}}`, `{a: -1}`],
  [`{${d7}"properties":{"a":{"minimum":1e400,"exclusiveMinimum":-1e400}}}`, `{a: 3}`],
  [`{${d7}"properties":{"a":{"const":"\\\\"}}}`, `{a: x}`],
  // What the metaschemas say.
  [`{${d7}"properties":{"a":{"pattern":"("}}}`, `{}`],
  [`{${d20}"properties":{"a":{"pattern":"("}}}`, `{}`],
  [`{${d20}"patternProperties":{"[":true}}`, `{}`],
  [`{${d4}"properties":{"a":{"id":"x"}}}`, `{}`],
  [`{${d4}"properties":{"a":{"format":1}}}`, `{}`],
  [`{"$schema":"http://json-schema.org/draft-06/schema#","properties":{"a":{"examples":1}}}`, `{}`],
  [`{${d7}"properties":{"a":{"writeOnly":1}}}`, `{}`],
  [`{"$schema":"urn:x","required":["a"]}`, `{}`],
  [`{"$schema":"x#y"}`, `{}`],
  [`{} x`, `{}`],
  [`{} {}`, `{}`],
  // The branch of an if that is never taken is not looked at.
  [`{${d19}"if":true,"then":{},"else":{"$ref":"#nope"}}`, `{}`],
  // Where no schema stands for the draft, one is looked at only when something refers to it.
  [`{${d7}"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"none"}}}`, `{}`],
  [`{${d7}"properties":{"a":{"$ref":"#/x/0"}},"x":[{"minimum":"1"}],"$defs":{"n":{"type":"none"}}}`, `{}`],
  [`{${d7}"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"number"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"$ref":"#/definitions"}},"definitions":{"n":{"type":"number"}}}`, `{a: x}`],
  [`{${d7}"properties":{"a":{"$ref":"#/definitions/n","const":1,"enum":[2]}},"definitions":{"n":{}}}`, `{a: 3}`],
  // In 2019 a dynamic anchor is none.
  [`{${d19}"$defs":{"n":{"$dynamicAnchor":"n"}},"$ref":"#n"}`, `{}`],
  [`{${d7}"properties":{"a":{"format":"date"}}}`, `{a: "\\u00ad\\u0001"}`],
];

/** Schemas of no draft and of wrong ones, references to odd places, and files that are no JSON. */
const odd: (readonly [schema: string, values: string])[] = [
  ...["", "nope", "schema.json", "file:///values.schema.json", "file:///none.json", "http://[::1", "ftp://x/y"]
    .map((name) => [`{"$schema":"${name}","type":"string"}`, `{}`] as const),
  [`{"$schema":"http://json-schema.org/draft-07/schema#/x","type":"string"}`, `{}`],
  [`{"$schema":7,"type":"string"}`, `{}`],
  ...[d4, d7, d19, d20, ""].flatMap((draft) => [
    [`{${draft}"other":{"x":{"type":"strng"}},"properties":{"a":{"$ref":"#/other/x"}}}`, `{a: 1}`] as const,
    [`{${draft}"$defs":{"x":{"type":"strng"}},"properties":{"a":{"$ref":"#/$defs/x"}}}`, `{a: 1}`] as const,
    [`{${draft}"$defs":{"x":{"type":"strng"}}}`, `{a: 1}`] as const,
    [`{${draft}"properties":{"a":{"pattern":"("}}}`, `{}`] as const,
    [`{${draft}"patternProperties":{"(?!x)":{}}}`, `{}`] as const,
    [`{${draft}"then":{"$ref":"#/nowhere"}}`, `{}`] as const,
    [`{${draft}"if":true,"then":{"required":["b"]},"else":{"$ref":"#/nowhere"}}`, `{}`] as const,
    [`{${draft}"if":false,"then":{"$ref":"#/nowhere"},"else":{"required":["b"]}}`, `{}`] as const,
    [`{${draft}"default":{"$id":"x.json"},"properties":{"a":{"$ref":"x.json"}}}`, `{a: 1}`] as const,
  ]),
  [`{${d7}"definitions":{"t":{"$id":"t.json","properties":{"x":{"$id":"t.json"}}}}}`, `{}`],
  [`{${d20}"$anchor":"x","$defs":{"t":{"$anchor":"x"}}}`, `{}`],
  [`{${d20}"$defs":{"t":{"$id":"http://[::1"}}}`, `{}`],
  [`{${d7}"definitions":{"t":{"$id":"a%zz"}}}`, `{}`],
  [`{${d4}"definitions":{"t":{"id":" http://example.invalid/"}}}`, `{}`],
  [`{${d7}"definitions":{"t":{"$id":"#%zz"}}}`, `{}`],
  [`{${d4}"definitions":{"x":{"id":"#foo","type":"string"}},"properties":{"a":{"$ref":"#foo"}}}`, `{a: 1}`],
  [`{${d7}"definitions":{"x":{"$id":"#foo","type":"string"}},"properties":{"a":{"$ref":"#foo"}}}`, `{a: 1}`],
  [
    `{${d4}"id":"https://x.example/s","properties":{"a":{"$ref":"t"}},"definitions":{"t":{"id":"t","type":"null"}}}`,
    `{a: 1}`,
  ],
  ...[
    "#/definitions/a%25b",
    "#/definitions/a%b",
    "#/definitions/a~b",
    "#/definitions/a b",
    "#/definitions/a%20c",
    "#x y",
  ]
    .concat("http://[::1", ":x", "#/allOf/00", "#/allOf/-1", "#/allOf/x", "x.json", "urn:a:b", "#/definitions/é/x")
    .map((to) =>
      [
        `{${d7}"allOf":[true],"properties":{"a":{"$ref":"${to}"}},"definitions":{"a%b":{"type":"null"},"a b":false}}`,
        `{a: 1}`,
      ] as const
    ),
  [" \n", `{}`],
  ...["-", "1e", "nul", "nul ", "[1,", "[1\u00ff]"].map((text) => [text, `{}`] as const),
  ["{} x", `{}`],
  ["{}{}", `{}`],
  ['{"a":', `{}`],
  ["{'a':1}", `{}`],
  [`{${d7}"properties":{"a":{"minimum":1}}}`, `{a: -0.0}`],
  ...[
    "10:00",
    "a:b",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7:8:9",
    "1:",
    "::1.2.3.256",
    "1::1.2.3",
    "::ffff:1.2.3.4",
    "::%",
  ]
    .concat("1:2:3:4:5:6:7::8", "fe80::1%eth0", "http://[::1", "http://[::1%25eth0]/", "http://a:b/", "//x:y", '"x')
    .concat("http://x y", "{a", "{a}/{", "%zz", "x\\\\y", "mailto:a@b")
    .flatMap((text) =>
      ["ipv6", "uri", "uri-reference", "uri-template", "iri", "hostname"].map((format) =>
        [`{${d7}"properties":{"a":{"format":"${format}"}}}`, `{a: ${JSON.stringify(text)}}`] as const
      )
    ),
];

/** Schemas whose failures have one order, whatever that of Go's maps. */
const ordered: (readonly [schema: string, values: string])[] = [
  // Cycles, with the keywords that lead to both ends.
  ...[d4, d7, d19, d20].flatMap((draft) => [
    [`{${draft}"$ref":"#"}`, `{}`] as const,
    [`{${draft}"properties":{"a":{"$ref":"#/properties/a"}}}`, `{a: 1}`] as const,
    [`{${draft}"allOf":[{"not":{}},{"anyOf":[{"$ref":"#"}]}]}`, `{}`] as const,
    [
      `{${draft}"properties":{"a":{"$ref":"#/definitions/x~1y%20z"}},"definitions":{"x/y z":{"allOf":[{"$ref":"#/properties/a"}]}}}`,
      `{a: 1}`,
    ] as const,
    [`{${draft}"not":{"$ref":"#"}}`, `{}`] as const,
    [`{${draft}"dependencies":{"a":{"$ref":"#"}}}`, `{a: 1}`] as const,
    [`{${draft}"properties":{"a":{"propertyNames":{"$ref":"#/properties/a/propertyNames"}}}}`, `{a: {x: 1}}`] as const,
  ]),
  [`{${d19}"$recursiveAnchor":true,"allOf":[{"$recursiveRef":"#"}]}`, `{}`],
  [`{${d20}"$dynamicAnchor":"n","anyOf":[{"$dynamicRef":"#n"}]}`, `{}`],
  // The same id or anchor twice.
  [`{${d7}"$id":"http://x.example/t","definitions":{"t":{"$id":"t"}}}`, `{}`],
  [`{${d20}"$id":"http://x.example/\"","$defs":{"t\"":{"$id":"%22"}}}`, `{}`],
  [`{${d20}"$anchor":"x","$defs":{"t":{"$defs":{"u":{"$anchor":"x"}}}}}`, `{}`],
  [`{${d20}"$defs":{"t":{"$anchor":"x","$dynamicAnchor":"x"}},"$ref":"#x"}`, `{}`],
  [`{${d7}"$ref":"#/definitions/a","$id":"#%zz","definitions":{"a":true}}`, `{}`],
  // Addresses as Go resolves them.
  ...[
    "?q",
    "x?",
    "/x/./y/../z",
    "file:x",
    "file://host/x",
    "urn:x:y#z",
    "data:,{}",
    "MAILTO:x",
    "a/b:c",
    "../../x",
    "*",
  ]
    .concat("//host/a b", "#%ff", "#/%ff", "#%4", "é", "x#y#z")
    .flatMap((address) => [
      [`{${d20}"$defs":{"a":{"$ref":"${address}"}}}`, `{}`] as const,
      [`{${d20}"$defs":{"a":{"$id":"${address}","$defs":{"b":{"$ref":"y.json#/q"}}}}}`, `{}`] as const,
    ]),
  [`{${d7}"properties":{"a":{"$ref":"https://json-schema.org/draft-07/schema#"}}}`, `{a: {type: 5}}`],
  [`{"properties":{"a":{"$ref":"http://json-schema.org/schema"}}}`, `{a: {type: 5}}`],
  // A resource of another draft has that draft's metaschema.
  [
    `{${d20}"$defs":{"a":{${d4}"$id":"a","id":"a","minimum":1,"exclusiveMinimum":true,"properties":{"x":{"type":"y"}}}}}`,
    `{}`,
  ],
  [`{${d7}"definitions":{"a":{${d20}"$id":"a","items":[true],"$defs":{"x":{"exclusiveMinimum":true}}}}}`, `{}`],
  [`{${d7}"definitions":{"a":{${d20}"items":[true]}}}`, `{}`],
  // The first reference to nothing is told.
  [`{${d7}"items":{"$ref":"#/n1"},"not":{"$ref":"#/n2"}}`, `{}`],
  [`{${d20}"items":{"$ref":"#/n1"},"additionalProperties":{"$ref":"#/n2"}}`, `{}`],
  [`{${d20}"contains":{"$ref":"#/n1"},"if":{"$ref":"#/n2"},"unevaluatedItems":{"$ref":"#/n3"}}`, `{}`],
  [`{${d20}"$dynamicRef":"#/n1","$recursiveRef":"#/n2"}`, `{}`],
  // Counts and numbers past those of JavaScript.
  ...["18446744073709551618", "9223372036854775807", "1e400", "1e1000001", "20e-1", "-0.0", "1.5"].flatMap((number) => [
    [`{${d7}"maxProperties":${number}}`, `{a: 1, b: 2, c: 3}`] as const,
    [`{${d7}"minProperties":${number}}`, `{a: 1}`] as const,
    [`{${d7}"properties":{"a":{"enum":[${number}]}}}`, `{a: 2}`] as const,
  ]),
  [`{${d7}"properties":{"a":{"items":[true],"additionalItems":false}}}`, `{a: [${"1,".repeat(1300)}]}`],
  [
    `{${d7}"properties":{"a":{"uniqueItems":true}}}`,
    `{a: [${[...Array(1300).keys(), "{x: 1e2, y: [é]}", "{y: [é], x: 100}"]}]}`,
  ],
  [`{${d20}"properties":{"a":{"contains":{"const":5},"maxContains":1200}}}`, `{a: [${"5,".repeat(1300)}]}`],
];

/** Schemas in a folder. */
const files = {
  "t.json": `{"$defs":{"s":{"type":"string"}},"$anchor":"top","x":{"$id":"u.json","type":"null"}}`,
  "u.json": `{"type":"boolean"}`,
  "bad.json": `{"minLength":"x"}`,
  "text.json": "hello",
  "mark.json": "\ufeff{}",
  "formats.json": `{${d20}"$vocabulary":{${
    vocabularies("core", "applicator", "validation", "format-assertion")
  },"urn:x":false}}`,
  "few.json": `{${d20}"$vocabulary":{${vocabularies("applicator")}}}`,
  "unknown.json": `{${d20}"$vocabulary":{"urn:x":true}}`,
};

function vocabularies(...names: string[]): string {
  return names.map((name) => `"https://json-schema.org/draft/2020-12/vocab/${name}":true`).join();
}

/** Schemas that refer to those of a folder, and values. */
const referring = (folder: string): (readonly [schema: string, values: string])[] => [
  ...["t.json", "t.json#/$defs/s", "bad.json", "t.json#top", "t.json#nope", "t.json#/x", "u.json", "none.json"]
    .concat("text.json", "mark.json", "%75.json", "", "u.json/x", "x".repeat(300))
    .flatMap((path) => [
      [`{"properties":{"a":{"$ref":"${folder}/${path}"}}}`, `{a: 1}`] as const,
      [`{"$id":"${folder}/","allOf":[{"$ref":"t.json"}],"properties":{"a":{"$ref":"${path}"}}}`, `{a: 1}`] as const,
    ]),
  ...["formats.json", "few.json", "unknown.json", "text.json"].flatMap((path) =>
    [
      `"properties":{"a":{"format":"ipv4"}},"required":["b"]`,
      `"properties":{"a":{"type":"y"}}`,
      `"properties":1,"$anchor":1`,
      `"unevaluatedProperties":false`,
    ].map((keywords) => [`{"$schema":"${folder}/${path}",${keywords}}`, `{a: x}`] as const)
  ),
  [`{"$defs":{"a":{"$id":"a","$schema":"${folder}/few.json","minLength":"x","items":1}},"$ref":"a"}`, `{}`],
];

const ours = (schema: string, values: string) => answer({ op: "schema", text: schema, values }).err ?? "";

/** No remote schema is known. */
const none = new Map();

function chartWith(schema: string | null, name = "c", dependencies: readonly Chart[] = []): Chart {
  return {
    metadata: { name, version: "1.0.0", apiVersion: "v2" },
    lock: null,
    templates: [],
    values: new Map(),
    schema: schema === null ? null : new TextEncoder().encode(schema),
    files: [],
    dependencies,
    digest: "",
  };
}

/**
 * Helm looks at properties in no order; failures that stand beside each other may stand in any, and where a property's
 * name is wrong is told of the place where it went on to.
 */
function inOneOrder(text: string): string {
  return text.replaceAll(/at '.*': (?=invalid propertyName )/g, "").split("\n").sort().join("\n");
}

describe("values by a chart's schema", () => {
  let oracle: Oracle;
  before(async () => {
    oracle = await startOracle();
  });
  after(() => oracle[Symbol.asyncDispose]());

  it("are refused with Helm's words", async () => {
    for (const [schema, values] of [...cases, ...odd]) {
      const { err = "" } = await oracle.ask("schema", schema, values);
      assert.equal(inOneOrder(ours(schema, values)), inOneOrder(err), `${schema} ${values}`);
    }
  });

  it("are refused in the order of Helm's library where that has one", async () => {
    for (const [schema, values] of ordered) {
      const { err = "" } = await oracle.ask("schema", schema, values);
      assert.equal(ours(schema, values), err, `${schema} ${values}`);
    }
  });

  it("are refused by schemas on the machine, and by their metaschemas and vocabularies, as Helm does", async () => {
    const folder = await mkdtemp(join(tmpdir(), "schemas-"));
    try {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      for (const [schema, values] of referring(`file://${folder}`)) {
        const { err = "" } = await oracle.ask("schema", schema, values);
        // Go asks the vocabularies of a metaschema in a random order.
        assert.deepEqual(lines(ours(schema, values)), lines(err), `${schema} ${values}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const lines = (text: string) => text.split("\n").sort();

it("failures are listed in order of the properties' names", () => {
  const schema = '{"additionalProperties":{"type":"string"}}';
  assert.equal(
    schemaFailures(chartWith(schema), readYamlMap("{z: 1, a: 2, m: x}"), none),
    "c:\n- at '/a': got number, want string\n- at '/z': got number, want string\n",
  );
});

it("values that nest deeper than the stack allows are a failure", () => {
  const message = "c:\nunable to validate schema: the schema, or the values, nest deeper than the stack allows";
  let list: GoValue = [];
  for (let i = 0; i < 100_000; i++) list = [list];
  const lists = '{"additionalProperties":{"$ref":"#/$defs/l"},"$defs":{"l":{"items":{"$ref":"#/$defs/l"}}}}';
  assert.equal(schemaFailures(chartWith(lists), new Map([["a", list]]), none), message);
});

it("subcharts have their own schemas and their own values", () => {
  const strict = '{"required":["port"]}';
  const chart = chartWith(strict, "top", [chartWith(strict, "sub"), chartWith(strict, "idle"), chartWith(null, "odd")]);
  assert.equal(
    schemaFailures(chart, readYamlMap("{port: 1, sub: {}, idle: null, odd: [1]}"), none),
    "sub:\n- at '': missing property 'port'\n" +
      "odd:\ninvalid type for values: expected object (map), got []interface {}\n",
  );
});

describe("a schema elsewhere", () => {
  const url = "https://example.com/schema.json";
  const chart = () => chartWith(`{"properties":{"a":{"$ref":"${url}#/definitions/a"}}}`);
  const values = readYamlMap("{a: 1}");

  it("is asked for, and so are those that it refers to", () => {
    assert.throws(() => schemaFailures(chart(), values, none), { name: "SchemaNeeded", url });
    const next = new Map([[url, { text: '{"definitions":{"a":{"$ref":"other.json"}}}' }]]);
    const other = "https://example.com/other.json";
    assert.throws(() => schemaFailures(chart(), values, next), { name: "SchemaNeeded", url: other });
    next.set(other, { text: '{"type":"string"}' });
    assert.equal(schemaFailures(chart(), values, next), "c:\n- at '/a': got number, want string\n");
  });

  it("that cannot be had is a failure, until it can be had", () => {
    const same = chart();
    const failed = new Map([[url, { error: "no such host" }]]);
    assert.equal(schemaFailures(same, values, failed), `c:\nfailing loading "${url}": no such host`);
    assert.equal(schemaFailures(same, values, new Map([[url, { text: '{"definitions":{"a":true}}' }]])), "");
  });
});

it("a name that Helm does not resolve is told of once, and everything meets it", () => {
  const chart = () => chartWith('{"allOf":[{"$ref":"urn:x"},{"$ref":"urn:y"}]}');
  const logged: unknown[] = [];
  const charts = { ...chart(), dependencies: [{ ...chart(), metadata: { ...chart().metadata, name: "sub" } }] };
  assert.equal(schemaFailures(charts, readYamlMap("sub: {}"), none, (...line) => logged.push(line)), "");
  const message = "unresolved URN reference ignored; using permissive schema";
  assert.deepEqual(logged, ["urn:x", "urn:y"].map((urn) => ["WARN", message, { urn }]));
});

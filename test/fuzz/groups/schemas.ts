/** JSON schemas of all drafts, and values that meet them or do not. */
import fc from "fast-check";
import type { Group } from "../question.ts";
import { awkward, damaged, many, one, some, t, weighted, words } from "../text.ts";
import { type Data, data, flow, NumberText, numberTexts } from "../values.ts";

const dialect = weighted(
  [4, ""],
  [
    12,
    words(
      "http://json-schema.org/draft-04/schema# http://json-schema.org/draft-06/schema# " +
        "http://json-schema.org/draft-07/schema# http://json-schema.org/draft-07/schema " +
        "https://json-schema.org/draft/2019-09/schema https://json-schema.org/draft/2020-12/schema",
    ),
  ],
  [1, words("http://json-schema.org/schema# https://json-schema.org/draft-07/schema# x urn:x #/definitions/a")],
);

const json = (text: string) => JSON.stringify(text);
const key = words("a b c d");
const quotedKey = key.map(json);
const value = data.map((some) => flow(some).replace(/\\U[0-9a-f]{8}/g, "x"));
const scalar = one(
  words('1 2 0 -1 1.5 "a" "b" "" true null [] {} 1.0 1e2 "2020-01-01"'),
  numberTexts,
  awkward.map(json),
);
const count = words("0 1 2 3");
const number = one(words("0 1 2 -1 1.5 0.1 3 100 1e3 1.0 123456.75 1e-7"), numberTexts);
const type = words("string integer number boolean null array object").map(json);
const format = words(
  "date date-time time email hostname ipv4 ipv6 uri uri-reference uri-template uuid regex json-pointer " +
    "relative-json-pointer duration idn-email idn-hostname iri iri-reference period semver nope",
).map(json);
const regex = one(
  words("^a b [0-9]+ ^.{2}$ (a|b) ^$ \\\\d \\\\p{L} [ ( (?=a) (?i)A ^[a-z]([-a-z0-9]*[a-z0-9])?$").map((text) =>
    `"${text}"`
  ),
);
const reference = words(
  "#/definitions/a #/definitions/b #/$defs/a #/$defs/b # #a #b #/properties/a #/definitions/nope a.json " +
    "#/definitions/a/x #/definitions",
).map(json);

const { schema } = fc.letrec<{ schema: string; keyword: string; schemas: string; map: string }>((tie) => {
  const below = tie("schema");
  return {
    schema: fc.oneof(
      { maxDepth: 4 },
      { weight: 1, arbitrary: words("true false {}") },
      { weight: 3, arbitrary: t`{"type": ${type}}` },
      { weight: 8, arbitrary: t`{${some(tie("keyword"), 3, ", ")}}` },
    ),
    schemas: t`[${many(below, 3, ", ")}]`,
    map: t`{${some(t`${quotedKey}: ${below}`, 3, ", ")}}`,
    keyword: one(
      t`"type": ${one(type, t`[${some(type, 3, ", ")}]`, '"nope"', "1")}`,
      t`"properties": ${tie("map")}`,
      t`"properties": ${tie("map")}`,
      t`"required": [${some(quotedKey, 3, ", ")}]`,
      t`"${words("additionalProperties unevaluatedProperties propertyNames unevaluatedItems")}": ${below}`,
      t`"patternProperties": {${some(t`${regex}: ${below}`, 2, ", ")}}`,
      t`"items": ${one(below, tie("schemas"))}`,
      t`"prefixItems": ${tie("schemas")}`,
      t`"${words("additionalItems contains not")}": ${below}`,
      t`"${words("anyOf oneOf allOf")}": ${tie("schemas")}`,
      t`"if": ${below}, "then": ${below}, "else": ${below}`,
      t`"if": ${below}, "${words("then else")}": ${below}`,
      t`"enum": [${some(scalar, 3, ", ")}]`,
      t`"const": ${one(scalar, value)}`,
      t`"${words("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf")}": ${one(number, "true")}`,
      t`"minimum": ${number}, "exclusiveMinimum": ${words("true false")}`,
      t`"${
        words(
          "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
        )
      }": ${one(count, count, words("-1 1.5 1.0"))}`,
      t`"contains": ${below}, "${words("minContains maxContains")}": ${count}`,
      t`"uniqueItems": ${words("true true false 1")}`,
      t`"pattern": ${regex}`,
      t`"format": ${format}`,
      t`"$ref": ${reference}`,
      t`"${words("$dynamicRef $recursiveRef")}": ${words("# #a #b #/definitions/a").map(json)}`,
      t`"${words("definitions $defs")}": {"a": ${below}, "b": ${below}}`,
      t`"${words("$id id")}": ${words("a.json #a http://example.invalid/b/ b #").map(json)}`,
      t`"${words("$anchor $dynamicAnchor")}": ${words("a b").map(json)}`,
      '"$recursiveAnchor": true',
      t`"${words("dependencies dependentSchemas")}": ${tie("map")}`,
      t`"${words("dependencies dependentRequired")}": {${quotedKey}: [${some(quotedKey, 2, ", ")}]}`,
      t`"contentEncoding": "base64", "contentMediaType": "application/json"`,
      t`"${words("title description default $comment x readOnly deprecated")}": ${one('"x"', scalar)}`,
    ),
  };
});

const head = t`{${dialect.map((uri) => uri === "" ? "" : `"$schema": ${json(uri)}, `)}`;
const rest = t`${weighted([3, '"type": "object"'], [1, '"x": 1'])}, "properties": {"a": ${schema}, "b": ${schema}}${
  weighted([2, ""], [1, t`, "definitions": {"a": ${schema}, "b": ${schema}}`], [
    1,
    t`, "$defs": {"a": ${schema}, "b": ${schema}}`,
  ])
}${
  weighted([3, ""], [1, t`, "required": ["c"]`], [1, t`, "additionalProperties": ${schema}`], [
    1,
    t`, "allOf": [${schema}]`,
  ])
}}`;

const values = fc.letrec<{ map: Data; item: Data }>((tie) => ({
  map: fc.array(fc.tuple(key, tie("item")), { maxLength: 3 }).map((entries) => new Map(entries)),
  item: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Data>(null, true, false, "a", "b", "", "ab", "A", "2020-01-01", new NumberText("1.5")),
    words("0 1 2 3 -1 100 1.0 12").map((text) => new NumberText(text)),
    one(
      awkward,
      words(
        "2020-01-01T00:00:00Z 12:00:00Z a@b.c a.b 1.2.3.4 ::1 http://a/b?c#d /a/b {a} P1D 1h [a 1.2.3 " +
          "123e4567-e89b-12d3-a456-426614174000 é.example xn--a 0/a",
      ),
    ),
    numberTexts.map((text) => new NumberText(text)),
    fc.array(tie("item"), { maxLength: 3 }),
    tie("map"),
  ),
})).map;

/** Schemas and values. */
export const schemas: Group = {
  name: "schema",
  questions: fc.tuple(
    weighted([12, t`${head}${rest}`], [1, schema], [1, t`${head}${damaged(rest, ' ,:[]{}"1a\\')}`]),
    values,
  )
    .map(([text, given]) => ({ op: "schema", text, values: flow(given) })),
};

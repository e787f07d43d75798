/** The drafts of JSON Schema, and where each has schemas within a schema. */
import { type GoMap, type GoValue, isList, isMap } from "../../template/value.ts";
import { escapeToken } from "./addresses.ts";

/** A draft by its year, or by its number before there were years. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** What stands under a keyword: a schema, a list of them, a map of them, or a schema or a list. */
type Shape = "one" | "list" | "map" | "any";

const draft4: Readonly<Record<string, Shape>> = {
  definitions: "map",
  not: "one",
  allOf: "list",
  anyOf: "list",
  oneOf: "list",
  properties: "map",
  additionalProperties: "one",
  patternProperties: "map",
  items: "any",
  additionalItems: "one",
  dependencies: "map",
};
const draft6: typeof draft4 = { ...draft4, propertyNames: "one", contains: "one" };
const draft7: typeof draft4 = { ...draft6, if: "one", then: "one", else: "one" };
const draft2019: typeof draft4 = {
  ...draft7,
  $defs: "map",
  dependentSchemas: "map",
  unevaluatedProperties: "one",
  unevaluatedItems: "one",
  contentSchema: "one",
};
const shapes: Readonly<Record<Draft, typeof draft4>> = {
  4: draft4,
  6: draft6,
  7: draft7,
  2019: draft2019,
  2020: { ...draft2019, prefixItems: "list" },
};

const urls = new Map<string, Draft>([
  ["json-schema.org/draft-04/schema", 4],
  ["json-schema.org/draft-06/schema", 6],
  ["json-schema.org/draft-07/schema", 7],
  ["json-schema.org/draft/2019-09/schema", 2019],
  ["json-schema.org/draft/2020-12/schema", 2020],
  ["json-schema.org/schema", 2020],
]);

/** The draft that a `$schema` names; undefined for a metaschema of somebody else's. */
export function draftNamed(schema: string): Draft | undefined {
  return urls.get(schema.replace(/#$/, "").replace(/^http:\/\/|^https:\/\//, ""));
}

/** The schemas right within a schema that stands at `pointer`, with where they stand. */
export function* subschemas(draft: Draft, schema: GoMap, pointer: string): Generator<[string, GoValue]> {
  for (const [keyword, value] of schema) {
    if (!Object.hasOwn(shapes[draft], keyword)) continue;
    const shape = shapes[draft][keyword];
    const at = `${pointer}/${keyword}`;
    if (shape === "one" || shape === "any") yield [at, value];
    if (isList(value) && (shape === "list" || shape === "any")) {
      for (const [i, item] of value.entries()) yield [`${at}/${i}`, item];
    }
    if (isMap(value) && shape === "map") {
      for (const [key, item] of value) yield [`${at}/${escapeToken(key)}`, item];
    }
  }
}

/** The `$id` of a schema without its fragment; "" where it has none. */
export function idOf(draft: Draft, schema: GoMap): string {
  // Before 2019 nothing counts beside a `$ref`.
  if (draft < 2019 && schema.has("$ref")) return "";
  const id = schema.get(draft === 4 ? "id" : "$id");
  return typeof id === "string" ? id.split("#", 1)[0] : "";
}

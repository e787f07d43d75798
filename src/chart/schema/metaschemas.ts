/** The metaschemas of the drafts, as ajv packages them. */
import draft2019 from "ajv/dist/refs/json-schema-2019-09/schema.json" with { type: "json" };
import applicator2019 from "ajv/dist/refs/json-schema-2019-09/meta/applicator.json" with { type: "json" };
import content2019 from "ajv/dist/refs/json-schema-2019-09/meta/content.json" with { type: "json" };
import core2019 from "ajv/dist/refs/json-schema-2019-09/meta/core.json" with { type: "json" };
import format2019 from "ajv/dist/refs/json-schema-2019-09/meta/format.json" with { type: "json" };
import metadata2019 from "ajv/dist/refs/json-schema-2019-09/meta/meta-data.json" with { type: "json" };
import validation2019 from "ajv/dist/refs/json-schema-2019-09/meta/validation.json" with { type: "json" };
import draft2020 from "ajv/dist/refs/json-schema-2020-12/schema.json" with { type: "json" };
import applicator2020 from "ajv/dist/refs/json-schema-2020-12/meta/applicator.json" with { type: "json" };
import content2020 from "ajv/dist/refs/json-schema-2020-12/meta/content.json" with { type: "json" };
import core2020 from "ajv/dist/refs/json-schema-2020-12/meta/core.json" with { type: "json" };
import format2020 from "ajv/dist/refs/json-schema-2020-12/meta/format-annotation.json" with { type: "json" };
import metadata2020 from "ajv/dist/refs/json-schema-2020-12/meta/meta-data.json" with { type: "json" };
import unevaluated2020 from "ajv/dist/refs/json-schema-2020-12/meta/unevaluated.json" with { type: "json" };
import validation2020 from "ajv/dist/refs/json-schema-2020-12/meta/validation.json" with { type: "json" };
import draft6 from "ajv/dist/refs/json-schema-draft-06.json" with { type: "json" };
import draft7 from "ajv/dist/refs/json-schema-draft-07.json" with { type: "json" };
import draft4 from "ajv-draft-04/dist/refs/json-schema-draft-04.json" with { type: "json" };
import type { GoMap, GoValue, Json } from "../../template/value.ts";
import type { Draft } from "./drafts.ts";

const urls: Readonly<Record<Draft, string>> = {
  4: "http://json-schema.org/draft-04/schema",
  6: "http://json-schema.org/draft-06/schema",
  7: "http://json-schema.org/draft-07/schema",
  2019: "https://json-schema.org/draft/2019-09/schema",
  2020: "https://json-schema.org/draft/2020-12/schema",
};

/** By their addresses as if all were `http:`. */
const documents = new Map<string, unknown>(
  [
    draft6,
    draft7,
    draft2019,
    applicator2019,
    content2019,
    core2019,
    format2019,
    metadata2019,
    validation2019,
    draft2020,
    applicator2020,
    content2020,
    core2020,
    format2020,
    { ...format2020, $id: format2020.$id.replace("annotation", "assertion") },
    metadata2020,
    unevaluated2020,
    validation2020,
  ].map((schema) => [plain(schema.$id.replace(/#$/, "")), schema]),
).set(urls[4], draft4).set("http://json-schema.org/schema", draft2020);

function plain(url: string): string {
  return url.replace(/^https:/, "http:");
}

const texts = { type: "string" };

/** What the metaschemas of Helm's library say otherwise than ajv's; undefined for what they do not say. */
const amendments: Readonly<Record<string, Readonly<Record<string, Json | undefined>>>> = {
  [urls[4]]: { id: texts, format: texts, $ref: texts },
  [urls[6]]: { examples: undefined },
  [urls[7]]: { writeOnly: { type: "boolean" } },
};

/** The address of a draft's metaschema, without a fragment. */
export function metaschemaUrl(draft: Draft): string {
  return urls[draft];
}

/** The metaschema, or the part of one, at an address without a fragment; undefined for any other address. */
export function metaschema(url: string): GoValue | undefined {
  const document = documents.get(plain(url));
  if (document === undefined) return undefined;
  const schema = goValue(document as Json) as GoMap;
  const properties = schema.get("properties") as GoMap;
  for (const [name, amended] of Object.entries(amendments[plain(url)] ?? {})) {
    if (amended === undefined) properties.delete(name);
    else properties.set(name, goValue(amended));
  }
  return schema;
}

function goValue(json: Json): GoValue {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(goValue);
  return new Map(Object.entries(json).map(([key, value]) => [key, goValue(value)]));
}

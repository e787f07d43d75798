/** Values against the JSON schemas of a chart and its subcharts (helm.sh/helm/v4/pkg/chart/common/util/jsonschema.go). */
import { type GoMap, isMap } from "../template/value.ts";
import { typeName } from "../template/format.ts";
import { readJson } from "../yaml/json.ts";
import type { Chart } from "./chart.ts";
import { compileSchema } from "./schema/compile.ts";
import type { Schema } from "./schema/compiled.ts";
import { printFailures } from "./schema/failure.ts";
import { validate } from "./schema/validate.ts";

/**
 * What is wrong with coalesced values, in Helm's words: a chart's name on a line, then its failures; "" when nothing
 * is. Subcharts that have no values are not looked at.
 */
export function schemaFailures(chart: Chart, values: GoMap): string {
  let text = "";
  if (chart.schema !== null) {
    const failures = failuresOf(chart.schema, values);
    if (failures !== "") text += `${chart.metadata.name}:\n${failures}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = values.get(name) ?? null;
    if (isMap(own)) text += schemaFailures(subchart, own);
    else if (own !== null) {
      text += `${name}:\ninvalid type for values: expected object (map), got ${typeName(own)}\n`;
    }
  }
  return text;
}

/** Compiled schemas, or the words of why there is none, by the files' bytes. */
const compiled = new WeakMap<Uint8Array, Schema | string>();

function failuresOf(source: Uint8Array, values: GoMap): string {
  let schema = compiled.get(source);
  if (schema === undefined) compiled.set(source, schema = compile(source));
  if (typeof schema === "string") return schema;
  const failure = validate(schema, values);
  return failure === undefined ? "" : `${printFailures(failure)}\n`;
}

function compile(source: Uint8Array): Schema | string {
  try {
    return compileSchema(readJson(new TextDecoder().decode(source)));
  } catch (error) {
    return (error as Error).message.replace(
      /^unexpected end of JSON input$/,
      source.length === 0 ? "EOF" : "unexpected EOF",
    );
  }
}

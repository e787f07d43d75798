/** Values against the JSON schemas of a chart and its subcharts (helm.sh/helm/v4/pkg/chart/common/util/jsonschema.go). */
import { type GoMap, type GoValue, isMap } from "../template/value.ts";
import { typeName } from "../template/format.ts";
import { compact } from "../yaml/compact.ts";
import { readJsonSpelled } from "../yaml/json.ts";
import type { Chart } from "./chart.ts";
import { ignoreWarnings, type Warn } from "./chart-error.ts";
import { type RemoteSchemas, SchemaNeeded } from "./remote-schema.ts";
import { compileSchema } from "./schema/compile.ts";
import type { Schema } from "./schema/compiled.ts";
import { printFailures } from "./schema/failure.ts";
import { numeral } from "./schema/numbers.ts";
import { SchemaError } from "./schema/addresses.ts";
import { validate } from "./schema/validate.ts";

/**
 * What is wrong with coalesced values, in Helm's words: a chart's name on a line, then its failures; "" when nothing
 * is. Subcharts that have no values are not looked at.
 *
 * Throws {@link SchemaNeeded} for a remote schema that `remote` does not hold.
 */
export function schemaFailures(
  chart: Chart,
  values: GoMap,
  remote: RemoteSchemas,
  warn: Warn = ignoreWarnings,
): string {
  let text = "";
  if (chart.schema !== null) {
    const failures = failuresOf(chart.schema, values, remote, warn);
    if (failures !== "") text += `${chart.metadata.name}:\n${failures}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = values.get(name) ?? null;
    if (isMap(own)) text += schemaFailures(subchart, own, remote, warn);
    else if (own !== null) {
      text += `${name}:\ninvalid type for values: expected object (map), got ${typeName(own)}\n`;
    }
  }
  return text;
}

/** Compiled schemas, or the words of why there is none, by the files' bytes. */
const compiled = new WeakMap<Uint8Array, Schema | string>();

function failuresOf(source: Uint8Array, values: GoMap, remote: RemoteSchemas, warn: Warn): string {
  let schema = compiled.get(source);
  if (schema === undefined) {
    const loader = new Loader(remote, warn);
    schema = compile(source, loader);
    // A schema that could not be fetched may be there next time.
    if (!loader.failed) compiled.set(source, schema);
  }
  if (typeof schema === "string") return schema;
  const failure = validate(schema, values);
  return failure === undefined ? "" : `${printFailures(failure)}\n`;
}

function compile(source: Uint8Array, loader: Loader): Schema | string {
  try {
    return compileSchema(compact(readSchema(decoder.decode(source))), (url) => loader.load(url));
  } catch (error) {
    if (error instanceof SchemaNeeded) throw error;
    return (error as Error).message;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A schema's JSON. Throws with the words of json.Decoder, which differ from json.Unmarshal's. */
function readSchema(text: string): GoValue {
  try {
    return readJsonSpelled(text, numeral);
  } catch (error) {
    const { message } = error as Error;
    if (message === "unexpected end of JSON input") {
      throw new Error(text.trim() === "" ? "EOF" : "unexpected EOF", { cause: error });
    }
    throw new Error(message.replace(/^invalid character .* after top-level value$/s, afterValue), { cause: error });
  }
}

const afterValue = "invalid character after top-level value";

/** Gives the schemas that others refer to. */
class Loader {
  failed = false;

  constructor(private readonly remote: RemoteSchemas, private readonly warn: Warn) {}

  load(url: string): GoValue {
    const failing = (reason: string) => new SchemaError(`failing loading "${url}": ${reason}`);
    // A chart has no business with the files of the machine; Helm looks there, and finds nothing.
    if (url.startsWith("file:")) throw failing(`open ${new URL(url).pathname}: no such file or directory`);
    // As Helm takes names that it cannot resolve.
    if (url.startsWith("urn:")) {
      this.warn("WARN", "unresolved URN reference ignored; using permissive schema", { urn: url });
      return true;
    }
    if (!/^https?:/.test(url)) throw failing(`no URLLoader registered for ${JSON.stringify(url)}`);
    const known = this.remote.get(url);
    if (known === undefined) throw new SchemaNeeded(url);
    if ("error" in known) {
      this.failed = true;
      throw failing(known.error);
    }
    try {
      return readSchema(known.text);
    } catch (error) {
      throw failing((error as Error).message);
    }
  }
}

/** Values against the JSON schemas of a chart and its subcharts (helm.sh/helm/v4/pkg/chart/common/util/jsonschema.go). */
import { type GoMap, type GoValue, isMap } from "../template/value.ts";
import { quote, typeName } from "../template/format.ts";
import { parseUrl, urlText } from "../sprig/url-parse.ts";
import { fromBytes } from "../template/bytes.ts";
import { compact } from "../yaml/compact.ts";
import { decodeJsonSpelled } from "../yaml/json-parser.ts";
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
  return failuresIn(chart, values, new Loader(remote, warn));
}

function failuresIn(chart: Chart, values: GoMap, loader: Loader): string {
  let text = "";
  if (chart.schema !== null) {
    const failures = failuresOf(chart.schema, values, loader);
    if (failures !== "") text += `${chart.metadata.name}:\n${failures}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = values.get(name) ?? null;
    if (isMap(own)) text += failuresIn(subchart, own, loader);
    else if (own !== null) {
      text += `${name}:\ninvalid type for values: expected object (map), got ${typeName(own)}\n`;
    }
  }
  return text;
}

/** Compiled schemas, or the words of why there is none, by the files' bytes. */
const compiled = new WeakMap<Uint8Array, Schema | string>();

function failuresOf(source: Uint8Array, values: GoMap, loader: Loader): string {
  try {
    const schema = schemaOf(source, loader);
    if (typeof schema === "string") return schema;
    const failure = validate(schema, values);
    return failure === undefined ? "" : `${printFailures(failure)}\n`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return "unable to validate schema: the schema, or the values, nest deeper than the stack allows";
  }
}

function schemaOf(source: Uint8Array, loader: Loader): Schema | string {
  let schema = compiled.get(source);
  if (schema !== undefined) return schema;
  loader.failed = false;
  schema = compile(source, loader);
  // A schema that could not be had may be there next time.
  if (!loader.failed) compiled.set(source, schema);
  return schema;
}

function compile(source: Uint8Array, loader: Loader): Schema | string {
  try {
    return compileSchema(compact(readSchema(fromBytes(source))), (url) => loader.load(url));
  } catch (error) {
    if (error instanceof SchemaNeeded || error instanceof RangeError) throw error;
    return (error as Error).message;
  }
}

/** A schema's JSON. Throws with the words of Helm's library, where that has its own. */
function readSchema(text: string): GoValue {
  try {
    return decodeJsonSpelled(text, numeral);
  } catch (error) {
    const { message } = error as Error;
    if (message === "unexpected EOF" && text.trim() === "") throw new Error("EOF", { cause: error });
    throw new Error(message.replace(/^invalid character .* after top-level value$/s, afterValue), { cause: error });
  }
}

const afterValue = "invalid character after top-level value";

/** Gives the schemas that others refer to. */
class Loader {
  /** Whether a schema could not be had. */
  failed = false;
  readonly #unresolved = new Set<string>();

  constructor(private readonly remote: RemoteSchemas, private readonly warn: Warn) {}

  load(url: string): GoValue {
    const failing = (reason: string) => new SchemaError(`failing loading ${quote(url)}: ${reason}`);
    let scheme: string;
    try {
      ({ scheme } = parseUrl(url));
    } catch (error) {
      throw failing((error as Error).message);
    }
    if (scheme === "urn") return this.#unresolvedName(url);
    if (!["file", "http", "https"].includes(scheme)) {
      throw failing(`no URLLoader registered for ${quote(urlText(parseUrl(url)))}`);
    }
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

  /** A schema that all values meet, as Helm takes names that it cannot resolve; it tells of each once. */
  #unresolvedName(urn: string): GoValue {
    if (!this.#unresolved.has(urn)) {
      this.warn("WARN", "unresolved URN reference ignored; using permissive schema", { urn });
    }
    this.#unresolved.add(urn);
    return true;
  }
}

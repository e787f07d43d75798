/** The values that a command line gives: `--values`, `--set` and their like (helm.sh/helm/v4/pkg/cli/values). */
import { archiveLimits } from "../chart/archive.ts";
import { readFile, readOpenFile } from "../chart/read-file.ts";
import { parseFileInto, parseInto, parseJsonInto, parseLiteralInto, parseStringInto } from "../chart/strvals.ts";
import { parseUrl } from "../sprig/url-parse.ts";
import { fromBytes } from "../template/bytes.ts";
import { mergeMaps, readValues } from "../chart/values-file.ts";
import { type GoMap, isMap } from "../template/value.ts";
import { readJson } from "../yaml/json.ts";

/** The flags, each with what was given for it, in order. */
export interface ValuesFlags {
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setJson: readonly string[];
  readonly setLiteral: readonly string[];
}

/**
 * Puts the values together as Helm does: files first, then JSON, then the other forms, a later one over an earlier.
 * Reads files of up to as many bytes as a chart may have, and standard input for `-`. Throws with Helm's words.
 */
export function readValuesFlags(flags: ValuesFlags): GoMap {
  let values: GoMap = new Map();
  for (const path of flags.values) {
    values = mergeMaps(values, saying(`failed to parse ${path}`, () => readValues(readText(path))));
  }
  for (const text of flags.setJson) values = mergeJson(values, text);
  for (const line of flags.set) saying("failed parsing --set data", () => parseInto(line, values));
  for (const line of flags.setString) saying("failed parsing --set-string data", () => parseStringInto(line, values));
  for (const line of flags.setFile) {
    saying("failed parsing --set-file data", () => parseFileInto(line, values, readText));
  }
  for (const line of flags.setLiteral) {
    saying("failed parsing --set-literal data", () => parseLiteralInto(line, values));
  }
  return values;
}

/** Either one JSON object, or a line of `key=JSON` pairs. */
function mergeJson(values: GoMap, text: string): GoMap {
  const isObject = text.trim().startsWith("{");
  try {
    if (!isObject) {
      parseJsonInto(text, values);
      return values;
    }
    const object = readJson(text);
    return isMap(object) ? mergeMaps(values, object) : values;
  } catch (error) {
    const what = isObject ? "data JSON:" : "data";
    throw new Error(`failed parsing --set-json ${what} ${text}`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    const maximum = archiveLimits.size;
    if (path.trim() === "-") return fromBytes(readOpenFile(0, "standard input", maximum));
    // Helm takes what it is given for an address first.
    const { scheme } = parseUrl(path);
    if (!["http", "https", "oci"].includes(scheme)) return fromBytes(readFile(path, maximum));
  } catch (error) {
    throw new FileProblem((error as Error).message, { cause: error });
  }
  throw new FileProblem(`no values are fetched here: download ${path} and give the file`);
}

/** A file that cannot be read, which Helm reports without saying for what. */
class FileProblem extends Error {}

function saying<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof FileProblem && what.startsWith("failed to parse")) throw error;
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

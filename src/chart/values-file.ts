/** Values files: `values.yaml` of a chart and those of a user (LoadValues and MergeMaps of Helm's loader). */
import { type GoMap, isMap } from "../template/value.ts";
import { compact } from "../yaml/compact.ts";
import { YamlError } from "../yaml/error.ts";
import { readYamlMap, splitYamlDocuments } from "../yaml/read.ts";

/**
 * Reads a values file. It may hold several documents, of which later ones win. Throws `YamlError` with Helm's words.
 */
export function readValues(text: string): GoMap {
  return saying("error reading yaml document", () => splitYamlDocuments(text))
    .map((document) => saying("cannot unmarshal yaml document", () => compact(readYamlMap(document))))
    .reduce<GoMap>(mergeMaps, new Map());
}

function saying<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof YamlError ? new YamlError(`${what}: ${error.message}`, error.line) : error;
  }
}

/** The two maps as one: maps in both are merged, of anything else `b` wins. Neither is changed. */
export function mergeMaps(a: GoMap, b: GoMap): GoMap {
  const merged = new Map(a);
  for (const [key, value] of b) {
    const other = merged.get(key);
    merged.set(key, isMap(value) && isMap(other) ? mergeMaps(other, value) : value);
  }
  return merged;
}

/** Where in schemas other schemas stand. */
import type { Draft } from "./resources.ts";

/** Keywords whose value is a schema, with the draft from which on. */
const single = new Map<string, Draft>([
  ["not", 4],
  ["additionalProperties", 4],
  ["items", 4],
  ["additionalItems", 4],
  ["propertyNames", 6],
  ["contains", 6],
  ["if", 7],
  ["then", 7],
  ["else", 7],
  ["unevaluatedProperties", 2019],
  ["unevaluatedItems", 2019],
  ["contentSchema", 2019],
]);

/** Keywords whose value holds schemas, a list or a map of them. */
const several = new Map<string, Draft>([
  ["definitions", 4],
  ["allOf", 4],
  ["anyOf", 4],
  ["oneOf", 4],
  ["items", 4],
  ["properties", 4],
  ["patternProperties", 4],
  ["dependencies", 4],
  ["$defs", 2019],
  ["dependentSchemas", 2019],
  ["prefixItems", 2020],
]);

/** Whether a schema of the draft has a schema at the JSON pointer. */
export function isSchemaPosition(pointer: string, draft: Draft): boolean {
  const tokens = pointer.split("/").slice(1);
  for (let i = 0; i < tokens.length; i++) {
    const knows = (keywords: ReadonlyMap<string, Draft>) => (keywords.get(tokens[i]) ?? Infinity) <= draft;
    const isList = /^\d+$/.test(tokens[i + 1] ?? "");
    if (knows(several) && (isList || !single.has(tokens[i]))) {
      if (++i === tokens.length) return false;
    } else if (!knows(single)) return false;
  }
  return true;
}

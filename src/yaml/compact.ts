/** Values in as little memory as they need. */
import { sharedName } from "../template/names.ts";
import { type GoMap, type GoValue, isList, isMap } from "../template/value.ts";

/**
 * What was read from a text and is kept. Its strings, which may be parts of the text and would keep all of it, comments
 * included, become strings of their own, and equal ones mostly the same. Maps are changed in place.
 */
export function compact<T extends GoValue>(value: T): T {
  if (typeof value === "string") return sharedName(value) as T;
  // A list that grew has room to spare.
  if (isList(value)) return value.map(compact) as T;
  if (isMap(value)) compactEntries(value);
  return value;
}

function compactEntries(map: GoMap): void {
  for (const [key, item] of map) map.set(key, compact(item));
}

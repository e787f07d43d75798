import { typeName } from "../template/type-name.ts";
import { type GoMap, GoObject, type GoValue, TypedMap } from "../template/value.ts";
import { isEmpty } from "./empty.ts";

/** What mergo returns as an error, where it does not panic. */
export class MergeError extends Error {}

function set(destination: GoMap, key: string, value: GoValue): void {
  if (destination instanceof TypedMap && destination.type === "map[string]string" && typeof value !== "string") {
    throw new Error(`reflect.Value.SetMapIndex: value of type ${typeName(value)} is not assignable to type string`);
  }
  destination.set(key, value);
}

/**
 * dario.cat/mergo's Merge and MergeWithOverwrite of maps: `source` into `destination`, which changes.
 *
 * Maps are merged at every depth. Else a value of the source takes the place of a missing or empty one, and with
 * `overwrite` of any one: an empty string or false included, and nil, which without `overwrite` is passed over. What
 * the destination lacked it then shares with the source.
 */
export function mergeInto(destination: GoMap, source: GoMap, overwrite: boolean): void {
  // The maps may share what the merge changes: only the keys of the start count.
  for (const key of [...source.keys()]) {
    const value = source.get(key)!;
    const present = destination.get(key) ?? null;
    if (value === null) {
      if (overwrite) destination.set(key, null);
      continue;
    }
    if (value instanceof Map && present instanceof Map) {
      mergeInto(present, value, overwrite);
      // An empty map at the destination is filled in place; only an empty source replaces it.
      if (present.size > 0) continue;
    }
    if (!overwrite && value instanceof Map && present instanceof GoObject && present.kind === "ptr") {
      throw new MergeError("src and dst must be of same type");
    }
    if (overwrite || isEmpty(present)) set(destination, key, value);
  }
}

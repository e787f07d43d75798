import type { GoMap } from "../template/value.ts";
import { isEmpty } from "./empty.ts";

/**
 * dario.cat/mergo's Merge and MergeWithOverwrite of maps: `source` into `destination`, which changes.
 *
 * Maps are merged at every depth. Else a value of the source takes the place of a missing or empty one, and with
 * `overwrite` of any one: an empty string or false included, and nil, which without `overwrite` is passed over. What
 * the destination lacked it then shares with the source.
 */
export function mergeInto(destination: GoMap, source: GoMap, overwrite: boolean): void {
  for (const [key, value] of source) {
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
    if (overwrite || isEmpty(present)) destination.set(key, value);
  }
}

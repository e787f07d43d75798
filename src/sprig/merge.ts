import { typeName } from "../template/type-name.ts";
import { type GoMap, GoObject, type GoValue, TypedMap } from "../template/value.ts";
import { isEmpty } from "./empty.ts";

/** What mergo returns as an error, where it does not panic. */
export class MergeError extends Error {}

/** What the maps of a type other than map[string]any hold, of those that a template can get hold of. */
const elements: Record<string, string> = { "map[string]string": "string", "map[string][]uint8": "[]uint8" };

/** Reflection knows what a map[string]any holds as `interface {}`, which fits into no map of another type. */
function set(destination: GoMap, key: string, value: GoValue, source: GoMap): void {
  const element = destination instanceof TypedMap ? elements[destination.type] : undefined;
  if (element === undefined || source instanceof TypedMap) {
    destination.set(key, value);
    return;
  }
  const type = Array.isArray(value) ? typeName(value) : "interface {}";
  throw new Error(`reflect.Value.SetMapIndex: value of type ${type} is not assignable to type ${element}`);
}

/** A Go map, `.Files` included, which is one with methods. */
function asMap(value: GoValue): GoMap | undefined {
  if (value instanceof Map) return value;
  const collection = value instanceof GoObject && value.kind === "map" ? value.collection() : undefined;
  return collection instanceof Map ? collection : undefined;
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
      if (overwrite) set(destination, key, null, source);
      continue;
    }
    const below = value instanceof Map ? asMap(present) : undefined;
    if (value instanceof Map && below !== undefined) {
      mergeInto(below, value, overwrite);
      // An empty map at the destination is filled in place; only an empty source replaces it.
      if (below.size > 0) continue;
    }
    if (!overwrite && isPointer(present) && (value instanceof Map || isStruct(value))) {
      throw new MergeError("src and dst must be of same type");
    }
    if (overwrite || isEmpty(present)) set(destination, key, value, source);
  }
}

function isPointer(value: GoValue): boolean {
  return value instanceof GoObject && value.kind === "ptr";
}

function isStruct(value: GoValue): boolean {
  return value instanceof GoObject && value.kind === "struct";
}

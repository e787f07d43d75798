import { typeName } from "../template/type-name.ts";
import { type GoMap, GoObject, type GoValue, TypedMap } from "../template/value.ts";
import { isEmpty } from "./empty.ts";

/** What mergo returns as an error, where it does not panic. */
export class MergeError extends Error {}

/** What the maps of a type hold that do not hold all there is, of those that a template can get hold of. */
const elements: Record<string, string> = { "map[string]string": "string", "map[string][]uint8": "[]uint8" };

const anything = "interface {}";

function elementOf(map: GoMap): string {
  return map instanceof TypedMap ? elements[map.type] ?? anything : anything;
}

/** Reflection knows a value by what its map holds: `interface {}` fits into no map that does not hold all there is. */
function set(destination: GoMap, key: string, value: GoValue, source: GoMap): void {
  const element = elementOf(destination);
  if (element === anything || element === elementOf(source)) {
    destination.set(key, value);
    return;
  }
  const type = Array.isArray(value) ? typeName(value) : elementOf(source);
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
    const entries = asMap(value);
    const below = entries && asMap(present);
    if (entries !== undefined && below !== undefined) {
      mergeInto(below, entries, overwrite);
      // An empty map at the destination is filled in place; only an empty source replaces it.
      if (below.size > 0) continue;
    }
    if (!overwrite && isPointer(present) && (entries !== undefined || isStruct(value))) {
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

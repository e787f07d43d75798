import { typeName } from "../template/format.ts";
import { fn, NilMap } from "../template/signature.ts";
import {
  type GoFunction,
  type GoList,
  type GoMap,
  type GoValue,
  isMap,
  sortedKeys,
  strings,
  TypedList,
} from "../template/value.ts";
import { MergeError, mergeInto } from "./merge.ts";
import { conversionError } from "./runtime-error.ts";
import { toText } from "./text.ts";

function dict(...pairs: GoValue[]): GoMap {
  const map: GoMap = new Map();
  for (let i = 0; i < pairs.length; i += 2) map.set(toText(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : "");
  return map;
}

function get(map: GoMap, key: string): GoValue {
  const value = map.get(key);
  return value === undefined ? "" : value;
}

function unset(map: GoMap, key: string): GoMap {
  map.delete(key);
  return map;
}

function pluck(key: string, ...maps: GoMap[]): GoList {
  const found: GoList = [];
  for (const map of maps) if (map.has(key)) found.push(map.get(key)!);
  return found;
}

/** Each map's keys, sorted; Go gives them in an order that changes with each call. */
function keys(...maps: GoMap[]): TypedList {
  return strings(maps.flatMap(sortedKeys));
}

function pick(map: GoMap, ...wanted: string[]): GoMap {
  const kept: GoMap = new Map();
  for (const key of wanted) if (map.has(key)) kept.set(key, map.get(key)!);
  return kept;
}

function omit(map: GoMap, ...unwanted: string[]): GoMap {
  const kept: GoMap = new Map(map);
  for (const key of unwanted) kept.delete(key);
  return kept;
}

/** The values in the order of their sorted keys; Go's order changes with each call. */
function values(map: GoMap): GoList {
  return sortedKeys(map).map((key) => map.get(key)!);
}

function merged(overwrite: boolean): (destination: GoMap, ...sources: GoMap[]) => GoMap {
  return (destination, ...sources) => {
    let target = destination;
    for (const source of sources) {
      if (target instanceof NilMap && !(source instanceof NilMap)) target = new Map();
      mergeInto(target, source, overwrite);
    }
    return target;
  };
}

/** Without `must` an error gives an empty text. */
function quietlyMerged(overwrite: boolean): (destination: GoMap, ...sources: GoMap[]) => GoValue {
  const merge = merged(overwrite);
  return (...maps) => {
    try {
      return merge(...maps);
    } catch (error) {
      if (error instanceof MergeError) return "";
      throw error;
    }
  };
}

const anyMap = "map[string]interface {}";

/** Go's type assertion: named map types are not map[string]any. */
function asMap(value: GoValue): GoMap {
  if (!isMap(value) || typeName(value) !== anyMap) throw conversionError(typeName(value), anyMap);
  return value;
}

function asKey(value: GoValue): string {
  if (typeof value !== "string") throw conversionError(typeName(value), "string");
  return value;
}

function dig(...args: GoValue[]): GoValue {
  if (args.length < 3) throw new Error("dig needs at least three arguments");
  let map = asMap(args[args.length - 1]);
  const fallback = args[args.length - 2];
  const path = args.slice(0, -2).map(asKey);
  for (const [i, key] of path.entries()) {
    const value = map.get(key);
    if (value === undefined) return fallback;
    if (i === path.length - 1) return value;
    map = asMap(value);
  }
  return fallback;
}

const merging = "func(map[string]any, ...map[string]any) any";
const mustMerging = "func(map[string]any, ...map[string]any) (any, error)";
const picking = "func(map[string]any, ...string) map[string]any";

/** Sprig's functions on dictionaries. `set`, `unset` and the merges change the dictionary they get. */
export const dictFunctions: Record<string, GoFunction> = {
  dict: fn("func(...any) map[string]any", dict),
  dig: fn("func(...any) (any, error)", dig),
  get: fn("func(map[string]any, string) any", get),
  hasKey: fn("func(map[string]any, string) bool", (map: GoMap, key: string) => map.has(key)),
  keys: fn("func(...map[string]any) []string", keys),
  merge: fn(merging, quietlyMerged(false)),
  mergeOverwrite: fn(merging, quietlyMerged(true)),
  mustMerge: fn(mustMerging, merged(false)),
  mustMergeOverwrite: fn(mustMerging, merged(true)),
  omit: fn(picking, omit),
  pick: fn(picking, pick),
  pluck: fn("func(string, ...map[string]any) []any", pluck),
  set: fn(
    "func(map[string]any, string, any) map[string]any",
    (map: GoMap, key: string, value: GoValue) => map.set(key, value),
  ),
  unset: fn("func(map[string]any, string) map[string]any", unset),
  values: fn("func(map[string]any) []any", values),
};

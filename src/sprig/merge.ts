import { isNil } from "../template/signature.ts";
import { kindName, typeName } from "../template/type-name.ts";
import { type GoMap, GoObject, type GoValue, TypedMap } from "../template/value.ts";
import { isEmpty } from "./empty.ts";
import { Version } from "./semver/version.ts";

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
  const type = kindName(value) === "slice" ? typeName(value) : elementOf(source);
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
    if (typeof present === "string" && kindName(value) === "slice" && elementOf(destination) === "string") {
      throw new Error("reflect: call of reflect.Value.IsNil on string Value");
    }
    const entries = asMap(value);
    const below = entries && asMap(present);
    if (entries !== undefined && below !== undefined) {
      if (!isNil(below)) mergeInto(below, entries, overwrite);
      // An empty map at the destination is filled in place; only an empty source replaces it.
      if (below.size > 0) continue;
    }
    if (present instanceof GoObject && (entries !== undefined || isStruct(value) || isPointer(value))) {
      mergeObject(present, value, overwrite);
    }
    if (overwrite || isEmpty(present)) set(destination, key, value, source);
  }
}

function isPointer(value: GoValue): value is GoObject {
  return kindName(value) === "ptr";
}

function isStruct(value: GoValue): value is GoObject {
  return kindName(value) === "struct";
}

/** A struct, a pointer or a map into what the destination has. */
function mergeObject(destination: GoObject, source: GoValue, overwrite: boolean): void {
  switch (destination.kind) {
    case "struct":
      if (!isStruct(source) && hasExported(destination)) throw fieldOf(source);
      if (isStruct(source)) mergeFields(destination, source);
      return;
    case "ptr":
      if (isPointer(source)) mergePointers(destination, source, overwrite);
      else if (!overwrite && !isNil(source) && destination.type !== `*${typeName(source)}`) {
        throw new MergeError("src and dst must be of same type");
      }
  }
}

/** What one pointer points to into what another does. All that a template can change so is a version. */
function mergePointers(destination: GoObject, source: GoObject, overwrite: boolean): void {
  if (hasExported(destination)) return mergeFields(destination, source);
  if (!overwrite) return;
  if (destination.type !== source.type) {
    const [got, wanted] = [source, destination].map(({ type }) => type.slice(1));
    throw new Error(`reflect.Set: value of type ${got} is not assignable to type ${wanted}`);
  }
  if (destination instanceof Version && source instanceof Version) destination.assign(source);
}

/** The fields of a struct into those of another, which is a copy or has them already; but they must be there. */
function mergeFields(destination: GoObject, source: GoObject): void {
  if (!hasExported(destination)) return;
  const fields = source.structFields();
  destination.structFields().forEach(([, field], i) => {
    if (i >= fields.length) throw new Error("reflect: Field index out of range");
    const [, other] = fields[i];
    if (!isStruct(field)) return;
    if (!isStruct(other)) throw fieldOf(other);
    mergeFields(field, other);
  });
}

function hasExported(object: GoObject): boolean {
  return object.structFields().some(([name]) => /^[A-Z]/.test(name));
}

/** Go's panic where a field is asked for of what is no struct. */
function fieldOf(value: GoValue): Error {
  return new Error(`reflect: call of reflect.Value.Field on ${kindName(value)} Value`);
}

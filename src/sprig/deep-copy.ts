import { type GoValue, isList, TypedList, TypedMap } from "../template/value.ts";

/** mitchellh/copystructure's Copy: new maps and lists all the way down, of the same types. */
export function deepCopy(value: GoValue): GoValue {
  if (value instanceof Map) return copyMap(value);
  if (value instanceof Uint8Array) return value.slice();
  if (!isList(value)) return value;
  const items = Array.from(value, deepCopy);
  if (!(value instanceof TypedList)) return items;
  const list = TypedList.ofType(value.element, items);
  list.isNil = value.isNil;
  return list;
}

function copyMap(map: Map<string, GoValue>): Map<string, GoValue> {
  const copy: Map<string, GoValue> = map instanceof TypedMap ? new TypedMap(map.type) : new Map();
  for (const [key, value] of map) copy.set(key, deepCopy(value));
  return copy;
}

import { isNil } from "../template/signature.ts";
import { GoObject, type GoValue, isList, NilMap, TypedList, TypedMap } from "../template/value.ts";
import { capacityOf, withCapacity } from "./capacity.ts";

/** Sprig's `deepCopy`, mitchellh/copystructure's Copy: new maps and lists all the way down, of the same types. */
export function deepCopy(value: GoValue): GoValue {
  if (value === null) throw new Error("reflect: call of reflect.Value.Type on zero Value");
  return copy(value);
}

function copy(value: GoValue): GoValue {
  if (value instanceof GoObject) return value.deepCopy();
  if (value instanceof Map) return copyMap(value);
  if (value instanceof Uint8Array) return isNil(value) ? value : value.slice();
  if (!isList(value)) return value;
  const items = Array.from(value, copy);
  if (!(value instanceof TypedList)) return withCapacity(items, capacityOf(value));
  const list = withCapacity(TypedList.ofType(value.element, items), capacityOf(value));
  list.isNil = value.isNil;
  return list;
}

function copyMap(map: Map<string, GoValue>): Map<string, GoValue> {
  if (map instanceof NilMap) return map;
  const copied = new Map<string, GoValue>();
  for (const [key, value] of map) copied.set(key, copy(value));
  return map instanceof TypedMap ? map.withEntries(copied) : copied;
}

import { GoObject, type GoValue, Int } from "./value.ts";

/**
 * Go's truth, as `if`, `with`, `and`, `or` and `not` see it: false for nil, false, 0, "" and empty collections;
 * structs are always true.
 */
export function isTrue(value: GoValue | undefined): boolean {
  switch (typeof value) {
    case "string":
      return value.length > 0;
    case "boolean":
      return value;
    case "number":
      return value !== 0; // NaN is true: Go compares with zero.
    case "function":
      return true;
  }
  if (value === null || value === undefined) return false;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Int) return value.value !== 0n;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (!(value instanceof GoObject)) return false;
  const integer = value.integer();
  if (integer !== undefined) return integer.value !== 0n;
  const collection = value.kind === "struct" || value.kind === "ptr" ? undefined : value.collection();
  if (collection === undefined) return true;
  return collection instanceof Map ? collection.size > 0 : collection.length > 0;
}

import { GoObject, type GoValue, Int } from "../template/value.ts";

/** Sprig's `empty`: nil, false, zero, and what has no elements. Structs never are. */
export function isEmpty(value: GoValue): boolean {
  switch (typeof value) {
    case "string":
      return value === "";
    case "boolean":
      return !value;
    case "number":
      return value === 0;
    case "function":
      return false;
  }
  if (value === null) return true;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof Int) return value.value === 0n;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  return isEmptyObject(value);
}

function isEmptyObject(object: GoObject): boolean {
  if (object.kind === "struct" || object.kind === "ptr") return false;
  const inside = object.collection();
  if (inside !== undefined) return inside instanceof Map ? inside.size === 0 : inside.length === 0;
  return object.integer()?.value === 0n;
}

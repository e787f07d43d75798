import { GoObject, type GoValue, Int, TypedList, TypedMap } from "./value.ts";
import { functionType } from "./signature.ts";

/** Go's name of a value's type, as `%T` prints it: `map[string]interface {}`, `float64`, `<nil>`. */
export function typeName(value: GoValue | undefined): string {
  const basic = basicName(value);
  if (basic !== undefined) return basic;
  if (typeof value === "function") return functionType(value);
  if (value === null || value === undefined) return "<nil>";
  if (value instanceof Map) return value instanceof TypedMap ? value.type : "map[string]interface {}";
  if (Array.isArray(value)) return value instanceof TypedList ? `[]${value.element}` : "[]interface {}";
  if (value instanceof Uint8Array) return "[]uint8";
  return value instanceof GoObject ? value.type : "interface {}";
}

/** Go's kind of a value, as reflect's `Kind.String()` gives it: `map`, `slice`, `float64`, `invalid` for nil. */
export function kindName(value: GoValue | undefined): string {
  const basic = basicName(value);
  if (basic !== undefined) return basic;
  if (typeof value === "function") return "func";
  if (value instanceof Map) return "map";
  if (Array.isArray(value) || value instanceof Uint8Array) return "slice";
  return value instanceof GoObject ? value.kind : "invalid";
}

/** The name of a basic type, which is that of its kind too. */
function basicName(value: GoValue | undefined): string | undefined {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
  }
  return value instanceof Int ? value.kind : undefined;
}

import { Complex } from "./complex.ts";
import { sprintf } from "./format/sprintf.ts";
import { isNil } from "./signature.ts";
import { typeName } from "./type-name.ts";
import { compareStrings, GoObject, type GoValue, Int } from "./value.ts";

/** The kinds that can be compared, in text/template's words. */
type BasicKind = "bool" | "int" | "uint" | "float" | "string" | "complex";

function basicKind(value: GoValue): BasicKind | undefined {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "float";
    case "boolean":
      return "bool";
  }
  if (value instanceof Int) return value.kind.startsWith("u") ? "uint" : "int";
  return value instanceof Complex ? "complex" : undefined;
}

/** The number of an integer type with a name of its own, such as time.Duration; any other value itself. */
function number(value: GoValue): GoValue {
  return value instanceof GoObject ? value.integer() ?? value : value;
}

/** The template function `eq` on two values. Throws Go's words, such as `incompatible types for comparison: ...`. */
export function basicEq(a: GoValue, b: GoValue): boolean {
  if (typeof a === typeof b && (typeof a === "string" || typeof a === "number" || typeof a === "boolean")) {
    return a === b;
  }
  const [x, y] = [number(a), number(b)];
  const kindA = basicKind(x);
  const kindB = basicKind(y);
  if (x instanceof Int && y instanceof Int) return x.value === y.value;
  if (kindA !== kindB) {
    if (a !== null && b !== null) throw incompatible(a, b);
    return false;
  }
  if (a instanceof Complex && b instanceof Complex) return a.real === b.real && a.imaginary === b.imaginary;
  return referenceEq(a, b);
}

function incompatible(a: GoValue, b: GoValue): Error {
  return new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

/** Two values that are not of a basic kind: nil can be compared with all of them, and structs with structs. */
function referenceEq(a: GoValue, b: GoValue): boolean {
  if (a !== null && b !== null && goKind(a) !== goKind(b)) {
    throw new Error(sprintf("non-comparable types %s: %T, %T: %v", [a, a, b, b]));
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (!(b instanceof GoObject) || b.collection() !== undefined) {
    throw new Error(sprintf("non-comparable type %s: %T", [b, b]));
  }
  return same(a, b);
}

/** Go's `==` of structs and pointers. */
function same(a: GoValue, b: GoValue): boolean {
  if (!(a instanceof GoObject) || !(b instanceof GoObject)) return deepEqual(a, b);
  if (a === b || a.kind !== "struct" || a.type !== b.type) return a === b;
  const fields = b.structFields();
  return a.structFields().every(([, value], i) => same(value, fields[i][1]));
}

function goKind(value: GoValue): string {
  if (value instanceof Map) return "map";
  if (typeof value === "function") return "func";
  if (value instanceof GoObject) return value.kind;
  return "slice";
}

/** The template function `lt` on two values, with its errors. */
export function less(a: GoValue, b: GoValue): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  const [x, y] = [number(a), number(b)];
  const kindA = basicKind(x);
  const kindB = basicKind(y);
  if (kindA === undefined || kindB === undefined) throw new Error("invalid type for comparison");
  if (x instanceof Int && y instanceof Int) return x.value < y.value;
  if (kindA !== kindB) throw incompatible(a, b);
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b) < 0;
  throw new Error("invalid type for comparison");
}

/** `reflect.DeepEqual`: types must agree, so the int 1, the int64 1 and the float64 1 all differ, as do nil and empty. */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a instanceof Int) return b instanceof Int && a.value === b.value && a.kind === b.kind;
  if (typeName(a) !== typeName(b)) return false;
  if (a instanceof Map) return b instanceof Map && isNil(a) === isNil(b) && equalMaps(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && isNil(a) === isNil(b) && equalLists(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((x, i) => x === b[i]);
  return a === b || (a instanceof GoObject && b instanceof GoObject && equalObjects(a, b));
}

function equalMaps(a: Map<string, GoValue>, b: Map<string, GoValue>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !deepEqual(value, other)) return false;
  }
  return true;
}

function equalLists(a: GoValue[], b: GoValue[]): boolean {
  return a.length === b.length && a.every((value, i) => deepEqual(value, b[i]));
}

function equalObjects(a: GoObject, b: GoObject): boolean {
  if (a instanceof Complex) return b instanceof Complex && a.real === b.real && a.imaginary === b.imaginary;
  const [x, y] = [a.collection(), b.collection()];
  if (x !== undefined && y !== undefined) return deepEqual(x, y);
  const [fieldsA, fieldsB] = [a.structFields(), b.structFields()];
  // An object that shows no fields can only be told by its text.
  if (fieldsA.length === 0) return a.toString !== Object.prototype.toString && a.toString() === b.toString();
  return fieldsA.length === fieldsB.length && fieldsA.every(([, value], i) => deepEqual(value, fieldsB[i][1]));
}

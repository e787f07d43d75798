/** Comparing values as JSON. */
import { type GoValue, isList, isMap } from "../../template/value.ts";
import { compareNumbers, isNumber } from "./numbers.ts";

/** JSON's type of a value; whole numbers are numbers too. */
export function typeOf(value: GoValue): string {
  if (value === null) return "null";
  if (isMap(value)) return "object";
  if (isList(value)) return "array";
  return isNumber(value) ? "number" : typeof value;
}

/** Equal as JSON: numbers by their value, objects whatever the order of their keys. */
export function equals(a: GoValue, b: GoValue): boolean {
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0;
  if (isMap(a)) {
    return isMap(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && equals(value, b.get(key)!));
  }
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equals(item, b[i]));
  return a === b;
}

/** The first two equal items, by the later one. */
export function duplicates(array: readonly GoValue[]): [number, number] | undefined {
  for (let i = 1; i < array.length; i++) {
    for (let j = 0; j < i; j++) if (equals(array[i], array[j])) return [j, i];
  }
  return undefined;
}

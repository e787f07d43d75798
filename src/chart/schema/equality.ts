/** Comparing values as JSON. */
import { type GoValue, isList, isMap, sortedKeys } from "../../template/value.ts";
import { canonicalNumber, compareNumbers, isNumber, isRational } from "./numbers.ts";

/** JSON's type of a value; whole numbers are numbers too. */
export function typeOf(value: GoValue): string {
  if (value === null) return "null";
  if (isMap(value)) return "object";
  if (isList(value)) return "array";
  return isNumber(value) ? "number" : typeof value;
}

/** Equal as JSON: numbers by their value, objects whatever the order of their keys. */
export function equals(a: GoValue, b: GoValue): boolean {
  if (isNumber(a)) return isNumber(b) && isRational(a) && isRational(b) && compareNumbers(a, b) === 0;
  if (isMap(a)) {
    return isMap(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && equals(value, b.get(key)!));
  }
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equals(item, b[i]));
  return a === b;
}

/** The first two equal items, by the later one. */
export function duplicates(array: readonly GoValue[]): [number, number] | undefined {
  const first = new Map<string, number>();
  for (const [i, item] of array.entries()) {
    const text = canonical(item);
    const same = first.get(text);
    if (same !== undefined) return [same, i];
    first.set(text, i);
  }
  return undefined;
}

/** A text that equal values share, and others do not. */
function canonical(value: GoValue): string {
  if (isNumber(value)) return canonicalNumber(value);
  if (isList(value)) return `[${value.map(canonical)}]`;
  if (isMap(value)) {
    return `{${sortedKeys(value).map((key) => `${JSON.stringify(key)}:${canonical(value.get(key)!)}`)}}`;
  }
  return JSON.stringify(value);
}

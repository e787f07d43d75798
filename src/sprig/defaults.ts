import { deepEqual } from "../template/compare.ts";
import { fn } from "../template/signature.ts";
import type { GoFunction, GoValue } from "../template/value.ts";
import { deepCopy } from "./deep-copy.ts";
import { isEmpty } from "./empty.ts";

function coalesce(...values: GoValue[]): GoValue {
  for (const value of values) if (!isEmpty(value)) return value;
  return null;
}

function orDefault(fallback: GoValue, ...given: GoValue[]): GoValue {
  return given.length === 0 || isEmpty(given[0]) ? fallback : given[0];
}

function fail(message: string): never {
  throw new Error(message);
}

/** Sprig's functions on missing and empty values, and its flow control. */
export const defaultFunctions: Record<string, GoFunction> = {
  all: fn("func(...any) bool", (...values: GoValue[]) => !values.some(isEmpty)),
  any: fn("func(...any) bool", (...values: GoValue[]) => !values.every(isEmpty)),
  coalesce: fn("func(...any) any", coalesce),
  deepCopy: fn("func(any) any", deepCopy),
  deepEqual: fn("func(any, any) bool", (a: GoValue, b: GoValue) => deepEqual(a, b)),
  default: fn("func(any, ...any) any", orDefault),
  empty: fn("func(any) bool", isEmpty),
  fail: fn("func(string) (string, error)", fail),
  mustDeepCopy: fn("func(any) (any, error)", deepCopy),
  ternary: fn("func(any, any, bool) any", (yes: GoValue, no: GoValue, test: boolean) => test ? yes : no),
};

import type { GoValue } from "./value.ts";

/** The template function `eq` on two values; throws `incompatible types for comparison`. */
export function basicEq(_a: GoValue, _b: GoValue): boolean {
  throw new Error("basicEq: in progress");
}

/** `lt` on two values, with its errors. */
export function less(_a: GoValue, _b: GoValue): boolean {
  throw new Error("less: in progress");
}

/** `reflect.DeepEqual`: types must agree, so the int 1, the int64 1 and the float64 1 all differ. */
export function deepEqual(_a: GoValue, _b: GoValue): boolean {
  throw new Error("deepEqual: in progress");
}

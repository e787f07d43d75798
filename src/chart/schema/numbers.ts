/** Exact arithmetic on the decimal numbers of schemas and values. */
import { type GoValue, Int } from "../../template/value.ts";

/** A number of any of Go's types. */
export type AnyNumber = number | Int;

/** `digits` times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Whether the value is a number of any of Go's types. */
export function isNumber(value: GoValue | undefined): value is AnyNumber {
  return typeof value === "number" || value instanceof Int;
}

/** Whether a number has no fraction; `1.0` has none. */
export function isWhole(value: AnyNumber): boolean {
  return value instanceof Int || Number.isInteger(value);
}

/** Less than, equal to or greater than zero as a is to b. */
export function compareNumbers(a: AnyNumber, b: AnyNumber): number {
  if (a instanceof Int && b instanceof Int) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  return Number(a) - Number(b);
}

/** Whether a is a whole multiple of b, by their decimal digits: 0.3 is one of 0.1. */
export function isMultiple(a: AnyNumber, b: AnyNumber): boolean {
  const [x, y] = [decimal(a), decimal(b)];
  if (y.digits === 0n) return false;
  const scale = Math.min(x.exponent, y.exponent);
  return (x.digits * 10n ** BigInt(x.exponent - scale)) % (y.digits * 10n ** BigInt(y.exponent - scale)) === 0n;
}

function decimal(value: AnyNumber): Decimal {
  const [mantissa, exponent = "0"] = String(value).split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

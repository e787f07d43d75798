/** Exact arithmetic on the decimal numbers of schemas and values. */
import { GoObject, type GoValue, Int } from "../../template/value.ts";

/** A number of a schema whose spelling is not the one that its value has: errors show it as it is written. */
export class Numeral extends GoObject {
  override readonly type = "json.Number";
  override readonly kind = "string";

  constructor(readonly text: string) {
    super();
  }

  override valueOf(): number {
    return Number(this.text);
  }

  override toString(): string {
    return this.text;
  }
}

/** The number that a schema spells so. */
export function numeral(text: string): GoValue {
  const value = Number(text);
  return String(value) === text ? value : new Numeral(text);
}

/** A number of any of Go's types. */
export type AnyNumber = number | Int | Numeral;

/** `digits` times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Whether the value is a number of any of Go's types. */
export function isNumber(value: GoValue | undefined): value is AnyNumber {
  return typeof value === "number" || value instanceof Int || value instanceof Numeral;
}

/** Whether a number is one for Go's big.Rat, which knows no exponents past a million. */
export function isRational(value: AnyNumber): boolean {
  return Math.abs(decimal(value).exponent) <= 1e6;
}

/** Whether a number has no fraction; `1.0` has none. */
export function isWhole(value: AnyNumber): boolean {
  if (value instanceof Int) return true;
  if (typeof value === "number") return Number.isInteger(value);
  if (!isRational(value)) return false;
  const { digits, exponent } = decimal(value);
  return exponent >= 0 || digits % 10n ** BigInt(-exponent) === 0n;
}

/** A number of characters, items or properties: an int64. */
export type Count = number | bigint;

/** The count that a number is, which past the integers of Go's int is what remains of it; undefined for no integer. */
export function count(value: AnyNumber): Count | undefined {
  if (!isWhole(value)) return undefined;
  const { digits, exponent } = decimal(value);
  const kept = BigInt.asIntN(64, exponent < 0 ? digits / 10n ** BigInt(-exponent) : digits * 10n ** BigInt(exponent));
  return Number.isSafeInteger(Number(kept)) ? Number(kept) : kept;
}

/** Less than, equal to or greater than zero as a is to b. */
export function compareNumbers(a: AnyNumber, b: AnyNumber): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = atOneScale(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A text that equal numbers share, and no others. */
export function canonicalNumber(value: AnyNumber): string {
  const { digits, exponent } = decimal(value);
  const significant = String(digits).replace(/(?<=.)0+$/, "");
  return `${significant}e${exponent + String(digits).length - significant.length}`;
}

/** Whether a is a whole multiple of b, by their decimal digits: 0.3 is one of 0.1. */
export function isMultiple(a: AnyNumber, b: AnyNumber): boolean {
  const [x, y] = atOneScale(a, b);
  return y !== 0n && x % y === 0n;
}

/** Two numbers, multiplied by whatever power of ten makes both whole. */
function atOneScale(a: AnyNumber, b: AnyNumber): [bigint, bigint] {
  for (const one of [a, b]) {
    if (!isRational(one)) throw new Error(`unable to validate schema: the exponent of ${one} is past a million`);
  }
  const [x, y] = [decimal(a), decimal(b)];
  const scale = Math.min(x.exponent, y.exponent);
  return [x.digits * 10n ** BigInt(x.exponent - scale), y.digits * 10n ** BigInt(y.exponent - scale)];
}

function decimal(value: AnyNumber): Decimal {
  const [mantissa, exponent = "0"] = String(value).toLowerCase().split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const digits = BigInt(whole + fraction);
  return { digits, exponent: digits === 0n ? 0 : Number(exponent) - fraction.length };
}

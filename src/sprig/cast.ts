/** Numbers out of anything, as spf13/cast 1.7 and Go's strconv read them. */
import { type GoValue, Int } from "../template/value.ts";
import { NamedInt } from "./time/named-int.ts";

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** What Go's conversion of a float64 outside int64's range (or NaN) gives on amd64. */
export function floatToInt64(value: number): bigint {
  if (!(value >= -9223372036854775808 && value < 9223372036854775808)) return minInt64;
  return BigInt(Math.trunc(value));
}

/** cast.ToInt64: 0 for what is no number. */
export function toInt64(value: GoValue): bigint {
  if (value instanceof Int) return BigInt.asIntN(64, value.value);
  if (typeof value === "number") return floatToInt64(value);
  if (typeof value === "string") return parseInt64(trimZeroDecimal(value), 0) ?? 0n;
  if (value instanceof NamedInt) return BigInt(value.value);
  return value === true ? 1n : 0n;
}

/** cast.ToFloat64: 0 for what is no number. */
export function toFloat64(value: GoValue): number {
  if (typeof value === "number") return value;
  if (value instanceof Int) return Number(value.value);
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  if (value instanceof NamedInt) return value.value;
  return value === true ? 1 : 0;
}

/** `1.000` is `1`; cast cuts a fraction of zeros off before it parses. */
function trimZeroDecimal(text: string): string {
  return text.replace(/\.0+\.*$/, "");
}

const prefixes: Record<string, number> = { b: 2, o: 8, x: 16 };

/**
 * strconv.ParseInt with 64 bits; base 0 takes the base from the prefix (`0x`, `0b`, `0o`, `0`) and allows `_`.
 *
 * Undefined where Go reports an error, that of a value out of range included.
 */
export function parseInt64(text: string, base: 0 | 8 | 10): bigint | undefined {
  const signed = /^([+-]?)(.*)$/s.exec(text)!;
  const magnitude = parseMagnitude(signed[2], base);
  if (magnitude === undefined) return undefined;
  const value = signed[1] === "-" ? -magnitude : magnitude;
  return value < minInt64 || value > maxInt64 ? undefined : value;
}

/** strconv.ParseInt of decimal digits with its error dropped: out of range gives the nearest limit, other text 0. */
export function parseIntOrLimit(text: string): bigint {
  const exact = parseInt64(text, 10);
  if (exact !== undefined) return exact;
  if (!/^[+-]?[0-9]+$/.test(text)) return 0n;
  return text[0] === "-" ? minInt64 : maxInt64;
}

/** strconv.ParseUint's digits, without its limit of range. */
function parseMagnitude(text: string, base: 0 | 8 | 10): bigint | undefined {
  let radix: number = base;
  let digits = text;
  if (base === 0) {
    if (text.includes("_") && !underscoresStand(text)) return undefined;
    radix = text[0] !== "0" || text === "0" ? 10 : text.length >= 3 ? prefixes[text[1].toLowerCase()] ?? 8 : 8;
    const prefix = /^0[box]./i.test(text) ? 2 : radix === 8 ? 1 : 0;
    digits = text.slice(prefix).replaceAll("_", "");
  }
  const valid = radix === 10 ? /^[0-9]+$/ : radix === 8 ? /^[0-7]+$/ : radix === 2 ? /^[01]+$/ : /^[0-9a-fA-F]+$/;
  if (!valid.test(digits)) return undefined;
  if (radix === 10) return BigInt(digits);
  return BigInt({ 2: "0b", 8: "0o", 16: "0x" }[radix] + digits);
}

/** Underscores only between digits, or between a base's prefix and a digit. */
function underscoresStand(text: string): boolean {
  const hex = /^0x/i.test(text);
  const digits = /^0[box]/i.test(text) ? "0" + text.slice(2) : text;
  const digit = hex ? "[0-9a-fA-F]" : "[0-9]";
  return !new RegExp(`(^|[^_])_(?!${digit})|__|(?<!${digit})_`).test(digits);
}

const specials = new Map<string, number>([["inf", Infinity], ["infinity", Infinity], ["nan", NaN]]);

/** strconv.ParseFloat with 64 bits; undefined where Go reports an error, that of a value out of range included. */
export function parseFloat64(text: string): number | undefined {
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text)!;
  const special = specials.get(body.toLowerCase());
  if (special !== undefined) return sign === "-" ? -special : special;
  if (body.includes("_") && !underscoresStand(body)) return undefined;
  const digits = body.replaceAll("_", "");
  const magnitude = /^0x/i.test(digits) ? parseHexFloat(digits) : parseDecimalFloat(digits);
  if (magnitude === undefined || magnitude === Infinity) return undefined;
  return sign === "-" ? -magnitude : magnitude;
}

function parseDecimalFloat(text: string): number | undefined {
  return /^([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text) ? Number(text) : undefined;
}

function parseHexFloat(text: string): number | undefined {
  const parts = /^0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?[0-9]+)$/i.exec(text);
  if (parts === null || parts[1] + parts[2] === "") return undefined;
  const mantissa = BigInt("0x" + parts[1] + parts[2]);
  const exponent = Number(parts[3]) - 4 * parts[2].length;
  return scale(mantissa, exponent);
}

/** mantissa * 2^exponent, rounded once, half to even. */
function scale(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  if (Math.abs(exponent) > 5000) return exponent > 0 ? Infinity : 0;
  if (exponent >= 0) return Number(mantissa << BigInt(exponent));
  // Keep 64 significant bits and a sticky one, so that the division by a power of two rounds only when subnormal.
  const width = mantissa.toString(2).length;
  const spare = Math.max(0, width - 64);
  const sticky = spare > 0 && (mantissa & ((1n << BigInt(spare)) - 1n)) !== 0n ? 1n : 0n;
  let value = Number((mantissa >> BigInt(spare)) | sticky);
  let power = exponent + spare;
  while (power < -1000) {
    value /= 2 ** 1000;
    power += 1000;
  }
  return value * 2 ** power;
}

import { fn } from "../../template/signature.ts";
import { type GoFunction, GoObject, type GoValue, type Int, int64 } from "../../template/value.ts";
import { quote } from "./quote.ts";

const microsecond = 1_000n;
const millisecond = 1_000_000n;
/** Nanoseconds in a second. */
export const second = 1_000_000_000n;
/** Nanoseconds in a minute. */
export const minute = 60n * second;
/** Nanoseconds in an hour. */
export const hour = 60n * minute;

/** The longest time.Duration, in nanoseconds. */
export const maxDuration = 2n ** 63n - 1n;
/** The shortest (most negative) time.Duration, in nanoseconds. */
export const minDuration = -(2n ** 63n);

const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", microsecond],
  ["\u00b5s", microsecond],
  ["\u03bcs", microsecond],
  ["ms", millisecond],
  ["s", second],
  ["m", minute],
  ["h", hour],
]);

/** A time.Duration. */
export class Duration extends GoObject {
  override readonly type = "time.Duration";
  override readonly kind = "int64";
  readonly nanoseconds: bigint;

  /** @param nanoseconds wraps around outside int64, as Go's arithmetic does */
  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }

  override integer(): Int {
    return int64(this.nanoseconds);
  }

  override withInteger(n: bigint): Duration {
    return new Duration(n);
  }

  override json(): GoValue {
    return int64(this.nanoseconds);
  }

  override toString(): string {
    return formatDuration(this.nanoseconds);
  }

  override method(name: string): GoFunction | undefined {
    const n = this.nanoseconds;
    switch (name) {
      case "String":
        return fn("func() string", () => this.toString());
      case "Nanoseconds":
        return fn("func() int64", () => int64(n));
      case "Microseconds":
        return fn("func() int64", () => int64(n / microsecond));
      case "Milliseconds":
        return fn("func() int64", () => int64(n / millisecond));
      case "Seconds":
        return fn("func() float64", () => inUnits(n, second));
      case "Minutes":
        return fn("func() float64", () => inUnits(n, minute));
      case "Hours":
        return fn("func() float64", () => inUnits(n, hour));
      case "Abs":
        return fn("func() time.Duration", () => new Duration(n === minDuration ? maxDuration : n < 0n ? -n : n));
      case "Round":
        return fn("func(time.Duration) time.Duration", (m: Duration) => new Duration(roundTo(n, m.nanoseconds)));
      case "Truncate":
        return fn("func(time.Duration) time.Duration", (m: Duration) => new Duration(truncateTo(n, m.nanoseconds)));
    }
    return undefined;
  }
}

/** Duration.Seconds, Minutes and Hours: the whole units and the rest are divided apart, as Go does. */
export function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

/** Duration.Truncate. */
export function truncateTo(nanoseconds: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? nanoseconds : nanoseconds - nanoseconds % multiple;
}

/** Duration.Round: halves away from zero; a result outside int64 becomes its limit. */
export function roundTo(nanoseconds: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return nanoseconds;
  const negative = nanoseconds < 0n;
  const size = negative ? -nanoseconds : nanoseconds;
  const rest = size % multiple;
  const rounded = rest * 2n < multiple ? size - rest : size + multiple - rest;
  const result = negative ? -rounded : rounded;
  return result > maxDuration ? maxDuration : result < minDuration ? minDuration : result;
}

/** Duration.String: `1h2m3.5s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < microsecond) return `${sign}${size}ns`;
  if (size < millisecond) return `${sign}${decimal(size, microsecond)}\u00b5s`;
  if (size < second) return `${sign}${decimal(size, millisecond)}ms`;
  const hours = size / hour;
  const minutes = (size / minute) % 60n;
  let text = `${decimal(size % minute, second)}s`;
  if (size >= minute) text = `${minutes}m${text}`;
  if (hours > 0n) text = `${hours}h${text}`;
  return sign + text;
}

function decimal(size: bigint, unit: bigint): string {
  const fraction = (size % unit).toString().padStart(unit.toString().length - 1, "0").replace(/0+$/, "");
  return fraction === "" ? `${size / unit}` : `${size / unit}.${fraction}`;
}

/**
 * time.ParseDuration, to nanoseconds.
 *
 * @throws Error in Go's words, such as `time: missing unit in duration "5"`
 */
export function parseDuration(text: string): bigint {
  const invalid = () => new Error(`time: invalid duration ${quote(text)}`);
  const limit = 2n ** 63n;
  const negative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0n;
  if (rest === "") throw invalid();
  let total = 0n;
  while (rest !== "") {
    const parts = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest)!;
    const [all, whole, fraction = "", unitName] = parts;
    if (whole + fraction === "") throw invalid();
    if (BigInt(whole) > limit) throw invalid();
    if (unitName === "") throw new Error(`time: missing unit in duration ${quote(text)}`);
    const unit = units.get(unitName);
    if (unit === undefined) throw new Error(`time: unknown unit ${quote(unitName)} in duration ${quote(text)}`);
    if (BigInt(whole) > limit / unit) throw invalid();
    total += BigInt(whole) * unit + fractionOf(fraction, unit);
    if (total > limit) throw invalid();
    rest = rest.slice(all.length);
  }
  if (negative) return -total;
  if (total > maxDuration) throw invalid();
  return total;
}

/** The digits after the point, in units: computed in floating point as Go does, past 18 digits cut off. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > maxDuration / 10n) break;
    value = value * 10n + BigInt(digit);
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

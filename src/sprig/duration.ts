import { quote, sprint, typeName } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { trimSpace } from "../template/space.ts";
import { type GoFunction, type GoValue, Int, int64 } from "../template/value.ts";
import { floatToInt64, parseFloat64 } from "./cast.ts";
import { Duration, hour, inUnits, minute, parseDuration, roundTo, second, truncateTo } from "./time/duration.ts";
import { NamedInt } from "./time/named-int.ts";

const maxSeconds = 9_223_372_036n;
const maxSecondsFloat = 9223372036854775807 / 1e9;

function fromSeconds(seconds: bigint): bigint {
  if (seconds > maxSeconds || seconds < -maxSeconds) throw new Error(`duration seconds overflow: ${seconds}`);
  return seconds * second;
}

function fromFloat(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new Error(`invalid duration seconds: ${sprint(seconds)}`);
  if (seconds > maxSecondsFloat || seconds < -maxSecondsFloat) {
    throw new Error(`duration seconds overflow: ${sprint(seconds)}`);
  }
  return floatToInt64(seconds * 1e9);
}

function fromText(text: string): bigint {
  const trimmed = trimSpace(text);
  if (trimmed === "") throw new Error("empty duration");
  try {
    return parseDuration(trimmed);
  } catch {
    const seconds = parseFloat64(trimmed);
    if (seconds === undefined) throw new Error(`could not parse duration ${quote(text)}`);
    return fromFloat(seconds);
  }
}

/** Anything as nanoseconds: a duration, its text (`1h30m`), or seconds as a number or the text of one. */
function asDuration(value: GoValue): bigint {
  if (value instanceof Duration) return value.nanoseconds;
  if (typeof value === "string") return fromText(value);
  if (value === null) throw new Error("invalid duration");
  if (value instanceof Int) return fromSeconds(value.value);
  if (value instanceof NamedInt) return fromSeconds(BigInt(value.value));
  if (typeof value === "number") return fromFloat(value);
  throw new Error(`unsupported duration type ${typeName(value)}`);
}

/** The duration, or undefined for what is none. */
function tryDuration(value: GoValue): bigint | undefined {
  try {
    return asDuration(value);
  } catch {
    return undefined;
  }
}

function float(convert: (nanoseconds: bigint) => number): GoFunction {
  return fn("func(any) float64", (value: GoValue) => {
    const nanoseconds = tryDuration(value);
    return nanoseconds === undefined ? 0 : convert(nanoseconds);
  });
}

function whole(unit: bigint): GoFunction {
  return fn("func(any) int64", (value: GoValue) => int64((tryDuration(value) ?? 0n) / unit));
}

function toMultiple(convert: (nanoseconds: bigint, multiple: bigint) => bigint): GoFunction {
  return fn("func(any, any) time.Duration", (value: GoValue, multiple: GoValue) => {
    const nanoseconds = tryDuration(value);
    if (nanoseconds === undefined) return new Duration(0n);
    const by = tryDuration(multiple);
    return new Duration(by === undefined ? nanoseconds : convert(nanoseconds, by));
  });
}

const hours = (nanoseconds: bigint) => inUnits(nanoseconds, hour);

/** Helm 4's functions on durations; but for `mustToDuration`, what is no duration counts as 0. */
export const durationFunctions: Record<string, GoFunction> = {
  durationDays: float((n) => hours(n) / 24),
  durationHours: float(hours),
  durationMicroseconds: whole(1_000n),
  durationMilliseconds: whole(1_000_000n),
  durationMinutes: float((n) => inUnits(n, minute)),
  durationNanoseconds: whole(1n),
  durationRoundTo: toMultiple(roundTo),
  durationSeconds: float((n) => inUnits(n, second)),
  durationTruncateTo: toMultiple(truncateTo),
  durationWeeks: float((n) => hours(n) / 24 / 7),
  mustToDuration: fn("func(any) time.Duration", (value: GoValue) => new Duration(asDuration(value))),
};

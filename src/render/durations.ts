/** Helm's functions on durations (helm.sh/helm/v4/pkg/engine/funcs.go). */
import { parseFloat64 } from "../sprig/cast.ts";
import {
  Duration,
  hour,
  inUnits,
  maxDuration,
  minDuration,
  minute,
  parseDuration,
  roundTo,
  second,
  truncateTo,
} from "../sprig/time/duration.ts";
import { quote, sprint, typeName } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoValue, Int, int64 } from "../template/value.ts";

/**
 * What templates may give as a duration, in nanoseconds: a duration, a text such as `1h2m3s`, and numbers of seconds,
 * as texts too. Throws with Helm's words for anything else.
 */
function nanosecondsOf(value: GoValue): bigint {
  if (value instanceof Duration) return value.nanoseconds;
  if (value instanceof Int) return wholeSeconds(value.value);
  if (typeof value === "number") return fractionalSeconds(value);
  if (value === null) throw new Error("invalid duration");
  if (typeof value !== "string") throw new Error(`unsupported duration type ${typeName(value)}`);
  const text = value.trim();
  if (text === "") throw new Error("empty duration");
  try {
    return parseDuration(text);
  } catch {
    const seconds = parseFloat64(text);
    if (seconds === undefined) throw new Error(`could not parse duration ${quote(value)}`);
    return fractionalSeconds(seconds);
  }
}

function wholeSeconds(seconds: bigint): bigint {
  if (seconds > maxDuration / second || seconds < minDuration / second) {
    throw new Error(`duration seconds overflow: ${seconds}`);
  }
  return seconds * second;
}

function fractionalSeconds(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new Error(`invalid duration seconds: ${sprint(seconds)}`);
  const limit = Number(maxDuration) / Number(second);
  if (Math.abs(seconds) > limit) throw new Error(`duration seconds overflow: ${sprint(seconds)}`);
  const nanoseconds = BigInt(Math.trunc(seconds * Number(second)));
  // The float next to the limit lies just past it; Go's conversion gives the smallest integer then.
  return nanoseconds > maxDuration ? minDuration : nanoseconds;
}

/** The duration, or undefined for what is none. */
function attempt(value: GoValue): bigint | undefined {
  try {
    return nanosecondsOf(value);
  } catch {
    return undefined;
  }
}

const fractional = (unit: bigint) => fn("func(any) float64", (value: GoValue) => inUnits(attempt(value) ?? 0n, unit));

const whole = (unit: bigint) => fn("func(any) int64", (value: GoValue) => int64((attempt(value) ?? 0n) / unit));

/** Rounds a duration to multiples; a bad duration is 0, and a bad multiple leaves it as it is. */
const multiple = (round: (nanoseconds: bigint, multiple: bigint) => bigint) =>
  fn("func(any, any) time.Duration", (value: GoValue, to: GoValue) => {
    const nanoseconds = attempt(value);
    const unit = attempt(to);
    if (nanoseconds === undefined) return new Duration(0n);
    return new Duration(unit === undefined ? nanoseconds : round(nanoseconds, unit));
  });

/** The functions by their names. All but `mustToDuration` take what is no duration for 0. */
export const durationFunctions: Readonly<Record<string, GoFunction>> = {
  mustToDuration: fn("func(any) time.Duration", (value: GoValue) => new Duration(nanosecondsOf(value))),
  durationNanoseconds: whole(1n),
  durationMicroseconds: whole(1000n),
  durationMilliseconds: whole(1_000_000n),
  durationSeconds: fractional(second),
  durationMinutes: fractional(minute),
  durationHours: fractional(hour),
  durationDays: fn("func(any) float64", (value: GoValue) => inUnits(attempt(value) ?? 0n, hour) / 24),
  durationWeeks: fn("func(any) float64", (value: GoValue) => inUnits(attempt(value) ?? 0n, hour) / 24 / 7),
  durationRoundTo: multiple(roundTo),
  durationTruncateTo: multiple(truncateTo),
};

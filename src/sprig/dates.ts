import { fn } from "../template/signature.ts";
import { type GoFunction, type GoValue, Int } from "../template/value.ts";
import { parseIntOrLimit } from "./cast.ts";
import { Duration, hour, minute, parseDuration, roundTo, second } from "./time/duration.ts";
import { parseTime } from "./time/parse.ts";
import { Time, zeroTime } from "./time/time.ts";
import { loadZone, local, utc } from "./time/zone.ts";

const day = 24n * hour;
const roundedUnits: readonly [string, bigint][] = [
  ["y", 365n * day],
  ["mo", 30n * day],
  ["d", day],
  ["h", hour],
  ["m", minute],
  ["s", second],
];

function isInt(value: GoValue, ...kinds: string[]): value is Int {
  return value instanceof Int && kinds.includes(value.kind);
}

/** Sprig's functions on dates. `clock` gives the milliseconds since 1970; what it counts up is the monotonic clock. */
export function dateFunctions(clock: () => number): Record<string, GoFunction> {
  const started = nanoseconds(clock());
  const now = () => {
    const instant = nanoseconds(clock());
    return new Time(instant, local, instant - started);
  };

  /** A time, or seconds since 1970 as an integer; anything else, floats included, is now. */
  const toTime = (value: GoValue, ...kinds: string[]) =>
    value instanceof Time ? value : isInt(value, ...kinds) ? Time.unix(value.value) : now();

  const inZone = (layout: string, date: GoValue, zone: string) =>
    toTime(date, "int64", "int", "int32").inZone(loadZone(zone) ?? utc).format(layout);

  const ago = (date: GoValue) =>
    new Duration(roundTo(now().since(toTime(date, "int64", "int")).nanoseconds, second)).toString();

  const modify = (duration: string, date: Time) => date.add(parseDuration(duration));

  const modifyOrKeep = (duration: string, date: Time) => {
    const parsed = orZero(() => parseDuration(duration), undefined);
    return parsed === undefined ? date : date.add(parsed);
  };

  const rounded = (value: GoValue) => {
    if (value instanceof Time) return roundedText(now().since(value).nanoseconds);
    if (typeof value === "string") return roundedText(orZero(() => parseDuration(value), 0n));
    return roundedText(isInt(value, "int64") ? value.value : 0n);
  };

  const formatting = "func(string, any, string) string";
  const modifying = "func(string, time.Time) time.Time";
  const mustModifying = "func(string, time.Time) (time.Time, error)";
  return {
    ago: fn("func(any) string", ago),
    date: fn("func(string, any) string", (layout: string, date: GoValue) => inZone(layout, date, "Local")),
    dateInZone: fn(formatting, inZone),
    dateModify: fn(modifying, modifyOrKeep),
    date_in_zone: fn(formatting, inZone),
    date_modify: fn(modifying, modifyOrKeep),
    duration: fn("func(any) string", seconds),
    durationRound: fn("func(any) string", rounded),
    htmlDate: fn("func(any) string", (date: GoValue) => inZone("2006-01-02", date, "Local")),
    htmlDateInZone: fn("func(any, string) string", (date: GoValue, zone: string) => inZone("2006-01-02", date, zone)),
    mustDateModify: fn(mustModifying, modify),
    mustToDate: fn("func(string, string) (time.Time, error)", toDate),
    must_date_modify: fn(mustModifying, modify),
    now: fn("func() time.Time", now),
    toDate: fn(
      "func(string, string) time.Time",
      (layout: string, text: string) => orZero(() => toDate(layout, text), zeroTime),
    ),
    unixEpoch: fn("func(time.Time) string", (date: Time) => date.seconds.toString()),
  };
}

function nanoseconds(milliseconds: number): bigint {
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1_000_000));
}

function toDate(layout: string, text: string): Time {
  return Time.from(parseTime(layout, text, local));
}

function orZero<A, B>(compute: () => A, zero: B): A | B {
  try {
    return compute();
  } catch {
    return zero;
  }
}

/** Sprig's `duration`: seconds as text or int64; anything else, an int included, is no time at all. */
function seconds(value: GoValue): string {
  const n = typeof value === "string" ? parseIntOrLimit(value) : isInt(value, "int64") ? value.value : 0n;
  return new Duration(n * second).toString();
}

/** The largest unit that the duration exceeds, and how many of it there are. */
function roundedText(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [name, unit] of roundedUnits) if (size > unit) return `${size / unit}${name}`;
  return "0s";
}

import { toBytes } from "../bytes.ts";
import { quote } from "../../template/format.ts";
import { fn } from "../../template/signature.ts";
import { type GoFunction, GoObject, type GoValue, Int, int, int64, wrap } from "../../template/value.ts";
import { daysSinceEpoch, months, type Wall, wallAt } from "./calendar.ts";
import { Duration, maxDuration, minDuration, roundTo, truncateTo } from "./duration.ts";
import { formatLayout } from "./layout.ts";
import { monthValue, weekdayValue } from "./named-int.ts";
import { fromWall, type Parsed } from "./parse.ts";
import { fixedZone, local, utc, type Zone } from "./zone.ts";

const billion = 1_000_000_000n;
/** Seconds from the year 1, where Go's zero time lies, to 1970. */
const zeroSeconds = 62_135_596_800n;

/** A *time.Location, as `.Location` gives it. */
class Location extends GoObject {
  override readonly type = "*time.Location";
  override readonly kind = "ptr";

  constructor(readonly zone: Zone, override readonly isNil = false) {
    super();
  }

  override toString(): string {
    return this.zone.name;
  }

  override method(name: string): GoFunction | undefined {
    return name === "String" ? fn("func() string", () => this.zone.name) : undefined;
  }

  override deepCopy(): Location {
    return new Location(fixedZone("", 0));
  }
}

const locations = new WeakMap<Zone, Location>();

/** The one pointer to a zone. */
function locationOf(zone: Zone): Location {
  let location = locations.get(zone);
  if (location === undefined) locations.set(zone, location = new Location(zone));
  return location;
}

/** What a time in UTC has for its location. */
const nilLocation = new Location(utc, true);

/** A time.Time. */
export class Time extends GoObject {
  override readonly type = "time.Time";

  /**
   * @param nanoseconds since 1970-01-01T00:00:00Z
   * @param zone in which it is shown
   * @param monotonic nanoseconds on the process's own clock, which `now` has and String prints as `m=+0.012345678`
   */
  constructor(readonly nanoseconds: bigint, readonly zone: Zone, readonly monotonic?: bigint) {
    super();
  }

  static from({ seconds, nanosecond, zone }: Parsed): Time {
    return new Time(BigInt(seconds) * billion + BigInt(nanosecond), zone);
  }

  /** time.Unix(seconds, 0), in the machine's zone. */
  static unix(seconds: bigint): Time {
    return new Time(seconds * billion, local);
  }

  /** Time.Unix, in seconds. */
  get seconds(): bigint {
    return (this.nanoseconds - BigInt(this.nanosecond)) / billion;
  }

  /** 0 to 999,999,999. */
  get nanosecond(): number {
    return Number(((this.nanoseconds % billion) + billion) % billion);
  }

  /** What calendar and clock of the zone show. */
  get wall(): Wall {
    return wallAt(Number(this.seconds) + this.#offset.offset);
  }

  get #offset(): { offset: number; abbreviation: string } {
    return this.zone.at(Number(this.seconds));
  }

  /** Time.In. */
  inZone(zone: Zone): Time {
    return new Time(this.nanoseconds, zone);
  }

  /** Time.Add. */
  add(nanoseconds: bigint): Time {
    const monotonic = this.monotonic === undefined ? undefined : this.monotonic + nanoseconds;
    return new Time(this.nanoseconds + nanoseconds, this.zone, monotonic);
  }

  /** Time.AddDate: the date normalized as Go does (October 32 is November 1). */
  addDate(years: number, months: number, days: number): Time {
    const { year, month, day, hour, minute, second } = this.wall;
    const date = daysSinceEpoch(year + years, month + months, 1) + day - 1 + days;
    const seconds = fromWall(date * 86400 + (hour * 60 + minute) * 60 + second, this.zone);
    return Time.from({ seconds, nanosecond: this.nanosecond, zone: this.zone });
  }

  /** Time.Sub; a distance outside int64 becomes its limit. */
  since(other: Time): Duration {
    const distance = this.monotonic !== undefined && other.monotonic !== undefined
      ? this.monotonic - other.monotonic
      : this.nanoseconds - other.nanoseconds;
    return new Duration(distance > maxDuration ? maxDuration : distance < minDuration ? minDuration : distance);
  }

  /** Time.Format. */
  format(layout: string): string {
    const { offset, abbreviation } = this.#offset;
    return formatLayout(layout, { wall: this.wall, nanosecond: this.nanosecond, offset, zone: abbreviation });
  }

  override goString(): string {
    const { year, month, day, hour, minute, second } = this.wall;
    const clock = [hour, minute, second, this.nanosecond].join(", ");
    const { name } = this.zone;
    const zone = name === "UTC" || name === "Local" ? `time.${name}` : `time.Location(${quote(name)})`;
    return `time.Date(${year}, time.${months[month - 1]}, ${day}, ${clock}, ${zone})`;
  }

  /** None of them is exported: nanoseconds, and the seconds since the year 1. */
  override structFields(): readonly (readonly [string, GoValue])[] {
    return [
      ["wall", wrap(BigInt(this.nanosecond), "uint64")],
      ["ext", int64(this.seconds + zeroSeconds)],
      ["loc", this.zone === utc ? nilLocation : locationOf(this.zone)],
    ];
  }

  /** What MarshalJSON and MarshalText write: RFC 3339 with nanoseconds. */
  override json(): string {
    return this.format("2006-01-02T15:04:05.999999999Z07:00");
  }

  override toString(): string {
    const text = this.format("2006-01-02 15:04:05.999999999 -0700 MST");
    if (this.monotonic === undefined) return text;
    const size = this.monotonic < 0n ? -this.monotonic : this.monotonic;
    const fraction = (size % billion).toString().padStart(9, "0");
    return `${text} m=${this.monotonic < 0n ? "-" : "+"}${size / billion}.${fraction}`;
  }

  override method(name: string): GoFunction | undefined {
    const make = Object.hasOwn(methods, name) ? methods[name] : undefined;
    return make && fn(make[0], (...args: GoValue[]) => make[1](this, ...args));
  }

  /** Rounds by `change` counting from Go's zero time, as Time.Round and Time.Truncate do. */
  sinceZero(change: (nanoseconds: bigint) => bigint): Time {
    const zero = zeroSeconds * billion;
    return new Time(change(this.nanoseconds + zero) - zero, this.zone);
  }
}

/** Go's zero time: the first instant of the year 1, UTC. */
export const zeroTime = new Time(-zeroSeconds * billion, utc);

// deno-lint-ignore no-explicit-any
type Method = readonly [type: string, call: (time: Time, ...args: any[]) => GoValue];

const methods: Record<string, Method> = {
  Add: ["func(time.Duration) time.Time", (t, d: Duration) => t.add(d.nanoseconds)],
  AddDate: ["func(int, int, int) time.Time", (t, y: Int, m: Int, d: Int) => t.addDate(+y, +m, +d)],
  After: ["func(time.Time) bool", (t, u: Time) => t.nanoseconds > u.nanoseconds],
  Before: ["func(time.Time) bool", (t, u: Time) => t.nanoseconds < u.nanoseconds],
  Compare: [
    "func(time.Time) int",
    (t, u: Time) => int(Number(t.nanoseconds > u.nanoseconds) - Number(t.nanoseconds < u.nanoseconds)),
  ],
  Day: ["func() int", (t) => int(t.wall.day)],
  Equal: ["func(time.Time) bool", (t, u: Time) => t.nanoseconds === u.nanoseconds],
  Format: ["func(string) string", (t, layout: string) => t.format(layout)],
  Hour: ["func() int", (t) => int(t.wall.hour)],
  In: ["func(*time.Location) time.Time", (t, location: Location | null) => {
    if (location === null) throw new Error("time: missing Location in call to Time.In");
    return t.inZone(location.zone);
  }],
  GoString: ["func() string", (t) => t.goString()],
  ISOWeek: ["func() (int, int)", () => null],
  Clock: ["func() (int, int, int)", () => null],
  Date: ["func() (int, time.Month, int)", () => null],
  Zone: ["func() (string, int)", () => null],
  ZoneBounds: ["func() (time.Time, time.Time)", () => null],
  IsZero: ["func() bool", (t) => t.nanoseconds === zeroTime.nanoseconds],
  Local: ["func() time.Time", (t) => t.inZone(local)],
  Location: ["func() *time.Location", (t) => locationOf(t.zone)],
  MarshalJSON: ["func() ([]byte, error)", (t) => toBytes(`"${t.json()}"`)],
  MarshalText: ["func() ([]byte, error)", (t) => toBytes(t.json())],
  Minute: ["func() int", (t) => int(t.wall.minute)],
  Month: ["func() time.Month", (t) => monthValue(t.wall.month)],
  Nanosecond: ["func() int", (t) => int(t.nanosecond)],
  Round: ["func(time.Duration) time.Time", (t, d: Duration) => t.sinceZero((n) => roundTimeTo(n, d.nanoseconds))],
  Second: ["func() int", (t) => int(t.wall.second)],
  String: ["func() string", (t) => t.toString()],
  Sub: ["func(time.Time) time.Duration", (t, u: Time) => t.since(u)],
  Truncate: ["func(time.Duration) time.Time", (t, d: Duration) => t.sinceZero((n) => truncateTo(n, d.nanoseconds))],
  UTC: ["func() time.Time", (t) => t.inZone(utc)],
  Unix: ["func() int64", (t) => int64(t.seconds)],
  UnixMicro: ["func() int64", (t) => int64(floorDiv(t.nanoseconds, 1_000n))],
  UnixMilli: ["func() int64", (t) => int64(floorDiv(t.nanoseconds, 1_000_000n))],
  UnixNano: ["func() int64", (t) => int64(t.nanoseconds)],
  Weekday: ["func() time.Weekday", (t) => weekdayValue(t.wall.weekday)],
  Year: ["func() int", (t) => int(t.wall.year)],
  YearDay: ["func() int", (t) => int(t.wall.yearDay)],
};

function floorDiv(value: bigint, by: bigint): bigint {
  return (value - (((value % by) + by) % by)) / by;
}

/** Halves go up: Time.Round never sees a negative number but before the year 1. */
function roundTimeTo(nanoseconds: bigint, multiple: bigint): bigint {
  return nanoseconds < 0n ? nanoseconds : roundTo(nanoseconds, multiple);
}

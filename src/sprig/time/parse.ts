import { daysIn, daysSinceEpoch, isLeap, months, weekdays } from "./calendar.ts";
import { type Chunk, chunks, type Element } from "./layout.ts";
import { quote } from "./quote.ts";
import { fixedZone, utc, type Zone } from "./zone.ts";

/** An instant, and the zone it is shown in. */
export interface Parsed {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: number;
  readonly nanosecond: number;
  readonly zone: Zone;
}

/** What has been read so far; month, day and yearDay are -1 until seen. */
interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  half: "" | "am" | "pm";
  zone?: Zone;
  offset?: number;
  zoneName: string;
}

/** A field's text does not have the element's shape. */
class Bad extends Error {}

/** A field's number is too large; the message names the field. */
class OutOfRange extends Error {}

/**
 * time.ParseInLocation.
 *
 * @throws Error in Go's words: `parsing time "x" as "2006": cannot parse "x" as "2006"`
 */
export function parseTime(layout: string, value: string, location: Zone): Parsed {
  const fields: Fields = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    half: "",
    zoneName: "",
  };
  readFields(layout, value, fields);
  if (fields.half === "pm" && fields.hour < 12) fields.hour += 12;
  else if (fields.half === "am" && fields.hour === 12) fields.hour = 0;
  const wrong = settleDate(fields);
  if (wrong !== undefined) throw new Error(`parsing time ${quote(value)}: ${wrong}`);
  return inZone(fields, location);
}

function readFields(layout: string, value: string, fields: Fields): void {
  const failed = (element: string, at: string) =>
    new Error(
      `parsing time ${quote(value)} as ${quote(layout)}: cannot parse ${quote(at)} as ${quote(element)}`,
    );
  const all = chunks(layout);
  let rest = value;
  for (const [i, chunk] of all.entries()) {
    const skipped = skip(rest, chunk.prefix);
    if (skipped.failed) throw failed(chunk.prefix, skipped.rest);
    rest = skipped.rest;
    if (chunk.element === undefined) {
      if (rest !== "") throw new Error(`parsing time ${quote(value)}: extra text: ${quote(rest)}`);
      return;
    }
    const hold = rest;
    try {
      rest = readElement(chunk.element, chunk, rest, fields, all[i + 1]);
    } catch (error) {
      if (error instanceof OutOfRange) throw new Error(`parsing time ${quote(value)}: ${error.message} out of range`);
      if (error instanceof Bad) throw failed(chunk.text, hold);
      throw error;
    }
  }
}

/** Skips literal text; a run of spaces stands for any run of spaces. */
function skip(value: string, prefix: string): { rest: string; failed: boolean } {
  let rest = value;
  let wanted = prefix;
  while (wanted !== "") {
    if (wanted[0] === " ") {
      if (rest !== "" && rest[0] !== " ") return { rest, failed: true };
      wanted = wanted.replace(/^ +/, "");
      rest = rest.replace(/^ +/, "");
      continue;
    }
    if (rest[0] !== wanted[0]) return { rest, failed: true };
    wanted = wanted.slice(1);
    rest = rest.slice(1);
  }
  return { rest, failed: false };
}

/** Reads one or two digits (exactly two when `fixed`). */
function number(value: string, fixed: boolean): [number, string] {
  const digits = (fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(value);
  if (digits === null) throw new Bad();
  return [Number(digits[0]), value.slice(digits[0].length)];
}

function bounded(value: string, fixed: boolean, low: number, high: number, field: string): [number, string] {
  const [n, rest] = number(value, fixed);
  if (n < low || n > high) throw new OutOfRange(field);
  return [n, rest];
}

function lookup(names: readonly string[], length: number | undefined, value: string): [number, string] {
  const lower = value.toLowerCase();
  const index = names.findIndex((name) => lower.startsWith(name.slice(0, length).toLowerCase()));
  if (index < 0) throw new Bad();
  return [index, value.slice(length ?? names[index].length)];
}

function take(value: string, pattern: RegExp): [string, string] {
  const match = pattern.exec(value);
  if (match === null) throw new Bad();
  return [match[0], value.slice(match[0].length)];
}

function readElement(name: Element, chunk: Chunk, value: string, fields: Fields, next: Chunk | undefined): string {
  let rest = value;
  let text: string;
  let n: number;
  switch (name) {
    case "06":
      [text, rest] = take(value, /^[0-9]{2}|^[+-][0-9]/);
      fields.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000);
      break;
    case "2006":
      [text, rest] = take(value, /^[0-9]{4}/);
      fields.year = Number(text);
      break;
    case "Jan":
    case "January":
      [n, rest] = lookup(months, name === "Jan" ? 3 : undefined, value);
      fields.month = n + 1;
      break;
    case "1":
    case "01":
      [fields.month, rest] = bounded(value, name === "01", 1, 12, "month");
      break;
    case "Mon":
    case "Monday":
      [, rest] = lookup(weekdays, name === "Mon" ? 3 : undefined, value);
      break;
    case "2":
    case "_2":
    case "02":
      [fields.day, rest] = number(name === "_2" ? value.replace(/^ /, "") : value, name === "02");
      break;
    case "__2":
    case "002":
      [text, rest] = take(name === "__2" ? value.replace(/^ {1,2}/, "") : value, /^[0-9]{1,3}/);
      if (name === "002" && text.length !== 3) throw new Bad();
      fields.yearDay = Number(text);
      break;
    case "15":
      [fields.hour, rest] = bounded(value, false, 0, 23, "hour");
      break;
    case "3":
    case "03":
      [fields.hour, rest] = bounded(value, name === "03", 0, 12, "hour");
      break;
    case "4":
    case "04":
      [fields.minute, rest] = bounded(value, name === "04", 0, 59, "minute");
      break;
    case "5":
    case "05":
      [fields.second, rest] = bounded(value, name === "05", 0, 59, "second");
      // A fraction may follow the seconds although the layout has none.
      if (next?.element === "frac0" || next?.element === "frac9") break;
      return readFraction(rest, fields);
    case "PM":
    case "pm":
      [text, rest] = take(value, name === "PM" ? /^[AP]M/ : /^[ap]m/);
      fields.half = text.toLowerCase() as "am" | "pm";
      break;
    case "MST":
      return readZoneName(value, fields);
    case "frac0":
      if (value.length < chunk.text.length) throw new Bad();
      [text, rest] = take(value, new RegExp(`^[.,][0-9]{${chunk.text.length - 1}}`));
      fields.nanosecond = nanoseconds(text);
      break;
    case "frac9":
      return readFraction(rest, fields);
    default:
      return readOffset(name, value, fields);
  }
  return rest;
}

function readFraction(value: string, fields: Fields): string {
  const fraction = /^[.,][0-9]+/.exec(value);
  if (fraction === null) return value;
  fields.nanosecond = nanoseconds(fraction[0]);
  return value.slice(fraction[0].length);
}

function nanoseconds(fraction: string): number {
  return Number(fraction.slice(1, 10).padEnd(9, "0"));
}

const offsets: Partial<Record<string, RegExp>> = {
  "07:00": /^(.)(..):(..)/s,
  "07": /^(.)(..)/s,
  "07:00:00": /^(.)(..):(..):(..)/s,
  "070000": /^(.)(..)(..)(..)/s,
  "0700": /^(.)(..)(..)/s,
};

function readOffset(name: Element, value: string, fields: Fields): string {
  if (name[0] === "Z" && value[0] === "Z") {
    fields.zone = utc;
    return value.slice(1);
  }
  const match = offsets[name.slice(1)]!.exec(value);
  if (match === null) throw new Bad();
  const [all, sign, hours, minutes = "00", seconds = "00"] = match;
  const rest = value.slice(all.length);
  const [h] = bounded(hours, true, 0, 24, "time zone offset hour");
  const [m] = bounded(minutes, true, 0, 60, "time zone offset minute");
  const [s] = bounded(seconds, true, 0, 60, "time zone offset second");
  if (sign !== "+" && sign !== "-") throw new Bad();
  const offset = (h * 60 + m) * 60 + s;
  fields.offset = sign === "-" ? -offset : offset;
  return rest;
}

function readZoneName(value: string, fields: Fields): string {
  if (value.startsWith("UTC")) {
    fields.zone = utc;
    return value.slice(3);
  }
  const length = zoneNameLength(value);
  if (length === 0) throw new Bad();
  fields.zoneName = value.slice(0, length);
  return value.slice(length);
}

/** How long the zone's abbreviation at the start of the text is: Go's guess by its shape. */
function zoneNameLength(value: string): number {
  if (value.length < 3) return 0;
  if (/^(ChST|MeST)/.test(value)) return 4;
  if (value.startsWith("GMT")) return 3 + signedOffsetLength(value.slice(3));
  if (/^[+-]/.test(value)) return signedOffsetLength(value);
  const capitals = /^[A-Z]{0,6}/.exec(value)![0];
  if (capitals.length === 3) return 3;
  if (capitals.length === 4 && (capitals[3] === "T" || capitals === "WITA")) return 4;
  return capitals.length === 5 && capitals[4] === "T" ? 5 : 0;
}

function signedOffsetLength(value: string): number {
  const match = /^[+-]([0-9]+)/.exec(value);
  return match === null || BigInt(match[1]) > 23n ? 0 : match[0].length;
}

/** Checks the date and fills in what the layout left out; what is wrong with it, or undefined. */
function settleDate(fields: Fields): string | undefined {
  if (fields.yearDay >= 0) {
    const wrong = settleYearDay(fields);
    if (wrong !== undefined) return wrong;
  } else {
    if (fields.month < 0) fields.month = 1;
    if (fields.day < 0) fields.day = 1;
  }
  return fields.day < 1 || fields.day > daysIn(fields.month, fields.year) ? "day out of range" : undefined;
}

function settleYearDay(fields: Fields): string | undefined {
  const length = isLeap(fields.year) ? 366 : 365;
  if (fields.yearDay < 1 || fields.yearDay > length) return "day-of-year out of range";
  let month = 1;
  let day = fields.yearDay;
  while (day > daysIn(month, fields.year)) day -= daysIn(month++, fields.year);
  if (fields.month >= 0 && fields.month !== month) return "day-of-year does not match month";
  if (fields.day >= 0 && fields.day !== day) return "day-of-year does not match day";
  fields.month = month;
  fields.day = day;
  return undefined;
}

function inZone(fields: Fields, location: Zone): Parsed {
  const { nanosecond } = fields;
  const asUtc = daysSinceEpoch(fields.year, fields.month, fields.day) * 86400 +
    (fields.hour * 60 + fields.minute) * 60 + fields.second;
  if (fields.zone !== undefined) return { seconds: asUtc, nanosecond, zone: fields.zone };
  if (fields.offset !== undefined && fields.offset !== -1) {
    const seconds = asUtc - fields.offset;
    const here = location.at(seconds);
    const same = here.offset === fields.offset && (fields.zoneName === "" || here.abbreviation === fields.zoneName);
    return { seconds, nanosecond, zone: same ? location : fixedZone(fields.zoneName, fields.offset) };
  }
  if (fields.zoneName !== "") return inNamedZone(asUtc, fields, location);
  return { seconds: fromWall(asUtc, location), nanosecond, zone: location };
}

function inNamedZone(asUtc: number, { zoneName, nanosecond }: Fields, location: Zone): Parsed {
  // The name means the location's own zone when it was in use some time in the year around.
  for (const months of [0, 6, -6]) {
    const there = location.at(asUtc + months * 30 * 86400);
    if (there.abbreviation === zoneName) return { seconds: asUtc - there.offset, nanosecond, zone: location };
  }
  const offset = zoneName.startsWith("GMT") ? Number(zoneName.slice(3)) * 3600 : 0;
  return { seconds: asUtc, nanosecond, zone: fixedZone(zoneName, offset) };
}

/** The instant at which the zone's clocks show a wall time; of two, or in a gap, the one Go's time.Date takes. */
export function fromWall(asUtc: number, zone: Zone): number {
  const { offset } = zone.at(asUtc);
  if (offset === 0) return asUtc;
  const guess = asUtc - offset;
  const there = zone.at(guess);
  return there.offset === offset ? guess : asUtc - there.offset;
}

/** Go's layouts: the reference time `Mon Jan 2 15:04:05 MST 2006`, cut into its elements. */
import { months, type Wall, weekdays } from "./calendar.ts";

/** The elements of a layout; `frac0` and `frac9` are fractional seconds with and without trailing zeros. */
export type Element =
  | "January"
  | "Jan"
  | "1"
  | "01"
  | "Monday"
  | "Mon"
  | "2"
  | "_2"
  | "02"
  | "__2"
  | "002"
  | "15"
  | "3"
  | "03"
  | "4"
  | "04"
  | "5"
  | "05"
  | "2006"
  | "06"
  | "PM"
  | "pm"
  | "MST"
  | "Z0700"
  | "Z070000"
  | "Z07"
  | "Z07:00"
  | "Z07:00:00"
  | "-0700"
  | "-070000"
  | "-07"
  | "-07:00"
  | "-07:00:00"
  | "frac0"
  | "frac9";

/** A stretch of literal text and the element after it; the last chunk has none. */
export interface Chunk {
  readonly prefix: string;
  readonly element?: Element;
  /** The element as the layout spells it. */
  readonly text: string;
}

const element = new RegExp(
  "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_(?=2006)|_2|__2|3|4|5|PM|pm|" +
    "-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?![0-9])",
  "g",
);

const cut = new Map<string, readonly Chunk[]>();

/** The chunks of a layout; the last one is the text after the last element. */
export function chunks(layout: string): readonly Chunk[] {
  let known = cut.get(layout);
  if (known === undefined) {
    if (cut.size > 500) cut.clear();
    known = cutLayout(layout);
    cut.set(layout, known);
  }
  return known;
}

function cutLayout(layout: string): Chunk[] {
  const found: Chunk[] = [];
  let start = 0;
  for (const match of layout.matchAll(element)) {
    const text = match[0];
    if (text === "_") continue;
    const name = text[0] === "." || text[0] === "," ? (text[1] === "0" ? "frac0" : "frac9") : (text as Element);
    found.push({ prefix: layout.slice(start, match.index), element: name, text });
    start = match.index + text.length;
  }
  found.push({ prefix: layout.slice(start), text: "" });
  return found;
}

/** An instant as the printer needs it. */
export interface Shown {
  readonly wall: Wall;
  /** 0 to 999,999,999. */
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** The zone's abbreviation, or empty for none. */
  readonly zone: string;
}

/** Time.Format. */
export function formatLayout(layout: string, shown: Shown): string {
  let out = "";
  for (const chunk of chunks(layout)) {
    out += chunk.prefix;
    if (chunk.element !== undefined) out += formatElement(chunk.element, chunk.text, shown);
  }
  return out;
}

function pad(n: number, width: number, fill = "0"): string {
  const digits = Math.abs(n).toString().padStart(width, fill);
  return n < 0 ? "-" + digits : digits;
}

function formatElement(name: Element, text: string, { wall, nanosecond, offset, zone }: Shown): string {
  switch (name) {
    case "January":
      return months[wall.month - 1];
    case "Jan":
      return months[wall.month - 1].slice(0, 3);
    case "1":
      return `${wall.month}`;
    case "01":
      return pad(wall.month, 2);
    case "Monday":
      return weekdays[wall.weekday];
    case "Mon":
      return weekdays[wall.weekday].slice(0, 3);
    case "2":
      return `${wall.day}`;
    case "_2":
      return pad(wall.day, 2, " ");
    case "02":
      return pad(wall.day, 2);
    case "__2":
      return pad(wall.yearDay, 3, " ");
    case "002":
      return pad(wall.yearDay, 3);
    case "15":
      return pad(wall.hour, 2);
    case "3":
      return `${wall.hour % 12 || 12}`;
    case "03":
      return pad(wall.hour % 12 || 12, 2);
    case "4":
      return `${wall.minute}`;
    case "04":
      return pad(wall.minute, 2);
    case "5":
      return `${wall.second}`;
    case "05":
      return pad(wall.second, 2);
    case "2006":
      return pad(wall.year, 4);
    case "06":
      return pad(Math.abs(wall.year) % 100, 2);
    case "PM":
      return wall.hour >= 12 ? "PM" : "AM";
    case "pm":
      return wall.hour >= 12 ? "pm" : "am";
    case "MST":
      return zone !== "" ? zone : formatOffset("-0700", offset);
    case "frac0":
      return text[0] + fraction(nanosecond, text.length - 1);
    case "frac9": {
      const digits = fraction(nanosecond, text.length - 1).replace(/0+$/, "");
      return digits === "" ? "" : text[0] + digits;
    }
    default:
      return formatOffset(name, offset);
  }
}

function fraction(nanosecond: number, digits: number): string {
  return pad(nanosecond, 9).slice(0, digits);
}

function formatOffset(name: Element, offset: number): string {
  if (offset === 0 && name.startsWith("Z")) return "Z";
  // Go divides toward zero before it takes the sign, so that "-00:00:30" shows as "+00".
  const minutes = Math.trunc(offset / 60);
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  const seconds = minutes < 0 ? -offset % 60 : offset % 60;
  const colon = name.includes(":") ? ":" : "";
  const digits = name.replace(/[^0-9]/g, "").length;
  let out = sign + pad(Math.trunc(size / 60), 2);
  if (digits >= 4) out += colon + pad(size % 60, 2);
  if (digits >= 6) out += colon + pad(seconds, 2);
  return out;
}

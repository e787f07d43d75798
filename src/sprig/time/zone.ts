import { abbreviation } from "./zone-names.ts";

/** A time.Location: offsets from UTC and their names. */
export interface Zone {
  /** Location.String: `UTC`, `Local`, `Europe/Berlin`. */
  readonly name: string;
  /** The offset in seconds east of UTC at an instant (seconds since 1970), and what `MST` in a layout prints. */
  at(seconds: number): { offset: number; abbreviation: string };
}

/** Coordinated Universal Time. */
export const utc: Zone = { name: "UTC", at: () => ({ offset: 0, abbreviation: "UTC" }) };

/** time.FixedZone. An empty name prints as the numeric offset. */
export function fixedZone(name: string, offset: number): Zone {
  const hours = offset / 3600;
  if (name !== "" || !Number.isInteger(hours) || hours < -12 || hours > 14) return newZone(name, offset);
  let zone = wholeHours.get(hours);
  if (zone === undefined) wholeHours.set(hours, zone = newZone(name, offset));
  return zone;
}

/** Those that Go makes once, so that times in them are equal. */
const wholeHours = new Map<number, Zone>();

function newZone(name: string, offset: number): Zone {
  return { name, at: () => ({ offset, abbreviation: name }) };
}

/** The machine's zone, time.Local. */
export const local: Zone = {
  name: "Local",
  at(seconds) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return (zone === "UTC" ? utc : loadZone(zone) ?? utc).at(seconds);
  },
};

const loaded = new Map<string, Zone | undefined>();

/** time.LoadLocation; undefined for an unknown name. */
export function loadZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC") return utc;
  if (name === "Local") return local;
  if (!loaded.has(name)) loaded.set(name, intlZone(name));
  return loaded.get(name);
}

function intlZone(name: string): Zone | undefined {
  if (!/^[A-Z][A-Za-z0-9_+\-/]*$/.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
  return {
    name,
    at(seconds) {
      const offset = offsetAt(format, seconds);
      return { offset, abbreviation: abbreviation(name, offset) };
    },
  };
}

/** The distance between the wall clock that Intl shows and UTC. */
function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const parts = new Map(format.formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
  const wall = new Date(0);
  wall.setUTCFullYear(year, number("month") - 1, number("day"));
  wall.setUTCHours(number("hour"), number("minute"), number("second"));
  return wall.getTime() / 1000 - seconds;
}

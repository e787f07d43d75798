import { GoObject } from "../template/value.ts";

/** The zones that stand for times without one. */
type LocalZone = "datetime-local" | "date-local" | "time-local";

const shapes: { readonly shape: RegExp; readonly zone?: LocalZone }[] = [
  { shape: /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[-+]\d\d:\d\d)$/ },
  { shape: /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(\.\d+)?$/, zone: "datetime-local" },
  { shape: /^(\d{4}-\d\d-\d\d)$/, zone: "date-local" },
  { shape: /^()(\d\d:\d\d(?::\d\d)?)(\.\d+)?$/, zone: "time-local" },
];

/** A time.Time that was read from TOML. One without a zone keeps its looks and counts as UTC. */
export class TomlTime extends GoObject {
  override readonly type = "time.Time";

  private constructor(
    private readonly date: string,
    private readonly clock: string,
    /** `Z` or an offset such as `+01:00`; for a time without a zone, what it lacks. */
    private readonly zone: string,
  ) {
    super();
  }

  /** The time that the text names; undefined when it names none. */
  static parse(text: string): TomlTime | undefined {
    const normal = text.replaceAll("z", "Z").replaceAll(/[t ]/g, "T");
    for (const { shape, zone } of shapes) {
      const match = shape.exec(normal);
      if (match === null) continue;
      const [, date = "", clock = "", fraction = "", offset = zone!] = match;
      if (fraction !== "" && clock.length === 5) return undefined;
      if (!isDate(date) || !isClock(clock) || !isOffset(offset)) return undefined;
      const nanoseconds = fraction.slice(0, 10).replace(/\.?0*$/, "");
      const seconds = clock === "" ? "00:00:00" : clock.length === 5 ? `${clock}:00` : clock;
      return new TomlTime(date || "0000-01-01", seconds + nanoseconds, offset);
    }
    return undefined;
  }

  /** RFC 3339, as encoding/json writes a time. */
  override json(): string {
    const offset = this.zone.endsWith("local") || /^[-+]00:00$/.test(this.zone) ? "Z" : this.zone;
    return `${this.date}T${this.clock}${offset}`;
  }

  /** As TOML writes it: without what it lacked. */
  toToml(): string {
    if (this.zone === "date-local") return this.date;
    if (this.zone === "time-local") return this.clock;
    return this.zone === "datetime-local" ? `${this.date}T${this.clock}` : this.json();
  }

  /** As Go's Time.String prints it. */
  override toString(): string {
    const named = this.zone.endsWith("local");
    const offset = named || this.json().endsWith("Z") ? "+0000" : this.zone.replace(":", "");
    const name = named ? this.zone : offset === "+0000" ? "UTC" : offset;
    return `${this.date} ${this.clock} ${offset} ${name}`;
  }
}

function isDate(date: string): boolean {
  if (date === "") return true;
  const [year, month, day] = date.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

function isClock(clock: string): boolean {
  const [hour = 0, minute = 0, second = 0] = clock.split(":").map(Number);
  return hour < 24 && minute < 60 && second < 60;
}

function isOffset(zone: string): boolean {
  if (!/^[-+]/.test(zone)) return true;
  const [hour, minute] = zone.slice(1).split(":").map(Number);
  return hour <= 24 && minute <= 60;
}

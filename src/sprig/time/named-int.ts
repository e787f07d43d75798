import { fn } from "../../template/signature.ts";
import { type GoFunction, GoObject, type GoValue, type Int, int } from "../../template/value.ts";
import { months, weekdays } from "./calendar.ts";

/** A Go int with a type and a text of its own: time.Month, time.Weekday. */
export class NamedInt extends GoObject {
  override readonly kind = "int";

  /** @param names the texts of the numbers from `first` on */
  constructor(
    override readonly type: string,
    readonly value: number,
    private readonly names: readonly string[],
    private readonly first: number,
  ) {
    super();
  }

  override integer(): Int {
    return int(this.value);
  }

  override withInteger(n: bigint): NamedInt {
    return new NamedInt(this.type, Number(n), this.names, this.first);
  }

  override json(): GoValue {
    return int(this.value);
  }

  override toString(): string {
    return this.names[this.value - this.first] ?? `%!${this.type.slice("time.".length)}(${this.value})`;
  }

  override method(name: string): GoFunction | undefined {
    return name === "String" ? fn("func() string", () => this.toString()) : undefined;
  }
}

/** A time.Month, from 1. */
export function monthValue(month: number): NamedInt {
  return new NamedInt("time.Month", month, months, 1);
}

/** A time.Weekday, from Sunday as 0. */
export function weekdayValue(weekday: number): NamedInt {
  return new NamedInt("time.Weekday", weekday, weekdays, 0);
}

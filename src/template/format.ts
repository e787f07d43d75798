/** Go's `fmt` and `strconv`, on Go values. */
import type { GoValue } from "./value.ts";

/** `fmt.Sprint` of one value: Go's `%v`. */
export function sprint(_value: GoValue): string {
  throw new Error("sprint: in progress");
}

/** `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprintAll(_values: readonly GoValue[]): string {
  throw new Error("sprintAll: in progress");
}

/** `fmt.Sprintln`: spaces between all operands, and a newline. */
export function sprintln(_values: readonly GoValue[]): string {
  throw new Error("sprintln: in progress");
}

/** `fmt.Sprintf`, with its forms for mistakes such as `%!d(string=x)`. */
export function sprintf(_format: string, _values: readonly GoValue[]): string {
  throw new Error("sprintf: in progress");
}

/** `strconv.FormatFloat(n, format, precision, 64)`; precision -1 is the shortest that reads back as the same number. */
export function formatFloat(_n: number, _format: "e" | "E" | "f" | "g" | "G", _precision: number): string {
  throw new Error("formatFloat: in progress");
}

/** `strconv.Quote`. */
export function quote(_text: string): string {
  throw new Error("quote: in progress");
}

export { kindName, typeName } from "./type-name.ts";

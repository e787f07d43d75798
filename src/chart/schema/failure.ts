/** What is wrong with a value, printed as github.com/santhosh-tekuri/jsonschema prints it. */
import { quote as goQuote } from "../../template/format.ts";
import { escapeToken } from "./addresses.ts";
import type { Count } from "./numbers.ts";

/** One failure and those that led to it. */
export interface Failure {
  /** `ref` failures with one cause are not printed; `group` failures stand for their causes alone. */
  readonly kind: "plain" | "ref" | "group";
  /** Where in the values. */
  readonly path: readonly string[];
  readonly message: string;
  readonly causes: readonly Failure[];
}

/** The failures as lines, those that led to others indented under them. */
export function printFailures(failure: Failure): string {
  const top = failure.kind === "group" ? failure.causes : [failure];
  return top.map((cause) => print(cause, 1)).join("\n");
}

function print({ kind, path, message, causes }: Failure, indent: number): string {
  if (kind === "ref" && causes.length === 1) return print(causes[0], indent);
  const place = quote(path.map((token) => `/${escapeToken(token)}`).join(""));
  const line = `${"  ".repeat(indent - 1)}- at ${place}: ${message}`;
  return [line, ...causes.map((cause) => print(cause, indent + 1))].join("\n");
}

/** A text in single quotes, with Go's escapes, but for a backslash at the end, which the library takes for another. */
export function quote(text: string): string {
  return `'${goQuote(text).replaceAll('\\"', '"').replaceAll("'", "\\'").slice(1, -1)}'`;
}

/** Several texts in quotes, with commas. */
export function quoteAll(texts: readonly string[]): string {
  return texts.map(quote).join(", ");
}

/** An integer with English separators, as golang.org/x/text prints it: `65,535`. */
export function localInteger(n: Count): string {
  return n.toLocaleString("en-US");
}

/** A float as golang.org/x/text prints it: `65,535.5`, and from a million on, or below 0.0001, `1.5×10⁰⁶`. */
export function localFloat(n: number): string {
  if (!Number.isFinite(n)) return n < 0 ? "-∞" : "∞";
  const [mantissa, exponent] = n.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return n.toLocaleString("en-US", { maximumFractionDigits: 20 });
  const digits = [...String(Math.abs(power)).padStart(2, "0")].map((digit) => superscripts[Number(digit)]).join("");
  return `${mantissa}×10${power < 0 ? "⁻" : ""}${digits}`;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

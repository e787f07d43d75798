/** How Go's fmt prints its basic types under the flags of a verb. */
import { formatFloat } from "./float.ts";
import { canBackquote, isPrint, quote, quoteRune, quoteToAscii, runeOf } from "./quote.ts";

/** The flags of a verb such as `%-08.3f`. */
export interface Flags {
  /** The minimal width in runes, or undefined. */
  width?: number;
  /** The precision, or undefined. */
  precision?: number;
  minus?: boolean;
  plus?: boolean;
  sharp?: boolean;
  space?: boolean;
  zero?: boolean;
  /** `%+v`. */
  plusV?: boolean;
  /** `%#v`. */
  sharpV?: boolean;
  /** Inside `%!d(...)`, where methods such as String are not called. */
  erroring?: boolean;
}

/** No flags at all. */
export const bare: Flags = Object.freeze({});

/** The number of runes in the text. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const c = text.charCodeAt(i);
    if (c < 0xd800 || c > 0xdbff) continue;
    const d = text.charCodeAt(i + 1);
    if (d >= 0xdc00 && d <= 0xdfff) {
      count--;
      i++;
    }
  }
  return count;
}

/** Fills the text up to the width: to the left, or to the right with `-`; with zeros under `0`. */
export function pad(flags: Flags, text: string): string {
  if (!flags.width) return text;
  const missing = flags.width - runeCount(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

/** As {@link pad}, with spaces only. */
function padSpaces(flags: Flags, text: string): string {
  if (!flags.width) return text;
  const missing = flags.width - runeCount(text);
  if (missing <= 0) return text;
  return flags.minus ? text + " ".repeat(missing) : " ".repeat(missing) + text;
}

/** The first `precision` runes. */
export function truncate(flags: Flags, text: string): string {
  if (flags.precision === undefined || text.length <= flags.precision) return text;
  let end = 0;
  for (let n = flags.precision; n > 0 && end < text.length; n--) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** `%q`: a double-quoted string, or a raw one under `#`. */
export function formatQuoted(flags: Flags, text: string): string {
  const cut = truncate(flags, text);
  if (flags.sharp && canBackquote(cut)) return pad(flags, "`" + cut + "`");
  return pad(flags, flags.plus ? quoteToAscii(cut) : quote(cut));
}

/** `%x` and `%X` of bytes. */
export function formatHexBytes(flags: Flags, bytes: Uint8Array, upper: boolean): string {
  const length = Math.min(bytes.length, flags.precision ?? bytes.length);
  if (length === 0) return pad(flags, "");
  const prefix = flags.sharp ? (upper ? "0X" : "0x") : "";
  const digits = Array.from(bytes.subarray(0, length), (b) => b.toString(16).padStart(2, "0"));
  const text = flags.space
    ? digits.map((d) => prefix + (upper ? d.toUpperCase() : d)).join(" ")
    : prefix + (upper ? digits.join("").toUpperCase() : digits.join(""));
  return pad(flags, text);
}

/** An integer in a base; `letter` is the verb, for `%O` and `%X`. */
export function formatInteger(flags: Flags, value: bigint, base: 2 | 8 | 10 | 16, letter: string): string {
  const negative = value < 0n;
  let digits = (negative ? -value : value).toString(base);
  if (letter === "X") digits = digits.toUpperCase();
  if (flags.precision !== undefined) {
    if (flags.precision === 0 && value === 0n) return padSpaces(flags, "");
    digits = digits.padStart(flags.precision, "0");
  } else if (flags.zero && !flags.minus && flags.width) {
    digits = digits.padStart(flags.width - (negative || flags.plus || flags.space ? 1 : 0), "0");
  }
  if (flags.sharp) {
    if (base === 2) digits = "0b" + digits;
    else if (base === 8 && digits[0] !== "0") digits = "0" + digits;
    else if (base === 16) digits = (letter === "X" ? "0X" : "0x") + digits;
  }
  if (letter === "O") digits = "0o" + digits;
  return padSpaces(flags, (negative ? "-" : flags.plus ? "+" : flags.space ? " " : "") + digits);
}

/** `%c`. */
export function formatRune(flags: Flags, value: bigint): string {
  return pad(flags, runeOf(Number(BigInt.asUintN(64, value))));
}

/** `%q` of an integer. */
export function formatQuotedRune(flags: Flags, value: bigint): string {
  return pad(flags, quoteRune(Number(BigInt.asUintN(64, value)), flags.plus ?? false));
}

/** `%U`: `U+0078`, or `U+0078 'x'` under `#`. */
export function formatUnicode(flags: Flags, value: bigint): string {
  const code = BigInt.asUintN(64, value);
  const hex = code.toString(16).toUpperCase().padStart(Math.max(flags.precision ?? 4, 4), "0");
  const rune = code <= 0x10ffffn ? runeOf(Number(code)) : "";
  const shown = flags.sharp && rune !== "" && isPrint(rune) && (rune !== "\ufffd" || code === 0xfffdn);
  return padSpaces(flags, `U+${hex}${shown ? ` '${rune}'` : ""}`);
}

/** A float64 with a verb of strconv and its default precision. */
export function formatNumber(flags: Flags, value: number, verb: string, precision: number): string {
  if (flags.precision !== undefined) precision = flags.precision;
  let text = formatFloat(value, verb, precision);
  let sign = "+";
  if (text[0] === "-" || text[0] === "+") {
    sign = text[0];
    text = text.slice(1);
  }
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  if (text === "Inf" || text === "NaN") {
    const bareNaN = text === "NaN" && !flags.space && !flags.plus;
    return padSpaces(flags, !bareNaN && (flags.plus || sign !== "+") ? sign + text : text);
  }
  if (flags.sharp && verb !== "b") text = withPoint(text, verb, precision);
  if (!flags.plus && sign === "+") return pad(flags, text);
  if (flags.zero && !flags.minus && flags.width && flags.width > text.length + 1) {
    return sign + text.padStart(flags.width - 1, "0");
  }
  return pad(flags, sign + text);
}

/** `#`: always a decimal point, and the trailing zeros that %g drops. */
function withPoint(text: string, verb: string, precision: number): string {
  const at = verb === "x" || verb === "X" ? text.search(/[pP]/) : text.search(/[eE]/);
  const head = at < 0 ? text : text.slice(0, at);
  const tail = at < 0 ? "" : text.slice(at);
  let missing = verb === "g" || verb === "G" || verb === "x" ? (precision === -1 ? 6 : precision) : 0;
  missing -= head.replace(".", "").replace(/^0+/, "").length;
  const hasPoint = head.includes(".");
  if (!hasPoint && head === "0") missing--;
  return head + (hasPoint ? "" : ".") + "0".repeat(Math.max(missing, 0)) + tail;
}

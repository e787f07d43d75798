/** Go's literals: numbers as text/template reads them, and `strconv.Unquote`. */
import { fromBytes } from "../bytes.ts";
import { quote } from "../format/quote.ts";
import { TokenType } from "./token-type.ts";
import { Kind, type NumberNode } from "./node.ts";

const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;

/** A number token. Throws an Error in Go's words. */
export function parseNumber(at: number, text: string, type: TokenType): NumberNode {
  const node = { kind: Kind.Number, at, text } as const;
  if (/^(?:0|[1-9][0-9]{0,8})$/.test(text)) {
    const int = BigInt(text);
    return { kind: Kind.Number, at, text, int, uint: int, float: Number(text) };
  }
  if (type === TokenType.Char) {
    const { rune, tail } = unquoteChar(text.slice(1), "'");
    if (tail !== "'") throw new Error(`malformed character constant: ${text}`);
    const value = BigInt(rune);
    return { ...node, int: value, uint: value, float: rune };
  }
  if (type === TokenType.Complex) {
    const [, first = "", second = ""] = /^([+-]?[^+-]*(?:[eEpP][+-][^+-]*)?)([+-].*)i$/.exec(text) ?? [];
    const real = parseFloat64(first);
    const imaginary = parseFloat64(second);
    if (real === undefined || imaginary === undefined) throw new Error("syntax error scanning complex number");
    return { ...node, ...complexMeanings(real, imaginary) };
  }
  if (text.endsWith("i")) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (imaginary !== undefined) return { ...node, ...complexMeanings(0, imaginary) };
  }
  const int = parseInteger(text);
  if (int !== undefined) {
    // A sign is only for signed numbers, but -0 is unsigned too.
    const signed = int >= -maxInt64 - 1n && int <= maxInt64 ? int : undefined;
    const unsigned = int === 0n || (/^[0-9]/.test(text) && int <= maxUint64) ? int : undefined;
    if (signed !== undefined || unsigned !== undefined) {
      return { ...node, int: signed, uint: unsigned, float: Number(signed ?? unsigned) };
    }
  }
  const float = parseFloat64(text);
  if (float === undefined) throw new Error(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new Error(`integer overflow: ${quote(text)}`);
  return { ...node, ...floatMeanings(float) };
}

function floatMeanings(float: number): Pick<NumberNode, "int" | "uint" | "float"> {
  const whole = Number.isInteger(float) ? BigInt(float) : undefined;
  const int = whole !== undefined && whole >= -maxInt64 - 1n && whole <= maxInt64 ? whole : undefined;
  const uint = whole !== undefined && whole >= 0n && whole <= maxUint64 ? whole : undefined;
  return { int, uint, float };
}

function complexMeanings(real: number, imaginary: number): Pick<NumberNode, "int" | "uint" | "float" | "complex"> {
  return { ...(imaginary === 0 ? floatMeanings(real) : {}), complex: { real, imaginary } };
}

/** `strconv.ParseInt(text, 0, ...)` without its bounds. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX]_?|0[bB]_?|0[oO]_?|0_?(?=[0-9]))?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, prefix = "", digits] = match;
  const base = prefix === "" ? "" : `0${/[xXbB]/.test(prefix[1]) ? prefix[1] : "o"}`;
  const plain = digits.replaceAll("_", "");
  const allowed = /x/i.test(base)
    ? /^[0-9a-fA-F]+$/
    : /b/i.test(base)
    ? /^[01]+$/
    : base === ""
    ? /^[0-9]+$/
    : /^[0-7]+$/;
  if (!allowed.test(plain)) return undefined;
  const value = BigInt(base + plain);
  return sign === "-" ? -value : value;
}

/** `strconv.ParseFloat` of what the lexer takes for a number. */
function parseFloat64(text: string): number | undefined {
  const hex = /^([+-]?)0[xX]_?([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9_]+)$/.exec(text);
  if (/__|^_|_$|_[^0-9a-fA-F]|[^0-9a-fA-FxXbBoO]_/.test(text)) return undefined;
  if (hex !== null) {
    const [whole, fraction] = [hex[2].replaceAll("_", ""), hex[3].replaceAll("_", "")];
    if (whole + fraction === "") return undefined;
    const value = Number(BigInt(`0x${whole}${fraction}`)) *
      2 ** (Number(hex[4].replaceAll("_", "")) - 4 * fraction.length);
    return Number.isFinite(value) ? (hex[1] === "-" ? -value : value) : undefined;
  }
  const plain = text.replaceAll("_", "");
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** `strconv.Unquote` of a quoted or raw string. Throws `invalid syntax`. */
export function unquote(quoted: string): string {
  if (quoted[0] === "`") return quoted.slice(1, -1).replaceAll("\r", "");
  const body = quoted.slice(1, -1).toWellFormed();
  if (!body.includes("\\")) return body;
  // Bytes that \x and octal escapes write may together form a rune.
  const bytes: number[] = [];
  let text = "";
  const flush = () => {
    text += fromBytes(Uint8Array.from(bytes));
    bytes.length = 0;
  };
  for (let rest = body; rest !== "";) {
    const { rune, tail, isByte } = unquoteChar(rest, '"');
    if (isByte && rune > 0x7f) bytes.push(rune);
    else {
      flush();
      text += String.fromCodePoint(rune);
    }
    rest = tail;
  }
  flush();
  return text;
}

const escapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, "'": 39, '"': 34 };

/** `strconv.UnquoteChar`: the first character of the text, escaped or not. */
function unquoteChar(text: string, mark: string): { rune: number; tail: string; isByte: boolean } {
  const rune = text.codePointAt(0);
  if (rune === undefined || text[0] === mark) throw new Error("invalid syntax");
  if (text[0] !== "\\") return { rune, tail: text.slice(rune > 0xffff ? 2 : 1), isByte: false };
  const match = /^\\(?:(x)([0-9a-fA-F]{2})|(u)([0-9a-fA-F]{4})|(U)([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))/.exec(
    text,
  );
  if (match === null) throw new Error("invalid syntax");
  const tail = text.slice(match[0].length);
  if (match[8] !== undefined) {
    if ((match[8] === "'" || match[8] === '"') && match[8] !== mark) throw new Error("invalid syntax");
    return { rune: escapes[match[8]], tail, isByte: false };
  }
  const code = match[7] !== undefined ? parseInt(match[7], 8) : parseInt(match[2] ?? match[4] ?? match[6], 16);
  const isByte = match[7] !== undefined || match[1] !== undefined;
  const valid = isByte ? code <= 0xff : code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (!valid) throw new Error("invalid syntax");
  return { rune: code, tail, isByte };
}

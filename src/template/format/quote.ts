import { isOf } from "../unicode.ts";

/** Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export const isPrint = isOf("\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ");

const plain = /^[ !#-[\]-~]*$/;

/** `strconv.Quote`. */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return quoteWith(text, '"', false);
}

/** `strconv.QuoteToASCII`. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, '"', true);
}

/** `strconv.QuoteRune`, or `QuoteRuneToASCII`; a code point that does not exist becomes U+FFFD. */
export function quoteRune(code: number, ascii: boolean): string {
  return quoteWith(runeOf(code), "'", ascii);
}

/** A code point as a string, as Go's `string(rune)` makes it: U+FFFD for what is no code point. */
export function runeOf(code: number): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? String.fromCodePoint(code) : "\ufffd";
}

/** `strconv.CanBackquote`: whether a raw string can hold the text unchanged. */
export function canBackquote(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x08\x0a-\x1f`\x7f\ufeff]/.test(text);
}

function quoteWith(text: string, mark: string, ascii: boolean): string {
  let out = mark;
  for (const rune of text) out += escape(rune, mark, ascii);
  return out + mark;
}

const short: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function escape(rune: string, mark: string, ascii: boolean): string {
  if (rune === mark || rune === "\\") return "\\" + rune;
  const code = rune.codePointAt(0)!;
  if (code < 0x7f && code >= 0x20) return rune;
  if (short[rune] !== undefined) return short[rune];
  if (code < 0x20 || code === 0x7f) return "\\x" + code.toString(16).padStart(2, "0");
  if (code >= 0xdc80 && code <= 0xdcff) return "\\x" + (code - 0xdc00).toString(16);
  if (code >= 0xd800 && code <= 0xdfff) return "\\ufffd";
  if (!ascii && isPrint(rune)) return rune;
  return code < 0x10000 ? "\\u" + code.toString(16).padStart(4, "0") : "\\U" + code.toString(16).padStart(8, "0");
}

/**
 * Go's `unicode` package: predicates on one character and its simple case mappings, which never change the number of
 * characters (JavaScript's do: "ß" becomes "SS").
 *
 * A character is a string of one code point.
 */

import { isNewer, isOf } from "../template/unicode.ts";

const titlecaseDigraphs = new Map<string, string>();
for (const [title, ...others] of ["ǅǄǆ", "ǈǇǉ", "ǋǊǌ", "ǲǱǳ"]) {
  for (const other of [title, ...others]) titlecaseDigraphs.set(other, title);
}

/** unicode.IsSpace. */
export function isSpace(char: string): boolean {
  return /^\p{White_Space}$/u.test(char);
}

/** unicode.IsUpper. */
export const isUpper = isOf("\\p{Lu}");

/** unicode.IsLower. */
export const isLower = isOf("\\p{Ll}");

/** unicode.IsTitle. */
export const isTitle = isOf("\\p{Lt}");

/** unicode.IsLetter. */
export const isLetter = isOf("\\p{L}");

/** unicode.IsDigit. */
export const isDigit = isOf("\\p{Nd}");

/** unicode.IsNumber. */
export const isNumber = isOf("\\p{N}");

/** unicode.IsPunct. */
export const isPunct = isOf("\\p{P}");

/** unicode.ToUpper. */
export function upperRune(char: string): string {
  const upper = char.toUpperCase();
  if (isNewer(char) || isNewer(upper)) return char;
  if (isOneRune(upper)) return upper;
  return greekTitle(char) ?? char;
}

/** unicode.ToLower. */
export function lowerRune(char: string): string {
  const lower = char.toLowerCase();
  if (isNewer(char) || isNewer(lower)) return char;
  // The one character whose full mapping has two: capital I with a dot.
  return isOneRune(lower) ? lower : "i";
}

/** unicode.ToTitle. */
export function titleRune(char: string): string {
  const digraph = titlecaseDigraphs.get(char);
  if (digraph !== undefined) return digraph;
  // Georgian letters have capitals but no titlecase.
  if (char >= "\u10d0" && char <= "\u10ff") return char;
  return upperRune(char);
}

/** Greek letters with iota subscript: one capital in the simple mapping, two in the full one. */
function greekTitle(char: string): string | undefined {
  const code = char.codePointAt(0)!;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCodePoint(code + 9);
  return undefined;
}

function isOneRune(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}

/** strings.Map over characters: bytes that are not UTF-8 become U+FFFD. */
function mapRunes(text: string, change: (char: string) => string): string {
  let out = "";
  for (const char of text.toWellFormed()) out += change(char);
  return out;
}

// deno-lint-ignore no-control-regex
const ascii = /^[\x00-\x7f]*$/;

/** strings.ToUpper. */
export function upper(text: string): string {
  return ascii.test(text) ? text.toUpperCase() : mapRunes(text, upperRune);
}

/** strings.ToLower. */
export function lower(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : mapRunes(text, lowerRune);
}

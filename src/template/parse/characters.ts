/** Characters, names and numbers, as a template's tokens are made of them. */
import { classOf } from "../unicode.ts";

export const LF = 0x0a;
export const DOUBLE_QUOTE = 0x22;
export const DOLLAR = 0x24;
export const QUOTE = 0x27;
export const OPEN_PARENTHESIS = 0x28;
export const CLOSE_PARENTHESIS = 0x29;
export const PLUS = 0x2b;
export const DASH = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const BACKQUOTE = 0x60;
export const PIPE = 0x7c;
export const CLOSE_BRACE = 0x7d;

/** ASCII characters by what they may be. */
export const enum Class {
  /** A part of a name. */
  Name = 1,
  /** What may follow a name. */
  End = 2,
}

export const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) if (/\w/.test(String.fromCharCode(c))) classes[c] = Class.Name;
for (const c of " \t\r\n.,|:()") classes[c.charCodeAt(0)] = Class.End;

export const isSpace = (c: number) => c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0d;

export const isDigit = (c: number) => c >= 0x30 && c <= 0x39;

const anyName = new RegExp(`${classOf("\\p{L}\\p{Nd}_")}*`, "vy");

/** Where the letters, digits and underscores end that start at `at`. */
export function endOfName(text: string, at: number): number {
  let end = at;
  let c = text.charCodeAt(end);
  while (c < 0x80 && (classes[c] & Class.Name) !== 0) c = text.charCodeAt(++end);
  if (!(c >= 0x80)) return end;
  anyName.lastIndex = end;
  anyName.test(text);
  return anyName.lastIndex;
}

const numbers =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;

/** The end of a number, or minus the end of something else. */
export function endOfNumber(text: string, start: number): number {
  numbers.lastIndex = start;
  numbers.test(text);
  const end = numbers.lastIndex;
  if (endOfName(text, end) === end) return end;
  return -(end + (text.codePointAt(end)! > 0xffff ? 2 : 1));
}

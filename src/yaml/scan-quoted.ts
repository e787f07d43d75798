import {
  BACKSLASH,
  DOUBLE_QUOTE,
  hexDigit,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isHighSurrogate,
  SINGLE_QUOTE,
} from "./characters.ts";
import type { Cursor } from "./cursor.ts";
import { foldBreaks } from "./scan-plain.ts";

/** What an escape of one character stands for. */
const escapes: Record<string, string> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

/** How many hexadecimal digits follow `\x`, `\u` and `\U`. */
const hexLengths: Record<string, number> = { x: 2, u: 4, U: 8 };

/** Scans a quoted scalar from its opening quote to past its closing one. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.peek();
  cursor.pos++;
  let value = "";
  for (;;) {
    if (cursor.atDocumentIndicator()) throw cursor.problem("found unexpected document indicator");
    if (cursor.atEnd) throw cursor.problem("found unexpected end of stream");
    const word = scanWord(cursor, quote);
    value += word.value;
    if (cursor.peek() === quote) break;
    value += scanGap(cursor, word.escapedBreak);
  }
  cursor.pos++;
  return value;
}

/** Reads up to a blank, a line break (escaped or not) or the closing quote. */
function scanWord(cursor: Cursor, quote: number): { value: string; escapedBreak: boolean } {
  const text = cursor.text;
  let value = "";
  let start = cursor.pos;
  for (let code = cursor.peek(); !isBlankOrEnd(code); code = cursor.peek()) {
    if (code === quote) {
      if (quote === DOUBLE_QUOTE || cursor.peek(1) !== SINGLE_QUOTE) break;
      value += text.slice(start, cursor.pos + 1);
      start = cursor.pos += 2;
    } else if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
      value += text.slice(start, cursor.pos);
      if (isBreak(cursor.peek(1))) {
        cursor.pos++;
        cursor.readBreak();
        return { value, escapedBreak: true };
      }
      value += scanEscape(cursor);
      start = cursor.pos;
    } else {
      if (isHighSurrogate(code)) {
        cursor.passPair();
        cursor.pos++;
      }
      cursor.pos++;
    }
  }
  return { value: value + text.slice(start, cursor.pos), escapedBreak: false };
}

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.pos + 1];
  const simple = escapes[letter];
  if (simple !== undefined) {
    cursor.pos += 2;
    return simple;
  }
  const length = hexLengths[letter];
  if (length === undefined) throw cursor.problem("found unknown escape character");
  cursor.pos += 2;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = hexDigit(cursor.peek(i));
    if (digit < 0) throw cursor.problem("did not find expected hexdecimal number");
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw cursor.problem("found invalid Unicode character escape code");
  }
  cursor.pos += length;
  return String.fromCodePoint(value);
}

/** Reads blanks and line breaks inside a quoted scalar; after an escaped line break the blanks do not count. */
function scanGap(cursor: Cursor, escapedBreak: boolean): string {
  const start = cursor.pos;
  let first = escapedBreak ? "" : undefined;
  let more = "";
  for (let code = cursor.peek();; code = cursor.peek()) {
    if (isBlank(code)) cursor.pos++;
    else if (!isBreak(code)) break;
    else if (first === undefined) first = cursor.readBreak();
    else more += cursor.readBreak();
  }
  return first === undefined ? cursor.text.slice(start, cursor.pos) : foldBreaks(first, more);
}

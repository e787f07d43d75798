import { quote } from "../template/format/quote.ts";
import { isHex, isLineEnd, isWhitespace, type TomlSource } from "./toml-source.ts";

const simpleEscapes: Record<string, string> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};

const hexEscapes: Record<string, { length: number; words: string }> = {
  x: { length: 2, words: "two" },
  u: { length: 4, words: "four" },
  U: { length: 8, words: "eight" },
};

/** Reads a string from its opening quote on; three quotes open a string of several lines if `multiline` allows it. */
export function readTomlString(source: TomlSource, multiline: boolean): string {
  const quote = source.next();
  if (multiline && source.text.startsWith(quote + quote, source.pos)) {
    source.pos += 2;
    const text = readMultiline(source, quote);
    const body = text.replace(/^\r?\n/, "");
    return quote === "'" ? body : unescape(source, joinLines(body));
  }
  const start = source.pos;
  let escaped = false;
  for (;;) {
    const char = source.next();
    if (char === "") throw source.unexpected(`unexpected EOF; expected ${quote === "'" ? `"'"` : `'"'`}`, char);
    if (isLineEnd(char)) throw source.lineEnded("strings cannot contain newlines");
    if (char === quote) break;
    if (char === "\\" && quote === '"') {
      checkEscape(source, start);
      escaped = true;
    }
  }
  const text = source.text.slice(start, source.pos - 1);
  return escaped ? unescape(source, text, 1) : text;
}

function readMultiline(source: TomlSource, quote: string): string {
  const closing = quote.repeat(3);
  const start = source.pos;
  for (;;) {
    const char = source.next();
    if (char === "") throw source.unexpected(`unexpected EOF; expected ${quote === "'" ? `"'''"` : `'"""'`}`, char);
    if (char === "\\" && quote === '"') {
      if (isLineEnd(source.peek())) source.next();
      else checkEscape(source, start);
    }
    if (char !== quote || !source.text.startsWith(closing, source.pos - 1)) continue;
    if (source.text[source.pos + 2] !== quote) break;
    // One or two quotes may stand before the closing ones.
    const read = source.text.slice(start, source.pos + 2);
    if (read.endsWith(quote.repeat(5)) && (quote === "'" || !read.endsWith(`\\"""""`))) {
      source.pos += 2;
      throw source.error(quote === "'" ? `unexpected "''''''"` : `unexpected '""""""'`, source.line);
    }
  }
  source.pos += 2;
  return source.text.slice(start, source.pos - 3);
}

/** Checks an escape whose backslash has been taken, and passes it. */
function checkEscape(source: TomlSource, start: number): void {
  const char = source.next();
  if (simpleEscapes[char] !== undefined || isWhitespace(char)) return;
  const hex = hexEscapes[char];
  if (hex === undefined) {
    throw source.error(`invalid escape in string '\\${char || "\0"}'`, char === "" ? source.line - 1 : source.line);
  }
  for (let i = 0; i < hex.length; i++) {
    const digit = source.next();
    if (isHex(digit)) continue;
    const read = quote(source.text.slice(start, source.pos));
    throw source.unexpected(
      `expected ${hex.words} hexadecimal digits after '\\${char}', but got ${read} instead`,
      digit,
    );
  }
}

/** Takes out the line ends that a backslash escapes, with the white space after them. */
function joinLines(text: string): string {
  return text.replaceAll(/\\(?:\\|[ \t\r]*\n[ \t\r\n]*)/g, (match) => match === "\\\\" ? match : "");
}

/** Replaces the escapes, which have been checked, of a string whose `after` closing quotes have been taken. */
function unescape(source: TomlSource, text: string, after = 3): string {
  const fail = (message: string) => {
    source.pos -= after;
    return source.error(message, source.line);
  };
  return text.replaceAll(/\\(?:x(..)|u(.{4})|U(.{8})|([^]))/g, (_, two, four, eight, char) => {
    if (char !== undefined) {
      if (isWhitespace(char)) throw fail(`invalid escape: '\\${char}'`);
      return simpleEscapes[char];
    }
    const digits: string = two ?? four ?? eight;
    const code = parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw fail(`Escaped character '\\u${digits}' is not valid UTF-8.`);
    }
    return String.fromCodePoint(code);
  });
}

import { quoteRune } from "../template/format/quote.ts";
import { tomlError } from "./toml-error.ts";

/** A character of a document; empty at its end. */
export type Char = string;

/** A TOML document and the place in it where the parser stands. */
export class TomlSource {
  /** The next character's index. */
  pos = 0;

  /** `lastKey` gives the key that errors name. */
  constructor(readonly text: string, private readonly lastKey: () => string) {}

  /** The next character, which stays; one that no document may hold is an error. */
  peek(): Char {
    const char = this.text[this.pos];
    if (char === undefined) return "";
    const code = char.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdcff && !isPairEnd(this.text, this.pos)) {
      throw this.error(`invalid UTF-8 byte: 0x${(code - 0xdc00).toString(16)}`, this.line);
    }
    const control = code < 0x20 || code === 0x7f;
    if (control && char !== "\t" && char !== "\n" && (char !== "\r" || this.text[this.pos + 1] !== "\n")) {
      throw this.error(
        `TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, "0")}'`,
        this.line,
      );
    }
    return code >= 0xd800 && code <= 0xdbff ? String.fromCodePoint(this.text.codePointAt(this.pos)!) : char;
  }

  /** Takes the next character. */
  next(): Char {
    const char = this.peek();
    this.pos += char.length;
    return char;
  }

  /** Takes the next character if it is this one. */
  accept(char: Char): boolean {
    if (this.peek() !== char) return false;
    this.pos++;
    return true;
  }

  /** Takes characters as long as they pass the test. */
  skip(test: (char: Char) => boolean): void {
    for (let char = this.peek(); char !== "" && test(char); char = this.peek()) this.pos += char.length;
  }

  /** The line, from 1. */
  get line(): number {
    let line = 1;
    for (let at = this.text.indexOf("\n"); at >= 0 && at < this.pos; at = this.text.indexOf("\n", at + 1)) line++;
    return line;
  }

  /** An error on a line. */
  error(message: string, line: number): Error {
    return tomlError(message, line, this.lastKey());
  }

  /** An error about `char`, which has just been taken; at the document's end it belongs to the line before. */
  unexpected(message: string, char: Char): Error {
    const closed = char === "" && this.text[this.pos - 1] === "\n";
    return this.error(message, closed ? this.line - 1 : this.line);
  }

  /** An error about a line's end, which has just been taken. */
  lineEnded(message: string): Error {
    return this.error(message, this.line - 1);
  }
}

function isPairEnd(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

/** A space or a tab. */
export function isWhitespace(char: Char): boolean {
  return char === " " || char === "\t";
}

/** A line feed, or the CR before one. */
export function isLineEnd(char: Char): boolean {
  return char === "\n" || char === "\r";
}

/** A decimal digit. */
export function isDecimal(char: Char): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

/** A hexadecimal digit. */
export function isHex(char: Char): boolean {
  return /^[0-9a-fA-F]$/.test(char);
}

/** A character in Go's quotes, as `%q` prints it; the end of a document is NUL. */
export function quoteChar(char: Char): string {
  return quoteRune(char === "" ? 0 : char.codePointAt(0)!, false);
}

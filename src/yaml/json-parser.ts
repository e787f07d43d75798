import { toBytes } from "../template/bytes.ts";
import { sharedName } from "../template/names.ts";
import type { GoValue } from "../template/value.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  hexDigit,
  isDigit,
  PLUS,
  SPACE,
  ZERO,
} from "./characters.ts";
import { YamlError } from "./error.ts";
import { quoteRune } from "../template/format/quote.ts";

/** How deep encoding/json lets collections nest. */
const maxDepth = 10000;

/** A decoded value, and the error of a number within it that no float64 holds. */
export interface Decoded {
  readonly value: GoValue;
  readonly tooLarge: YamlError | undefined;
}

/** encoding/json's Unmarshal into `any`, which leaves it to the caller to refuse a number that is too large. */
export function decodeJson(text: string): Decoded {
  return new JsonParser(text).document();
}

/** encoding/json's Decoder on a text that is one value, where `numeral` makes a number of its spelling. */
export function decodeJsonSpelled(text: string, numeral: (literal: string) => GoValue): GoValue {
  return new JsonParser(text, "unexpected EOF", numeral).document().value;
}

/** encoding/json's Decoder on the value that `text` begins with, and how many UTF-16 units that takes. */
export function decodeJsonPrefix(text: string): { readonly value: GoValue; readonly length: number } {
  return new JsonParser(text, "unexpected EOF").prefix();
}

class JsonParser {
  private pos = 0;
  private depth = 0;
  /** Go checks the syntax of the whole text before it looks at a number's size. */
  private tooLarge: YamlError | undefined;

  /**
   * @param cut what a Decoder says when the text ends too early; without it, Unmarshal's words
   * @param numeral what a number is by its spelling; without it, a float64
   */
  constructor(
    private readonly text: string,
    private readonly cut?: string,
    private readonly numeral?: (literal: string) => GoValue,
  ) {}

  document(): Decoded {
    const value = this.guarded();
    if (this.next() !== 0 || this.pos < this.text.length) throw this.invalid("after top-level value");
    return { value, tooLarge: this.tooLarge };
  }

  prefix(): { value: GoValue; length: number } {
    const value = this.guarded();
    if (this.tooLarge !== undefined) throw this.tooLarge;
    return { value, length: this.pos };
  }

  private guarded(): GoValue {
    try {
      return this.value();
    } catch (error) {
      if (error instanceof RangeError) throw new YamlError("exceeded max depth");
      throw error;
    }
  }

  /** Passes white space and gives the code of the character after it; 0 at the end. */
  private next(): number {
    const text = this.text;
    for (; this.pos < text.length; this.pos++) {
      const code = text.charCodeAt(this.pos);
      if (code > SPACE || (code !== SPACE && code !== 0x0a && code !== 0x0d && code !== 0x09)) return code;
    }
    return 0;
  }

  private value(): GoValue {
    const code = this.next();
    switch (code) {
      case DOUBLE_QUOTE:
        return this.string();
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      case 0x6e:
        return this.word("null", null);
    }
    if (code === DASH || isDigit(code)) return this.number();
    throw this.invalid("looking for beginning of value");
  }

  private object(): GoValue {
    this.enter();
    const map = new Map<string, GoValue>();
    if (this.next() === CLOSE_BRACE) return this.leave(map);
    for (;;) {
      if (this.next() !== DOUBLE_QUOTE) throw this.invalid("looking for beginning of object key string");
      const key = sharedName(this.string());
      if (this.next() !== COLON) throw this.invalid("after object key");
      this.pos++;
      map.set(key, this.value());
      const code = this.next();
      if (code === CLOSE_BRACE) return this.leave(map);
      if (code !== COMMA) throw this.invalid("after object key:value pair");
      this.pos++;
    }
  }

  private array(): GoValue {
    this.enter();
    const list: GoValue[] = [];
    if (this.next() === CLOSE_BRACKET) return this.leave(list);
    for (;;) {
      list.push(this.value());
      const code = this.next();
      if (code === CLOSE_BRACKET) return this.leave(list);
      if (code !== COMMA) throw this.invalid("after array element");
      this.pos++;
    }
  }

  private enter(): void {
    if (++this.depth > maxDepth) throw this.broken("exceeded max depth");
    this.pos++;
  }

  private leave(value: GoValue): GoValue {
    this.pos++;
    this.depth--;
    return value;
  }

  private word(word: string, value: boolean | null): boolean | null {
    for (let i = 1; i < word.length; i++) {
      this.pos++;
      if (this.text[this.pos] !== word[i]) throw this.broken(`in literal ${word} (expecting '${word[i]}')`);
    }
    this.pos++;
    return value;
  }

  private string(): string {
    const text = this.text;
    let value = "";
    let start = ++this.pos;
    for (;; this.pos++) {
      const code = text.charCodeAt(this.pos);
      if (code === DOUBLE_QUOTE) break;
      if (code === BACKSLASH) {
        value += text.slice(start, this.pos) + this.escape();
        start = this.pos + 1;
      } else if (!(code >= SPACE)) {
        throw this.invalid("in string literal");
      }
    }
    value += text.slice(start, this.pos++);
    return value.isWellFormed() ? value : value.toWellFormed();
  }

  /** Reads an escape from its backslash up to its last character, where it leaves the place. */
  private escape(): string {
    const letter = this.text[++this.pos];
    const at = 'bfnrt\\/"'.indexOf(letter);
    if (letter !== undefined && at >= 0) return '\b\f\n\r\t\\/"'[at];
    if (letter !== "u") throw this.broken("in string escape code");
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.text.charCodeAt(++this.pos));
      if (digit < 0) throw this.broken("in \\u hexadecimal character escape");
      value = value * 16 + digit;
    }
    return String.fromCharCode(value);
  }

  private number(): GoValue {
    const start = this.pos;
    if (this.peek() === DASH) this.pos++;
    if (this.peek() === ZERO) this.pos++;
    else this.digits("in numeric literal");
    if (this.peek() === DOT) {
      this.pos++;
      this.digits("after decimal point in numeric literal");
    }
    if ((this.peek() | 0x20) === 0x65) {
      this.pos++;
      if (this.peek() === PLUS || this.peek() === DASH) this.pos++;
      this.digits("in exponent of numeric literal");
    }
    const literal = this.text.slice(start, this.pos);
    if (this.numeral !== undefined) return this.numeral(literal);
    const value = Number(literal);
    if (!Number.isFinite(value)) {
      this.tooLarge ??= new YamlError(`json: cannot unmarshal number ${literal} into Go value of type float64`);
      return null;
    }
    return value;
  }

  private digits(where: string): void {
    if (!isDigit(this.peek())) throw this.broken(where);
    while (isDigit(this.peek())) this.pos++;
  }

  private peek(): number {
    return this.pos < this.text.length ? this.text.charCodeAt(this.pos) : 0;
  }

  /** Go's error for a character that is out of place; the text's end is one where white space would do. */
  private invalid(where: string): YamlError {
    const ended = this.pos >= this.text.length;
    return ended && this.cut === undefined ? new YamlError("unexpected end of JSON input") : this.broken(where);
  }

  /**
   * Go's error for a character inside a literal. Go closes the text with a space, which cuts a literal short, and looks
   * at bytes, so it names the first byte of a character past ASCII.
   */
  private broken(where: string): YamlError {
    if (this.cut !== undefined && this.pos >= this.text.length) return new YamlError(this.cut);
    const code = this.text.codePointAt(this.pos) ?? SPACE;
    const byte = code < 0x80 ? code : toBytes(String.fromCodePoint(code))[0];
    return new YamlError(`invalid character ${byte === DOUBLE_QUOTE ? `'"'` : quoteRune(byte, false)} ${where}`);
  }
}

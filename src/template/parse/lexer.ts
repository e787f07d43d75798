/** The tokens of a template's text. Go's text/template/parse decides what they are; the errors are in its words. */
import { quote } from "../format/quote.ts";
import { sprintf } from "../format/sprintf.ts";
import { int } from "../value.ts";
import {
  BACKQUOTE,
  BACKSLASH,
  Class,
  classes,
  CLOSE_BRACE,
  CLOSE_PARENTHESIS,
  COLON,
  DASH,
  DOLLAR,
  DOT,
  DOUBLE_QUOTE,
  endOfName,
  endOfNumber,
  EQUALS,
  isDigit,
  isSpace,
  LF,
  OPEN_PARENTHESIS,
  PIPE,
  PLUS,
  QUOTE,
} from "./characters.ts";
import { TokenList } from "./token-list.ts";
import { TokenType } from "./token-type.ts";

/** The code point at a place: U+FFFD for a byte that is no UTF-8, -1 past the end. */
const runeAt = (text: string, at: number) => text.slice(at, at + 2).toWellFormed().codePointAt(0) ?? -1;

/** Reads a text's tokens, the last of which is an EOF. Before it there may be an error, after which nothing is read. */
export class Lexer extends TokenList {
  /** `isFunction` tells the functions; one called `break` or `continue` takes that keyword's place. */
  constructor(text: string, private readonly isFunction: (name: string) => boolean) {
    super(text);
    this.read();
    this.add(TokenType.EOF, text.length, text.length);
  }

  private read(): void {
    const { text } = this;
    for (let at = 0; at >= 0;) {
      const delimiter = text.indexOf("{{", at);
      if (delimiter < 0) {
        if (at < text.length) this.add(TokenType.Text, at, text.length);
        return;
      }
      const trim = text.charCodeAt(delimiter + 2) === DASH && isSpace(text.charCodeAt(delimiter + 3));
      let end = delimiter;
      if (trim) { while (end > at && isSpace(text.charCodeAt(end - 1))) end--; }
      if (end > at) this.add(TokenType.Text, at, end);
      const inside = delimiter + (trim ? 4 : 2);
      at = text.startsWith("/*", inside) ? this.comment(inside) : this.action(delimiter, inside);
    }
  }

  /** Where the text goes on after the comment; -1 after an error, as of all that follows. */
  private comment(start: number): number {
    const end = this.text.indexOf("*/", start + 2);
    if (end < 0) return this.fail(start, "unclosed comment");
    const length = this.rightDelimiter(end + 2);
    if (length === 0) return this.fail(start, "comment ends before closing delimiter");
    return this.afterRight(end + 2, length);
  }

  /** The length of the right delimiter at `at`: 2 for `}}`, 4 for ` -}}`, or 0. */
  private rightDelimiter(at: number): number {
    const { text } = this;
    const c = text.charCodeAt(at);
    if (c === CLOSE_BRACE) return text.charCodeAt(at + 1) === CLOSE_BRACE ? 2 : 0;
    return isSpace(c) && text.charCodeAt(at + 1) === DASH && text.startsWith("}}", at + 2) ? 4 : 0;
  }

  private afterRight(at: number, length: number): number {
    let end = at + length;
    if (length === 4) { while (isSpace(this.text.charCodeAt(end))) end++; }
    return end;
  }

  /** Where the text goes on after the action. */
  private action(delimiter: number, inside: number): number {
    this.add(TokenType.Left, delimiter, delimiter + 2);
    let parentheses = 0;
    for (let at = inside; at >= 0;) {
      const length = this.rightDelimiter(at);
      if (length > 0) {
        if (parentheses > 0) return this.fail(at, "unclosed left paren");
        this.add(TokenType.Right, at + length - 2, at + length);
        return this.afterRight(at, length);
      }
      const c = this.text.charCodeAt(at);
      if (c === OPEN_PARENTHESIS) {
        parentheses++;
        at = this.add(TokenType.OpenParenthesis, at, at + 1);
      } else if (c === CLOSE_PARENTHESIS) {
        if (parentheses-- === 0) return this.fail(at, "unexpected right paren");
        at = this.add(TokenType.CloseParenthesis, at, at + 1);
      } else {
        at = this.inside(at, c);
      }
    }
    return -1;
  }

  /** Where the token inside an action ends that starts with the character `c` and is no parenthesis. */
  private inside(start: number, c: number): number {
    const { text } = this;
    if (isSpace(c)) return this.space(start);
    switch (c) {
      case DOT: {
        const next = text.charCodeAt(start + 1);
        return next !== next || isDigit(next) ? this.number(start) : this.name(start, TokenType.Field);
      }
      case DOLLAR:
        return this.name(start, TokenType.Variable);
      case DOUBLE_QUOTE:
        return this.quoted(start, c, TokenType.String, "unterminated quoted string");
      case PIPE:
        return this.add(TokenType.Pipe, start, start + 1);
      case EQUALS:
        return this.add(TokenType.Assign, start, start + 1);
      case COLON:
        if (text.charCodeAt(start + 1) !== EQUALS) return this.fail(start, "expected :=");
        return this.add(TokenType.Declare, start, start + 2);
      case QUOTE:
        return this.quoted(start, c, TokenType.Char, "unterminated character constant");
      case BACKQUOTE: {
        const end = text.indexOf("`", start + 1);
        return end < 0 ? this.fail(start, "unterminated raw quoted string") : this.add(TokenType.Raw, start, end + 1);
      }
      case PLUS:
      case DASH:
        return this.number(start);
    }
    if (isDigit(c)) return this.number(start);
    const end = endOfName(text, start);
    if (end > start) return this.identifier(start, end);
    if (c !== c) return this.fail(start, "unclosed action");
    if (c > 0x20 && c < 0x7f) return this.add(TokenType.Other, start, start + 1);
    return this.fail(start, `unrecognized character in action: ${this.unicode(start)}`);
  }

  private unicode(at: number): string {
    return sprintf("%#U", [int(runeAt(this.text, at))]);
  }

  /** A run of spaces, but for one that belongs to a trimming delimiter. */
  private space(start: number): number {
    const { text } = this;
    let end = start + 1;
    while (isSpace(text.charCodeAt(end))) end++;
    if (text.charCodeAt(end) === DASH && text.startsWith("}}", end + 1)) end--;
    return this.add(TokenType.Space, start, end);
  }

  private quoted(start: number, mark: number, type: TokenType, problem: string): number {
    const { text } = this;
    for (let at = start + 1;; at++) {
      const c = text.charCodeAt(at);
      if (c === mark) return this.add(type, start, at + 1);
      if (c === BACKSLASH) at++;
      if (c === LF || c !== c || (c === BACKSLASH && text.charCodeAt(at) === LF)) return this.fail(start, problem);
    }
  }

  /** `.name` or `$name`; a lone `.` or `$`. */
  private name(start: number, type: TokenType.Field | TokenType.Variable): number {
    const end = endOfName(this.text, start + 1);
    if (!this.mayEndAt(end)) return this.fail(start, `bad character ${this.unicode(end)}`);
    return this.add(end === start + 1 && type === TokenType.Field ? TokenType.Dot : type, start, end);
  }

  private identifier(start: number, end: number): number {
    if (!this.mayEndAt(end)) return this.fail(start, `bad character ${this.unicode(end)}`);
    let type = wordType(this.text, start, end);
    if ((type === TokenType.Break || type === TokenType.Continue) && this.isFunction(this.text.slice(start, end))) {
      type = TokenType.Identifier;
    }
    return this.add(type, start, end);
  }

  /** Whether a name may end here. */
  private mayEndAt(at: number): boolean {
    const c = this.text.charCodeAt(at);
    if (c === CLOSE_BRACE) return this.text.charCodeAt(at + 1) === CLOSE_BRACE;
    return c < 0x80 ? (classes[c] & Class.End) !== 0 : c !== c;
  }

  private number(start: number): number {
    const { text } = this;
    let end = endOfNumber(text, start);
    if (end < 0) return this.fail(start, `bad number syntax: ${quote(text.slice(start, -end))}`);
    const sign = text.charCodeAt(end);
    if (sign !== PLUS && sign !== DASH) return this.add(TokenType.Number, start, end);
    end = endOfNumber(text, end);
    if (end < 0 || text[end - 1] !== "i") {
      return this.fail(start, `bad number syntax: ${quote(text.slice(start, Math.abs(end)))}`);
    }
    return this.add(TokenType.Complex, start, end);
  }
}

/** What the word is; there are few keywords, and most have a length of their own. */
function wordType(text: string, start: number, end: number): TokenType {
  const is = (word: string) => text.startsWith(word, start);
  switch (end - start) {
    case 2:
      if (is("if")) return TokenType.If;
      break;
    case 3:
      if (is("end")) return TokenType.End;
      if (is("nil")) return TokenType.Nil;
      break;
    case 4:
      if (is("else")) return TokenType.Else;
      if (is("with")) return TokenType.With;
      if (is("true")) return TokenType.Bool;
      break;
    case 5:
      if (is("range")) return TokenType.Range;
      if (is("false")) return TokenType.Bool;
      if (is("block")) return TokenType.Block;
      if (is("break")) return TokenType.Break;
      break;
    case 6:
      if (is("define")) return TokenType.Define;
      break;
    case 8:
      if (is("template")) return TokenType.Template;
      if (is("continue")) return TokenType.Continue;
      break;
  }
  return TokenType.Identifier;
}

/** The tokens of a template's text. Go's text/template/parse decides what they are; the errors are in its words. */
import { sprintf } from "../format/sprintf.ts";
import { quote } from "../format/quote.ts";
import { int } from "../value.ts";

/** What a token is. Keywords and `.` are tokens of their own kind. */
export type TokenType =
  | "error"
  | "EOF"
  | "text"
  | "left"
  | "right"
  | "space"
  | "("
  | ")"
  | "|"
  | "="
  | ":="
  | "other"
  | "bool"
  | "char"
  | "number"
  | "complex"
  | "string"
  | "raw"
  | "field"
  | "identifier"
  | "variable"
  | Keyword;

type Keyword =
  | "."
  | "nil"
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "range"
  | "template"
  | "with";

const keywords = new Set<string>([
  "nil",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);

/** A token: its text, and where it starts in the template's text. For `error` the text is what is wrong. */
export interface Token {
  readonly type: TokenType;
  readonly at: number;
  readonly text: string;
}

/** A token as error messages show it. */
export function describe(token: Token): string {
  if (token.type === "EOF" || token.type === "error") return token.type === "EOF" ? "EOF" : token.text;
  if (token.type === "." || keywords.has(token.type)) return `<${token.text}>`;
  if (new TextEncoder().encode(token.text).length > 10) return sprintf("%.10q...", [token.text]);
  return quote(token.text);
}

const space = (c: number) => c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d;

const digit = (c: number) => c >= 0x30 && c <= 0x39;

const asciiName = /[A-Za-z0-9_]*/y;
const anyName = /[\p{L}\p{Nd}_]*/uy;

/** Where the letters, digits and underscores end that start at `at`. */
function endOfName(text: string, at: number): number {
  asciiName.lastIndex = at;
  asciiName.test(text);
  const end = asciiName.lastIndex;
  if (!(text.charCodeAt(end) >= 0x80)) return end;
  anyName.lastIndex = end;
  anyName.test(text);
  return anyName.lastIndex;
}

/** Reads tokens one by one. After an `error` there is nothing more. */
export class Lexer {
  private at = 0;
  private insideAction = false;
  private parentheses = 0;

  /** `names` are the functions; one called `break` or `continue` takes that keyword's place. */
  constructor(private readonly text: string, private readonly isFunction: (name: string) => boolean) {}

  next(): Token {
    return this.insideAction ? this.lexInside() : this.lexText();
  }

  private token(type: TokenType, start: number, end: number): Token {
    this.at = end;
    return { type, at: start, text: this.text.slice(start, end) };
  }

  private error(start: number, text: string): Token {
    this.at = this.text.length;
    this.insideAction = false;
    return { type: "error", at: start, text };
  }

  private lexText(): Token {
    for (;;) {
      const start = this.at;
      const delimiter = this.text.indexOf("{{", start);
      if (delimiter < 0) return this.token(start < this.text.length ? "text" : "EOF", start, this.text.length);
      const trim = this.text.charCodeAt(delimiter + 2) === 0x2d && space(this.text.charCodeAt(delimiter + 3));
      if (delimiter > start) {
        let end = delimiter;
        if (trim) { while (end > start && space(this.text.charCodeAt(end - 1))) end--; }
        this.at = delimiter;
        if (end > start) return { type: "text", at: start, text: this.text.slice(start, end) };
      }
      const inside = delimiter + (trim ? 4 : 2);
      if (this.text.startsWith("/*", inside)) {
        const error = this.skipComment(inside);
        if (error !== undefined) return error;
        continue;
      }
      this.insideAction = true;
      this.parentheses = 0;
      this.at = inside;
      return { type: "left", at: delimiter, text: "{{" };
    }
  }

  private skipComment(start: number): Token | undefined {
    const end = this.text.indexOf("*/", start + 2);
    if (end < 0) return this.error(start, "unclosed comment");
    this.at = end + 2;
    const delimiter = this.rightDelimiter(this.at);
    if (delimiter === 0) return this.error(start, "comment ends before closing delimiter");
    this.skipRight(delimiter);
    return undefined;
  }

  /** The length of the right delimiter at `at`: 2 for `}}`, 4 for ` -}}`, or 0. */
  private rightDelimiter(at: number): number {
    const { text } = this;
    const c = text.charCodeAt(at);
    if (c === 0x7d) return text.charCodeAt(at + 1) === 0x7d ? 2 : 0;
    return space(c) && text.startsWith("-}}", at + 1) ? 4 : 0;
  }

  private skipRight(length: number): void {
    this.at += length;
    if (length === 4) { while (space(this.text.charCodeAt(this.at))) this.at++; }
  }

  private lexInside(): Token {
    const start = this.at;
    const { text } = this;
    const delimiter = this.rightDelimiter(start);
    if (delimiter > 0) {
      if (this.parentheses > 0) return this.error(start, "unclosed left paren");
      this.skipRight(delimiter);
      this.insideAction = false;
      return { type: "right", at: start + delimiter - 2, text: "}}" };
    }
    const c = text.charCodeAt(start);
    if (Number.isNaN(c)) return this.error(start, "unclosed action");
    if (space(c)) return this.lexSpace(start);
    switch (text[start]) {
      case "=":
        return this.token("=", start, start + 1);
      case ":":
        return text[start + 1] === "=" ? this.token(":=", start, start + 2) : this.error(start, "expected :=");
      case "|":
        return this.token("|", start, start + 1);
      case '"':
        return this.lexQuoted(start, /["\\\n]/g, "string", "unterminated quoted string");
      case "'":
        return this.lexQuoted(start, /['\\\n]/g, "char", "unterminated character constant");
      case "`": {
        const end = text.indexOf("`", start + 1);
        return end < 0 ? this.error(start, "unterminated raw quoted string") : this.token("raw", start, end + 1);
      }
      case "$":
        return this.lexName(start, "variable");
      case ".":
        if (start + 1 < text.length && !digit(text.charCodeAt(start + 1))) return this.lexName(start, "field");
        return this.lexNumber(start);
      case "+":
      case "-":
        return this.lexNumber(start);
      case "(":
        this.parentheses++;
        return this.token("(", start, start + 1);
      case ")":
        if (this.parentheses-- === 0) return this.error(start, "unexpected right paren");
        return this.token(")", start, start + 1);
    }
    if (digit(c)) return this.lexNumber(start);
    if (endOfName(text, start) > start) return this.lexIdentifier(start);
    if (c > 0x20 && c < 0x7f) return this.token("other", start, start + 1);
    return this.error(start, `unrecognized character in action: ${this.unicode(start)}`);
  }

  private unicode(at: number): string {
    return sprintf("%#U", [int(this.text.codePointAt(at) ?? -1)]);
  }

  /** A run of spaces, but for one that belongs to a trimming delimiter. */
  private lexSpace(start: number): Token {
    let end = start + 1;
    while (space(this.text.charCodeAt(end))) end++;
    if (this.text.startsWith("-}}", end)) end--;
    return this.token("space", start, end);
  }

  /** `special` finds the closing mark, backslashes and the ends of lines. */
  private lexQuoted(start: number, special: RegExp, type: TokenType, error: string): Token {
    special.lastIndex = start + 1;
    while (special.test(this.text)) {
      const at = special.lastIndex - 1;
      const c = this.text[at];
      if (c === "\n") break;
      if (c !== "\\") return this.token(type, start, at + 1);
      if (this.text[at + 1] === "\n") break;
      special.lastIndex = at + 2;
    }
    return this.error(start, error);
  }

  /** `.name` or `$name`; a lone `.` or `$`. */
  private lexName(start: number, type: "field" | "variable"): Token {
    const end = endOfName(this.text, start + 1);
    if (end === start + 1 && this.atTerminator(end)) return this.token(type === "variable" ? type : ".", start, end);
    if (!this.atTerminator(end)) return this.error(start, `bad character ${this.unicode(end)}`);
    return this.token(type, start, end);
  }

  private lexIdentifier(start: number): Token {
    const end = endOfName(this.text, start);
    if (!this.atTerminator(end)) return this.error(start, `bad character ${this.unicode(end)}`);
    const word = this.text.slice(start, end);
    let type: TokenType = "identifier";
    if (word === "true" || word === "false") type = "bool";
    else if (keywords.has(word)) {
      const taken = (word === "break" || word === "continue") && this.isFunction(word);
      if (!taken) type = word as Keyword;
    }
    this.at = end;
    return { type, at: start, text: word };
  }

  /** Whether a name may end here. */
  private atTerminator(at: number): boolean {
    if (at >= this.text.length) return true;
    const c = this.text.charCodeAt(at);
    return space(c) || ".,|:)(".includes(this.text[at]) || this.text.startsWith("}}", at);
  }

  private lexNumber(start: number): Token {
    let end = this.scanNumber(start);
    if (end < 0) return this.error(start, `bad number syntax: ${quote(this.text.slice(start, -end))}`);
    const sign = this.text[end];
    if (sign !== "+" && sign !== "-") return this.token("number", start, end);
    end = this.scanNumber(end);
    if (end < 0 || this.text[end - 1] !== "i") {
      return this.error(start, `bad number syntax: ${quote(this.text.slice(start, Math.abs(end)))}`);
    }
    return this.token("complex", start, end);
  }

  /** The end of a number, or minus the end of something else. */
  private scanNumber(start: number): number {
    const number =
      /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
    number.lastIndex = start;
    const end = start + number.exec(this.text)![0].length;
    if (endOfName(this.text, end) === end) return end;
    return -(end + (this.text.codePointAt(end)! > 0xffff ? 2 : 1));
  }
}

/** The parser's window on the tokens, and its errors. */
import { TemplateError } from "../error.ts";
import { nameAt } from "../names.ts";
import { Lexer } from "./lexer.ts";
import { TokenType } from "./token-type.ts";

/** A token, by its number. */
export type Token = number;

/** The tokens, read one by one; an error's line is that of the furthest one read, as in Go. */
export class Tokens {
  protected readonly lexer: Lexer;
  /** The token to be read next, and the furthest that was. */
  private at = 0;
  private furthest = 0;
  /** Where the action began that is being read; undefined between actions. */
  protected actionStart: Token | undefined;

  constructor(
    protected readonly name: string,
    protected readonly text: string,
    protected readonly isFunction: (name: string) => boolean,
  ) {
    this.lexer = new Lexer(text, isFunction);
  }

  /** Ends the parsing with Go's words: `template: NAME:LINE: REASON`. */
  fail(reason: string, cause?: unknown): never {
    const line = this.lineOf(this.furthest);
    throw new TemplateError(`template: ${this.name}:${line}: ${reason}`, {
      kind: "parse",
      template: this.name,
      source: this.name,
      line,
      reason,
    }, cause === undefined ? undefined : { cause });
  }

  private lineOf(token: Token): number {
    const at = this.lexer.startOf(token);
    let line = 1;
    for (let i = this.text.indexOf("\n"); i >= 0 && i < at; i = this.text.indexOf("\n", i + 1)) line++;
    return line;
  }

  protected unexpected(token: Token, context: string): never {
    const { lexer, name, actionStart } = this;
    if (lexer.typeOf(token) === TokenType.Error) {
      const text = lexer.textOf(token);
      let where = "";
      if (actionStart !== undefined && this.lineOf(actionStart) !== this.lineOf(token)) {
        const started = `started at ${name}:${this.lineOf(actionStart)}`;
        where = text.endsWith(" action") ? ` ${started}` : ` in action ${started}`;
      }
      this.fail(text + where);
    }
    this.fail(`unexpected ${lexer.describe(token)} in ${context}`);
  }

  protected typeOf(token: Token): TokenType {
    return this.lexer.typeOf(token);
  }

  protected startOf(token: Token): number {
    return this.lexer.startOf(token);
  }

  /** The token's text, without so many characters at its start. */
  protected nameOf(token: Token, skip = 0): string {
    return nameAt(this.text, this.lexer.startOf(token) + skip, this.lexer.endOf(token));
  }

  protected next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  /** Goes back to a token that was read. */
  protected backTo(token: Token): void {
    this.at = token;
  }

  protected peek(): Token {
    const token = Math.min(this.at, this.lexer.last);
    if (token > this.furthest) this.furthest = token;
    return token;
  }

  protected nextNonSpace(): Token {
    const token = this.peekNonSpace();
    this.at++;
    return token;
  }

  protected peekNonSpace(): Token {
    let token = this.peek();
    // Two spaces never follow each other.
    if (this.lexer.typeOf(token) === TokenType.Space) {
      this.at++;
      token = this.peek();
    }
    return token;
  }

  protected expect(type: TokenType, context: string): Token {
    const token = this.nextNonSpace();
    if (this.lexer.typeOf(token) !== type) this.unexpected(token, context);
    return token;
  }
}

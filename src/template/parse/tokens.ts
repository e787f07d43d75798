/** The parser's window on the tokens, and its errors. */
import { TemplateError } from "../error.ts";
import { describe, Lexer, type Token, type TokenType } from "./lexer.ts";

/** Tokens with up to three read ahead. Go's three slots are kept, as an error's line is that of slot 0. */
export class Tokens {
  private readonly lexer: Lexer;
  private readonly tokens: Token[] = [];
  private peeked = 0;
  /** Where the action began that is being read; undefined between actions. */
  protected actionStart: Token | undefined;

  constructor(
    protected readonly name: string,
    private readonly text: string,
    protected readonly isFunction: (name: string) => boolean,
  ) {
    this.lexer = new Lexer(text, isFunction);
  }

  /** Ends the parsing with Go's words: `template: NAME:LINE: REASON`. */
  fail(reason: string, cause?: unknown): never {
    const line = this.lineOf(this.tokens[0]);
    throw new TemplateError(`template: ${this.name}:${line}: ${reason}`, {
      kind: "parse",
      template: this.name,
      source: this.name,
      line,
      reason,
    }, cause === undefined ? undefined : { cause });
  }

  private lineOf(token: Token | undefined): number {
    let line = 1;
    for (let i = this.text.indexOf("\n"); i >= 0 && i < (token?.at ?? 0); i = this.text.indexOf("\n", i + 1)) line++;
    return line;
  }

  protected unexpected(token: Token, context: string): never {
    if (token.type === "error") {
      let where = "";
      if (this.actionStart !== undefined && this.lineOf(this.actionStart) !== this.lineOf(token)) {
        const started = `started at ${this.name}:${this.lineOf(this.actionStart)}`;
        where = token.text.endsWith(" action") ? ` ${started}` : ` in action ${started}`;
      }
      this.fail(token.text + where);
    }
    this.fail(`unexpected ${describe(token)} in ${context}`);
  }

  protected next(): Token {
    if (this.peeked > 0) this.peeked--;
    else this.tokens[0] = this.lexer.next();
    return this.tokens[this.peeked];
  }

  protected backup(): void {
    this.peeked++;
  }

  protected backup2(token: Token): void {
    this.tokens[1] = token;
    this.peeked = 2;
  }

  protected backup3(second: Token, first: Token): void {
    this.tokens[1] = first;
    this.tokens[2] = second;
    this.peeked = 3;
  }

  protected peek(): Token {
    if (this.peeked > 0) return this.tokens[this.peeked - 1];
    this.peeked = 1;
    this.tokens[0] = this.lexer.next();
    return this.tokens[0];
  }

  protected nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.type !== "space") return token;
    }
  }

  protected peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup();
    return token;
  }

  protected expect(type: TokenType, context: string): Token {
    const token = this.nextNonSpace();
    if (token.type !== type) this.unexpected(token, context);
    return token;
  }
}

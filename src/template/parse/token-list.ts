/** The tokens of a text, in as little memory as they need. */
import { quote } from "../format/quote.ts";
import { sprintf } from "../format/sprintf.ts";
import { TokenType } from "./token-type.ts";

/** A token takes three numbers: its type, where it starts and where it ends. */
const width = 3;

/** Room that one text's tokens take after another's; a text of more tokens has room of its own. */
let room = new Int32Array(width * 4096);
const largestRoom = width * 2 ** 18;

/** Tokens in their order: one is known by its number, counted from 0. They are there until the next text is read. */
export class TokenList {
  private tokens = room;
  private length = 0;
  /** What is wrong, when there is an error. */
  private problem = "";

  constructor(protected readonly text: string) {}

  /** The number of the last token. */
  get last(): number {
    return this.length / width - 1;
  }

  typeOf(token: number): TokenType {
    return this.tokens[width * token];
  }

  startOf(token: number): number {
    return this.tokens[width * token + 1];
  }

  endOf(token: number): number {
    return this.tokens[width * token + 2];
  }

  /** The token's text; for an error, what is wrong. */
  textOf(token: number): string {
    if (this.typeOf(token) === TokenType.Error) return this.problem;
    return this.text.slice(this.startOf(token), this.endOf(token));
  }

  /** A token as error messages show it. */
  describe(token: number): string {
    const type = this.typeOf(token);
    const text = this.textOf(token);
    if (type === TokenType.EOF) return "EOF";
    if (type === TokenType.Error) return text;
    if (type >= TokenType.Dot) return `<${text}>`;
    if (new TextEncoder().encode(text).length > 10) return sprintf("%.10q...", [text]);
    return quote(text);
  }

  /** Adds a token and returns its end. */
  protected add(type: TokenType, start: number, end: number): number {
    const at = this.length;
    if (at === this.tokens.length) this.grow();
    const { tokens } = this;
    tokens[at] = type;
    tokens[at + 1] = start;
    tokens[at + 2] = end;
    this.length = at + width;
    return end;
  }

  private grow(): void {
    const larger = new Int32Array(2 * this.length);
    larger.set(this.tokens);
    this.tokens = larger;
    if (larger.length <= largestRoom) room = larger;
  }

  /** Adds an error. */
  protected fail(start: number, problem: string): -1 {
    this.problem = problem;
    this.add(TokenType.Error, start, start);
    return -1;
  }
}

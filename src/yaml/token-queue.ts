import type { Cursor } from "./cursor.ts";
import type { Directive, TagParts } from "./scan-properties.ts";
import { SimpleKey, Token, type TokenType } from "./token.ts";

/** A key without `?` lies on one line and is at most this long, so that looking for its `:` has an end. */
const maxKeyLength = 1024;

/** How deep collections nest. */
export const maxDepth = 10000;

/**
 * The tokens that have been scanned and not been taken yet, with what decides whether more must be scanned first: the
 * open block collections, which are told by indentation, and the keys, which are told by the `:` after them.
 */
export abstract class TokenQueue {
  private readonly queue: Token[] = [];
  private head = 0;
  private taken = 0;
  protected indent = -1;
  private readonly indents: number[] = [];
  protected keyAllowed = true;
  protected flowLevel = 0;
  /** The key that may begin on each flow level, the block level first. */
  protected readonly keys: (SimpleKey | undefined)[] = [undefined];
  private pendingKey: SimpleKey | undefined;

  constructor(protected readonly cursor: Cursor) {}

  /** The next token, which stays. */
  peek(): Token {
    while (this.head === this.queue.length || this.mayBeginKey(this.queue[this.head])) this.fetch();
    return this.queue[this.head];
  }

  /** Takes the token that {@link peek} showed and gives the one after it. */
  next(): Token {
    this.skip();
    return this.peek();
  }

  /** Takes the token that {@link peek} showed. */
  skip(): void {
    this.taken++;
    if (++this.head === this.queue.length) this.head = this.queue.length = 0;
  }

  /** Whether a `:` may still come that makes this token the first of a key, with a token before it. */
  private mayBeginKey(token: Token): boolean {
    return token.key !== undefined && !token.key.forgotten && this.isValid(token.key);
  }

  protected isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.cursor.line && key.index + maxKeyLength >= this.cursor.index) return true;
    if (key.required) throw this.cursor.problem("could not find expected ':'");
    key.possible = false;
    return false;
  }

  /** Scans the next token. */
  protected abstract fetch(): void;

  protected push(type: TokenType, line: number, value?: string, detail?: TagParts | Directive): void {
    const token = new Token(type, line, value, detail);
    token.key = this.pendingKey;
    this.pendingKey = undefined;
    this.queue.push(token);
  }

  /** Puts a token before the one numbered `number`; after all others when that one has been taken. */
  protected insert(number: number, type: TokenType, line: number): void {
    const place = number < this.taken ? this.queue.length : this.head + number - this.taken;
    this.queue.splice(place, 0, new Token(type, line));
  }

  private get nextNumber(): number {
    return this.taken + this.queue.length - this.head;
  }

  /** Begins a flow level, on which no key has begun. */
  protected enterFlow(): void {
    const { line, column, index } = this.cursor;
    const none = new SimpleKey(false, this.nextNumber, line, column, index);
    none.possible = false;
    this.keys.push(none);
    this.flowLevel++;
  }

  /**
   * Ends a flow level. A level on which no key began has the number of its first token for the last key's, and go-yaml
   * then forgets the key around it that begins with that token: `[]: x` is read as `[]`.
   */
  protected leaveFlow(): void {
    if (this.flowLevel === 0) return;
    this.flowLevel--;
    const inner = this.keys.pop();
    const outer = this.keys[this.keys.length - 1];
    if (outer !== undefined && outer.number === inner?.number) outer.forgotten = true;
  }

  protected pushIndicator(type: TokenType, width = 1): void {
    this.push(type, this.cursor.line);
    this.cursor.pos += width;
  }

  /** Notes that a key may begin here, when it may. */
  protected saveKey(): void {
    if (!this.keyAllowed) return;
    const { line, column, index } = this.cursor;
    this.removeKey();
    const required = this.flowLevel === 0 && this.indent === column;
    this.pendingKey = new SimpleKey(required, this.nextNumber, line, column, index);
    this.keys[this.keys.length - 1] = this.pendingKey;
  }

  /** Gives up the key that may begin on this level. */
  protected removeKey(): void {
    const key = this.keys[this.keys.length - 1];
    if (key === undefined || !key.possible) return;
    if (key.required) throw this.cursor.problem("could not find expected ':'");
    key.possible = false;
  }

  /** Begins a block collection when `column` is deeper than what is open. */
  protected roll(column: number, number: number, type: TokenType, line: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxDepth) throw this.cursor.problem(`exceeded max depth of ${maxDepth}`);
    this.insert(number, type, line);
  }

  /** Ends the block collections that are deeper than `column`. */
  protected unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push("block-end", this.cursor.line);
      this.indent = this.indents.pop()!;
    }
  }

  /** Checks that an entry may begin here in block context, and begins its collection. */
  protected startInBlock(what: string, type: TokenType): void {
    if (!this.keyAllowed) throw this.cursor.problem(`${what} are not allowed in this context`);
    this.roll(this.cursor.column, this.nextNumber, type, this.cursor.line);
  }
}

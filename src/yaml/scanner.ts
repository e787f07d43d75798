import {
  AMPERSAND,
  BANG,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  isBlank,
  isBlankOrEnd,
  isBreak,
  OPEN_BRACE,
  OPEN_BRACKET,
  PERCENT,
  PIPE,
  QUESTION,
  SINGLE_QUOTE,
  SPACE,
  STAR,
  TAB,
} from "./characters.ts";
import type { Cursor } from "./cursor.ts";
import { scanBlockScalar } from "./scan-block.ts";
import { scanPlain } from "./scan-plain.ts";
import { type Directive, scanAnchor, scanDirective, scanTag, skipComment, type TagParts } from "./scan-properties.ts";
import { scanQuoted } from "./scan-quoted.ts";

/** The kinds of {@link Token}. */
export type TokenType =
  | "stream-end"
  | "directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "block-entry"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "plain"
  | "quoted";

/** A token and the line, from 0, on which it starts. */
export class Token {
  /** The place of a key that may begin with this token. */
  key: SimpleKey | undefined = undefined;

  constructor(
    readonly type: TokenType,
    readonly line: number,
    /** A scalar's text or an anchor's name. */
    readonly value: string = "",
    /** What a tag or a directive consists of. */
    readonly detail: TagParts | Directive | undefined = undefined,
  ) {}
}

/** A place where a key without `?` may begin: the `:` after it will tell. */
class SimpleKey {
  possible = true;

  constructor(
    readonly required: boolean,
    /** The number of its first token, counted from the beginning of the stream. */
    readonly number: number,
    readonly line: number,
    readonly column: number,
    readonly index: number,
  ) {}
}

/** A key without `?` lies on one line and is at most this long, so that looking for its `:` has an end. */
const maxKeyLength = 1024;

/** How deep collections nest. */
const maxDepth = 10000;

/** Cuts a YAML text into tokens, as libyaml does, with the indentation turned into tokens of its own. */
export class Scanner {
  private readonly queue: Token[] = [];
  private head = 0;
  private taken = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private keyAllowed = true;
  private flowLevel = 0;
  /** The key that may begin on each flow level, the block level first. */
  private readonly keys: (SimpleKey | undefined)[] = [undefined];
  private pendingKey: SimpleKey | undefined;

  constructor(private readonly cursor: Cursor) {}

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
    return token.key !== undefined && this.isValid(token.key);
  }

  private isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.cursor.line && key.index + maxKeyLength >= this.cursor.index) return true;
    if (key.required) throw this.cursor.problem("could not find expected ':'");
    key.possible = false;
    return false;
  }

  private fetch(): void {
    const cursor = this.cursor;
    this.skipToToken();
    const column = cursor.column;
    this.unroll(column);
    if (cursor.atEnd) return this.fetchStreamEnd();
    const code = cursor.peek();
    if (column === 0) {
      if (code === PERCENT) return this.fetchDirective();
      if ((code === DASH || code === DOT) && cursor.atDocumentIndicator()) return this.fetchDocumentIndicator(code);
    }
    switch (code) {
      case OPEN_BRACKET:
        return this.openFlow("flow-sequence-start");
      case OPEN_BRACE:
        return this.openFlow("flow-mapping-start");
      case CLOSE_BRACKET:
        return this.closeFlow("flow-sequence-end");
      case CLOSE_BRACE:
        return this.closeFlow("flow-mapping-end");
      case COMMA:
        return this.fetchFlowEntry();
      case DASH:
        return isBlankOrEnd(cursor.peek(1)) ? this.fetchBlockEntry() : this.fetchPlain();
      case QUESTION:
        return this.isIndicator() ? this.fetchKey() : this.fetchPlain();
      case COLON:
        return this.isIndicator() ? this.fetchValue() : this.fetchPlain();
      case STAR:
        return this.fetchNamed("alias");
      case AMPERSAND:
        return this.fetchNamed("anchor");
      case BANG:
        return this.fetchTag();
      case SINGLE_QUOTE:
      case DOUBLE_QUOTE:
        return this.fetchQuoted();
      case PIPE:
      case GREATER:
        if (this.flowLevel === 0) return this.fetchBlockScalar(code === PIPE);
    }
    if (isBlankOrEnd(code) || isReserved(code)) throw cursor.problem("found character that cannot start any token");
    this.fetchPlain();
  }

  /** Whether the `?` or `:` here is an indicator and not the beginning of a plain scalar. */
  private isIndicator(): boolean {
    return this.flowLevel > 0 || isBlankOrEnd(this.cursor.peek(1));
  }

  /** Passes blanks, comments and line breaks. A tab does not count as a blank where a key may begin. */
  private skipToToken(): void {
    const cursor = this.cursor;
    for (;;) {
      let code = cursor.peek();
      while (code === SPACE || (code === TAB && (this.flowLevel > 0 || !this.keyAllowed))) {
        cursor.pos++;
        code = cursor.peek();
      }
      if (code === HASH) {
        skipComment(cursor);
        code = cursor.peek();
      }
      if (!isBreak(code)) return;
      cursor.readBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  private push(type: TokenType, line: number, value?: string, detail?: TagParts | Directive): void {
    const token = new Token(type, line, value, detail);
    token.key = this.pendingKey;
    this.pendingKey = undefined;
    this.queue.push(token);
  }

  /** Puts a token before the one numbered `number`. */
  private insert(number: number, type: TokenType, line: number): void {
    this.queue.splice(this.head + number - this.taken, 0, new Token(type, line));
  }

  private get nextNumber(): number {
    return this.taken + this.queue.length - this.head;
  }

  private pushIndicator(type: TokenType, width = 1): void {
    this.push(type, this.cursor.line);
    this.cursor.pos += width;
  }

  /** Notes that a key may begin here, when it may. */
  private saveKey(): void {
    if (!this.keyAllowed) return;
    const { line, column, index } = this.cursor;
    this.removeKey();
    const required = this.flowLevel === 0 && this.indent === column;
    this.pendingKey = new SimpleKey(required, this.nextNumber, line, column, index);
    this.keys[this.keys.length - 1] = this.pendingKey;
  }

  /** Gives up the key that may begin on this level. */
  private removeKey(): void {
    const key = this.keys[this.keys.length - 1];
    if (key === undefined || !key.possible) return;
    if (key.required) throw this.cursor.problem("could not find expected ':'");
    key.possible = false;
  }

  /** Begins a block collection when `column` is deeper than what is open. */
  private roll(column: number, number: number, type: TokenType, line: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxDepth) throw this.cursor.problem(`exceeded max depth of ${maxDepth}`);
    this.insert(number, type, line);
  }

  /** Ends the block collections that are deeper than `column`. */
  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push("block-end", this.cursor.line);
      this.indent = this.indents.pop()!;
    }
  }

  private fetchStreamEnd(): void {
    this.cursor.checkEnd();
    this.cursor.closeLine();
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.push("stream-end", this.cursor.line);
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
    const line = this.cursor.line;
    this.push("directive", line, undefined, scanDirective(this.cursor));
  }

  private fetchDocumentIndicator(code: number): void {
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.pushIndicator(code === DASH ? "document-start" : "document-end", 3);
  }

  private openFlow(type: TokenType): void {
    this.saveKey();
    this.keys.push(undefined);
    this.flowLevel++;
    if (this.flowLevel > maxDepth) throw this.cursor.problem(`exceeded max depth of ${maxDepth}`);
    this.keyAllowed = true;
    this.pushIndicator(type);
  }

  private closeFlow(type: TokenType): void {
    this.removeKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.keys.pop();
    }
    this.keyAllowed = false;
    this.pushIndicator(type);
  }

  private fetchFlowEntry(): void {
    this.removeKey();
    this.keyAllowed = true;
    this.pushIndicator("flow-entry");
  }

  /** A `-`; the parser tells that one in a flow collection is out of place. */
  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      this.startInBlock("block sequence entries", "block-sequence-start");
    }
    this.removeKey();
    this.keyAllowed = true;
    this.pushIndicator("block-entry");
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) this.startInBlock("mapping keys", "block-mapping-start");
    this.removeKey();
    this.keyAllowed = this.flowLevel === 0;
    this.pushIndicator("key");
  }

  private fetchValue(): void {
    const key = this.keys[this.keys.length - 1];
    if (key !== undefined && this.isValid(key)) {
      this.insert(key.number, "key", key.line);
      this.roll(key.column, key.number, "block-mapping-start", key.line);
      key.possible = false;
      this.keyAllowed = false;
    } else {
      if (this.flowLevel === 0) this.startInBlock("mapping values", "block-mapping-start");
      this.keyAllowed = this.flowLevel === 0;
    }
    this.pushIndicator("value");
  }

  /** Checks that an entry may begin here in block context, and begins its collection. */
  private startInBlock(what: string, type: TokenType): void {
    if (!this.keyAllowed) throw this.cursor.problem(`${what} are not allowed in this context`);
    this.roll(this.cursor.column, this.nextNumber, type, this.cursor.line);
  }

  private fetchNamed(type: "alias" | "anchor"): void {
    this.saveKey();
    this.keyAllowed = false;
    const line = this.cursor.line;
    this.push(type, line, scanAnchor(this.cursor));
  }

  private fetchTag(): void {
    this.saveKey();
    this.keyAllowed = false;
    const line = this.cursor.line;
    this.push("tag", line, undefined, scanTag(this.cursor));
  }

  private fetchQuoted(): void {
    this.saveKey();
    this.keyAllowed = false;
    const line = this.cursor.line;
    this.push("quoted", line, scanQuoted(this.cursor));
  }

  private fetchBlockScalar(literal: boolean): void {
    this.removeKey();
    this.keyAllowed = true;
    const line = this.cursor.line;
    this.push("quoted", line, scanBlockScalar(this.cursor, this.indent, literal));
  }

  private fetchPlain(): void {
    this.saveKey();
    this.keyAllowed = false;
    const line = this.cursor.line;
    const { value, endsLine } = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0);
    this.push("plain", line, value);
    if (endsLine) this.keyAllowed = true;
  }
}

/** A character that no token begins with. */
function isReserved(code: number): boolean {
  return code === 0x25 || code === 0x40 || code === 0x60 || code === PIPE || code === GREATER || isBlank(code);
}

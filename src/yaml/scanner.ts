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
import { scanBlockScalar } from "./scan-block.ts";
import { scanPlain } from "./scan-plain.ts";
import { scanAnchor, scanDirective, scanTag } from "./scan-properties.ts";
import { scanQuoted } from "./scan-quoted.ts";
import type { TokenType } from "./token.ts";
import { maxDepth, TokenQueue } from "./token-queue.ts";

/** Cuts a YAML text into tokens, as libyaml does, with the indentation turned into tokens of its own. */
export class Scanner extends TokenQueue {
  protected override fetch(): void {
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
      if (cursor.twiceMarked && cursor.column === 0) cursor.skip();
      let code = cursor.peek();
      while (code === SPACE || (code === TAB && (this.flowLevel > 0 || !this.keyAllowed))) {
        cursor.pos++;
        code = cursor.peek();
      }
      if (code === HASH) {
        cursor.readLine();
        code = cursor.peek();
      }
      if (!isBreak(code)) return;
      cursor.readBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
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
    this.enterFlow();
    if (this.flowLevel > maxDepth) throw this.cursor.problem(`exceeded max depth of ${maxDepth}`);
    this.keyAllowed = true;
    this.pushIndicator(type);
  }

  private closeFlow(type: TokenType): void {
    this.removeKey();
    this.leaveFlow();
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

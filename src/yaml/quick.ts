/**
 * The YAML that nearly everybody writes, read in one pass: block mappings and sequences, scalars of all kinds, flow
 * collections on one line, comments. No tokens and no tree are made, and there are no errors: whatever is unusual or
 * wrong is left to the parser.
 */
import { Buffer } from "node:buffer";
import { isAscii } from "../template/bytes.ts";
import { nameAt } from "../template/names.ts";
import type { GoList, GoMap, GoValue } from "../template/value.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  PERCENT,
  PIPE,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from "./characters.ts";
import { Cursor } from "./cursor.ts";
import { YamlError } from "./error.ts";
import { beginsString, plainValue, typedValue } from "./resolve.ts";
import { scanBlockScalar } from "./scan-block.ts";
import { scanPlain } from "./scan-plain.ts";
import { scanQuoted } from "./scan-quoted.ts";

/** How a document is read. */
export interface QuickOptions {
  /** Whether whole numbers stay integers; by default they become floats. */
  readonly integers?: boolean;
  /** The keys of the root mapping, in lower case, whose values are wanted; those of others come back empty. */
  readonly fields?: ReadonlySet<string>;
}

/** The value of a text's only document; undefined when the parser must read it. */
export function readQuick(text: string, options: QuickOptions = {}): GoValue | undefined {
  if (unusual.test(text)) return undefined;
  try {
    return new QuickReader(text, options).document();
  } catch (error) {
    if (error === tooHard || error instanceof YamlError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Characters that the parser refuses, or that count as line breaks, or as less than one column. */
// deno-lint-ignore no-control-regex
const unusual = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;

/** Thrown where the parser must take over. */
const tooHard = new Error("not in the plain part of YAML");

const deepest = 500;

/** ASCII characters by what they may be part of. */
const enum Class {
  /** A plain key, or a plain scalar in a flow collection, at any place. */
  Word = 1,
  /** The beginning of a plain scalar. */
  Start = 2,
}

const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if (/[A-Za-z0-9_./]/.test(String.fromCharCode(c))) classes[c] = Class.Word | Class.Start;
  else if (/[-$+]/.test(String.fromCharCode(c))) classes[c] = Class.Word;
}
for (const c of "$+(<=~^") classes[c.charCodeAt(0)] |= Class.Start;

class QuickReader {
  private readonly cursor: Cursor;
  /** The text, closed by NULs. */
  private readonly text: string;
  private readonly integers: boolean;
  private readonly fields: ReadonlySet<string> | undefined;
  private pos = 0;
  private lineStart = 0;
  /** The column of what stands at `pos`: the first of its line, but for what a `-` precedes; -1 at the end. */
  private indent = 0;
  private depth = 0;
  /** Whether JavaScript may keep the text, and whatever is cut from it, in two bytes a character. */
  private readonly wide: boolean;
  /** Whether the values that are read are wanted. */
  private wanted = true;

  constructor(text: string, { integers = false, fields }: QuickOptions) {
    this.cursor = new Cursor(text, true);
    this.text = this.cursor.text;
    this.integers = integers;
    this.fields = fields;
    this.wide = !isAscii(text);
  }

  /** A part of the text: what is ASCII in one byte a character, or all that it is put together with takes two. */
  private slice(start: number, end: number): string {
    const part = this.text.slice(start, end);
    return this.wide && isAscii(part) ? Buffer.from(part, "latin1").toString("latin1") : part;
  }

  document(): GoValue {
    this.nextLine();
    if (this.indent < 0) return null;
    const value = this.block(-1);
    if (this.indent >= 0) throw tooHard;
    return value;
  }

  /** From a line's start to the first character that is neither space nor comment. */
  private nextLine(): void {
    const { text } = this;
    let { pos } = this;
    for (;;) {
      const start = pos;
      while (text.charCodeAt(pos) === SPACE) pos++;
      const code = text.charCodeAt(pos);
      if (code === LF) {
        pos++;
      } else if (code === HASH) {
        pos = this.afterLine(pos);
      } else {
        if (code === TAB || (pos === start && isDocumentMark(text, pos, code))) throw tooHard;
        this.pos = pos;
        this.lineStart = start;
        this.indent = code === 0 ? -1 : pos - start;
        return;
      }
    }
  }

  /** Where the next line starts, or the text ends. */
  private afterLine(pos: number): number {
    const end = this.text.indexOf("\n", pos);
    return end < 0 ? this.text.indexOf("\0", pos) : end + 1;
  }

  /** Passes what may stand after a value on its line, and goes to the next line. */
  private endLine(from: number): void {
    const { text } = this;
    let pos = from;
    while (text.charCodeAt(pos) === SPACE) pos++;
    if (!this.endsAt(pos)) throw tooHard;
    this.pos = this.afterLine(pos);
    this.nextLine();
  }

  /** Whether nothing but a comment stands here, up to the line's end. */
  private endsAt(pos: number): boolean {
    const code = this.text.charCodeAt(pos);
    return code === LF || code === 0 || (code === HASH && this.text.charCodeAt(pos - 1) === SPACE);
  }

  private atDash(): boolean {
    return this.text.charCodeAt(this.pos) === DASH && isSpaceOrEnd(this.text.charCodeAt(this.pos + 1));
  }

  /** The collection or scalar that begins here; `parent` is the column of the collection around it. */
  private block(parent: number): GoValue {
    if (++this.depth > deepest) throw tooHard;
    let value: GoValue;
    if (this.atDash()) {
      value = this.sequence(this.indent);
    } else {
      const key = this.key();
      value = key === undefined ? this.scalar(parent) : this.mapping(this.indent, key);
    }
    this.depth--;
    return value;
  }

  private sequence(indent: number): GoList {
    const list: GoList = [];
    do {
      let pos = this.pos + 1;
      while (this.text.charCodeAt(pos) === SPACE) pos++;
      let item: GoValue = null;
      if (this.endsAt(pos)) {
        this.endLine(pos);
        if (this.indent > indent) item = this.block(indent);
      } else {
        this.pos = pos;
        this.indent = pos - this.lineStart;
        item = this.block(indent);
      }
      if (this.wanted) list.push(item);
    } while (this.indent === indent && this.atDash());
    if (this.indent > indent) throw tooHard;
    return list;
  }

  private mapping(indent: number, first: string): GoMap {
    const map: GoMap = new Map();
    const fields = this.depth === 1 ? this.fields : undefined;
    for (let key: string | undefined = first; key !== undefined; key = this.key()) {
      if (fields !== undefined) this.wanted = fields.has(key.toLowerCase());
      const value = this.value(indent);
      if (this.wanted || fields !== undefined) map.set(key, value);
      if (this.indent > indent) throw tooHard;
      if (this.indent < indent) return map;
    }
    throw tooHard;
  }

  /** The key that stands here with its `:`, which are passed; undefined when there is none that is simple. */
  private key(): string | undefined {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    const quoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
    const end = quoted ? this.closingQuote(pos, code) + 1 : this.wordEnd(pos);
    if (end === 0 || end === pos) return undefined;
    if (text.charCodeAt(end) !== COLON || !isSpaceOrEnd(text.charCodeAt(end + 1))) return undefined;
    if (end - pos > 1000) throw tooHard;
    this.pos = end + 1;
    if (quoted) return nameAt(text, pos + 1, end - 1);
    const key = nameAt(text, pos, end);
    if (!beginsString(code) && plainValue(key) !== key) throw tooHard;
    return key;
  }

  /** Where the quote stands that closes the one at `pos`; -1 when that takes a closer look. */
  private closingQuote(pos: number, quote: number): number {
    const { text } = this;
    for (let end = pos + 1;; end++) {
      const code = text.charCodeAt(end);
      if (code === quote) return code === SINGLE_QUOTE && text.charCodeAt(end + 1) === SINGLE_QUOTE ? -1 : end;
      if (code === LF || code === 0 || (code === 0x5c && quote === DOUBLE_QUOTE)) return -1;
    }
  }

  private wordEnd(pos: number): number {
    let end = pos;
    while ((classes[this.text.charCodeAt(end)] & Class.Word) !== 0) end++;
    return end;
  }

  /** What follows a key and its `:` in the mapping in column `indent`. */
  private value(indent: number): GoValue {
    let { pos } = this;
    while (this.text.charCodeAt(pos) === SPACE) pos++;
    if (!this.endsAt(pos)) {
      this.pos = pos;
      return this.scalar(indent);
    }
    this.endLine(pos);
    if (this.indent > indent) return this.block(indent);
    return this.indent === indent && this.atDash() ? this.block(indent) : null;
  }

  /** A scalar, or a flow collection, and what follows on its line. */
  private scalar(parent: number): GoValue {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    switch (code) {
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE: {
        const value = this.quoted(code);
        this.endLine(this.pos);
        return value;
      }
      case PIPE:
      case GREATER:
        return this.scanned((cursor) => scanBlockScalar(cursor, parent, code === PIPE));
      case OPEN_BRACKET:
      case OPEN_BRACE: {
        const value = this.flow(code);
        this.endLine(this.pos);
        return value;
      }
    }
    const starts = code === DASH
      ? !isSpaceOrEnd(text.charCodeAt(pos + 1))
      : code > 0x7f || (classes[code] & Class.Start) !== 0;
    if (!starts) throw tooHard;
    return this.plain(parent);
  }

  /** A quoted scalar, which is passed. */
  private quoted(quote: number): string {
    const { pos, cursor } = this;
    const end = this.closingQuote(pos, quote);
    if (end >= 0) {
      this.pos = end + 1;
      return this.slice(pos + 1, end);
    }
    cursor.moveTo(pos, this.lineStart);
    const value = scanQuoted(cursor);
    this.pos = cursor.pos;
    return value;
  }

  /** A scalar of several lines, after which a line begins. */
  private scanned(scan: (cursor: Cursor) => string): string {
    const { cursor } = this;
    cursor.moveTo(this.pos, this.lineStart);
    const value = scan(cursor);
    this.pos = cursor.atEnd ? cursor.pos : cursor.pos - cursor.column;
    this.nextLine();
    return value;
  }

  private plain(parent: number): GoValue {
    const { text, pos: start, lineStart } = this;
    let pos = start;
    let end = start;
    for (;; pos++) {
      const code = text.charCodeAt(pos);
      if (code > COLON) end = pos + 1;
      else if (code === LF || code === 0) break;
      else if (code === HASH && text.charCodeAt(pos - 1) === SPACE) break;
      else if (code === TAB || (code === COLON && isSpaceOrEnd(text.charCodeAt(pos + 1)))) throw tooHard;
      else if (code !== SPACE) end = pos + 1;
    }
    this.pos = this.afterLine(pos);
    this.nextLine();
    if (this.indent <= parent || text.charCodeAt(pos) === HASH) return this.resolved(start, end);
    this.pos = start;
    this.lineStart = lineStart;
    return this.scanned((cursor) => {
      const { value, endsLine } = scanPlain(cursor, parent + 1, false);
      // It ends at a line that is indented less, at a comment on a line of its own, or at the end.
      if (!endsLine && !cursor.atEnd) throw tooHard;
      return value;
    });
  }

  /** A plain scalar by the look of its text. */
  private resolved(start: number, end: number): GoValue {
    const { text } = this;
    const code = text.charCodeAt(start);
    // Of what is not wanted, only infinities count, which are an error.
    if (!this.wanted && (code > COLON || code === 0x2f)) return null;
    if (beginsString(code)) return this.slice(start, end);
    const value = this.integers ? typedValue(this.slice(start, end)) : plainValue(this.slice(start, end));
    if (typeof value === "number" && !Number.isFinite(value)) throw tooHard;
    return value;
  }

  /** A flow collection on one line. */
  private flow(open: number): GoValue {
    if (++this.depth > deepest) throw tooHard;
    const list: GoList = [];
    const map: GoMap = new Map();
    const close = open === OPEN_BRACKET ? CLOSE_BRACKET : CLOSE_BRACE;
    this.pos++;
    while (this.flowCode() !== close) {
      if (open === OPEN_BRACE) {
        const key = this.key();
        if (key === undefined) throw tooHard;
        this.flowCode();
        map.set(key, this.flowItem());
      } else {
        list.push(this.flowItem());
      }
      const code = this.flowCode();
      if (code === COMMA) this.pos++;
      else if (code !== close) throw tooHard;
    }
    this.pos++;
    this.depth--;
    return open === OPEN_BRACKET ? list : map;
  }

  /** The next character that is no space. */
  private flowCode(): number {
    while (this.text.charCodeAt(this.pos) === SPACE) this.pos++;
    return this.text.charCodeAt(this.pos);
  }

  private flowItem(): GoValue {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    if (code === OPEN_BRACKET || code === OPEN_BRACE) return this.flow(code);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return this.quoted(code);
    if ((classes[code] & Class.Start) === 0) throw tooHard;
    this.pos = this.wordEnd(pos);
    return this.resolved(pos, this.pos);
  }
}

/** Whether a document ends here, or a directive or the next document begins. */
function isDocumentMark(text: string, pos: number, code: number): boolean {
  return code === PERCENT || text.startsWith("---", pos) || text.startsWith("...", pos);
}

function isSpaceOrEnd(code: number): boolean {
  return code === SPACE || code === LF || code === 0;
}

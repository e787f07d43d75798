import { byteLength } from "../template/bytes.ts";
import {
  CR,
  DASH,
  DOT,
  isBlankOrEnd,
  isBreakOrEnd,
  isHighSurrogate,
  LF,
  LINE_SEPARATOR,
  PARAGRAPH_SEPARATOR,
} from "./characters.ts";
import { YamlError } from "./error.ts";
import { decodeUtf16 } from "./utf16.ts";

// deno-lint-ignore no-control-regex
const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What Go's reader takes at a time, in bytes; an unreadable character is found when its portion is read. */
const portion = 512;

/** A document's text and the place in it where the scanner stands. */
export class Cursor {
  /** The text, closed by NULs, so that looking a few characters ahead needs no check. */
  readonly text: string;
  /** The next character's index in {@link text}. */
  pos = 0;
  /** The line, from 0. */
  line = 0;
  /** Where the line began, less the surrogate pairs passed on it: a column counts characters. */
  private origin = 0;
  private pairs = 0;
  private readonly end: number;
  private readonly unreadable: string | undefined;
  /**
   * Whether a second byte order mark follows the first: at each line go-yaml looks for one at the beginning of its
   * buffer, where this one stands, and passes a character.
   */
  readonly twiceMarked: boolean;

  /** `known` says that the text is known to hold neither a byte order mark nor anything unreadable. */
  constructor(given: string, known = false) {
    const decoded = known ? undefined : decodeUtf16(given);
    const text = decoded?.text ?? given;
    const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.twiceMarked = source.charCodeAt(0) === 0xfeff;
    const bad = known ? undefined : firstUnreadable(source);
    this.unreadable = bad?.problem ?? decoded?.problem;
    const readable = bad === undefined ? source : source.slice(0, portionStart(source, bad.at));
    this.end = readable.length;
    this.text = readable + "\0\0\0\0\0\0\0\0\0\0";
  }

  /** The column in characters, from 0. */
  get column(): number {
    return this.pos - this.origin;
  }

  /** Goes to a place on the line that begins at `lineStart`. */
  moveTo(pos: number, lineStart: number): void {
    this.pos = pos;
    this.origin = lineStart;
  }

  /** How many characters precede this place. */
  get index(): number {
    return this.pos - this.pairs;
  }

  /** The code of the character `ahead` places further; 0 past the end. */
  peek(ahead = 0): number {
    return this.text.charCodeAt(this.pos + ahead);
  }

  /** Whether nothing follows. */
  get atEnd(): boolean {
    return this.pos >= this.end;
  }

  /** To be called for each surrogate pair that the scanner passes. */
  passPair(): void {
    this.origin++;
    this.pairs++;
  }

  /** Passes a character, whatever it is. */
  skip(): void {
    if (isHighSurrogate(this.peek())) {
      this.passPair();
      this.pos++;
    }
    this.pos++;
  }

  /** Passes a line break and gives what it reads as: LS and PS as themselves, every other one as LF. */
  readBreak(): string {
    const code = this.peek();
    this.pos += code === CR && this.peek(1) === LF ? 2 : 1;
    this.line++;
    this.origin = this.pos;
    return code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR ? String.fromCharCode(code) : "\n";
  }

  /** Reads up to the line's break. */
  readLine(): string {
    const start = this.pos;
    for (let code = this.peek(); !isBreakOrEnd(code); code = this.peek()) {
      this.skip();
    }
    return this.text.slice(start, this.pos);
  }

  /** Moves on to a line of its own at the end of the text, as the end of a stream does. */
  closeLine(): void {
    if (this.column === 0) return;
    this.line++;
    this.origin = this.pos;
  }

  /** Whether a line begins here with `---` or `...` followed by a blank. */
  atDocumentIndicator(): boolean {
    if (this.pos !== this.origin) return false;
    const code = this.peek();
    return (code === DASH || code === DOT) && this.peek(1) === code && this.peek(2) === code &&
      isBlankOrEnd(this.peek(3));
  }

  /** Go's error for a problem met here while scanning; it names no line on the first one. */
  problem(words: string): YamlError {
    if (this.atEnd && this.unreadable !== undefined) return new YamlError(`yaml: ${this.unreadable}`);
    return new YamlError(`yaml: ${this.line === 0 ? "" : `line ${this.line + 1}: `}${words}`, this.line + 1);
  }

  /** Throws when the text was cut short because what follows cannot be read. */
  checkEnd(): void {
    if (this.unreadable !== undefined) throw this.problem("");
  }
}

function firstUnreadable(text: string): { at: number; problem: string } | undefined {
  const control = text.search(forbidden);
  const broken = text.isWellFormed() ? -1 : text.search(loneSurrogate);
  if (broken >= 0 && (control < 0 || broken < control)) {
    return { at: broken, problem: utf8Problem(text, broken) };
  }
  return control < 0 ? undefined : { at: control, problem: "control characters are not allowed" };
}

/** Go's word for bytes that are not UTF-8; each is kept in the text as the lone surrogate U+DC00 + byte. */
function utf8Problem(text: string, at: number): string {
  const byte = text.charCodeAt(at) - 0xdc00;
  const trailing = byte >= 0xc0 && byte < 0xe0
    ? 1
    : byte >= 0xe0 && byte < 0xf0
    ? 2
    : byte >= 0xf0 && byte < 0xf8
    ? 3
    : 0;
  if (trailing === 0) return "invalid leading UTF-8 octet";
  if (byteLength(text.slice(at, at + 1 + trailing)) <= trailing) return "incomplete UTF-8 octet sequence";
  for (let i = 1; i <= trailing; i++) {
    const next = text.charCodeAt(at + i) - 0xdc00;
    if (next < 0x80 || next >= 0xc0) return "invalid trailing UTF-8 octet";
  }
  return trailing === 2 && byte === 0xed ? "invalid Unicode character" : "invalid length of a UTF-8 sequence";
}

/** Where the portion of the text begins that holds the character at `at`. */
function portionStart(text: string, at: number): number {
  let bytes = 0;
  let start = 0;
  for (let i = 0; i < at; i++) {
    if (bytes >= portion) {
      bytes -= portion;
      start = i;
    }
    const code = text.charCodeAt(i);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3;
  }
  return bytes >= portion ? at : start;
}

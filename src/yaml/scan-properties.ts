import {
  AT,
  BACKTICK,
  BANG,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DOT,
  GREATER,
  HASH,
  hexDigit,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isDigit,
  isNameCharacter,
  LESS,
  PERCENT,
  QUESTION,
  ZERO,
} from "./characters.ts";
import type { Cursor } from "./cursor.ts";

/** A tag as written: its handle (`!`, `!!` or a named one; empty for the verbatim form) and the rest. */
export interface TagParts {
  readonly handle: string;
  readonly suffix: string;
}

/** A directive line: `%YAML major.minor` or `%TAG handle prefix`. */
export type Directive =
  | { readonly name: "YAML"; readonly version: string }
  | { readonly name: "TAG"; readonly handle: string; readonly prefix: string };

/** Scans the name of an anchor or an alias from its `&` or `*` on. */
export function scanAnchor(cursor: Cursor): string {
  cursor.pos++;
  const name = scanName(cursor);
  const next = cursor.peek();
  const closed = isBlankOrEnd(next) || next === QUESTION || next === COLON || next === COMMA ||
    next === CLOSE_BRACKET || next === CLOSE_BRACE || next === PERCENT || next === AT || next === BACKTICK;
  if (name === "" || !closed) throw cursor.problem("did not find expected alphabetic or numeric character");
  return name;
}

/** Scans a tag from its `!` on. */
export function scanTag(cursor: Cursor): TagParts {
  const tag = cursor.peek(1) === LESS ? scanVerbatimTag(cursor) : scanShorthandTag(cursor);
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem("did not find expected whitespace or line break");
  return tag;
}

function scanVerbatimTag(cursor: Cursor): TagParts {
  cursor.pos += 2;
  const suffix = scanTagUri(cursor, "");
  if (cursor.peek() !== GREATER) throw cursor.problem("did not find the expected '>'");
  cursor.pos++;
  return { handle: "", suffix };
}

function scanShorthandTag(cursor: Cursor): TagParts {
  const handle = scanTagHandle(cursor, false);
  if (handle.length > 1 && handle.endsWith("!")) return { handle, suffix: scanTagUri(cursor, "") };
  const suffix = scanTagUri(cursor, handle);
  return suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
}

/** Scans a directive from its `%` to the end of its line. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.pos++;
  const name = scanName(cursor);
  if (name === "") throw cursor.problem("could not find expected directive name");
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw cursor.problem("found unknown directive name");
  skipBlanks(cursor);
  const directive: Directive = name === "YAML"
    ? { name, version: scanVersion(cursor) }
    : { name, ...scanTagDirective(cursor) };
  skipBlanks(cursor);
  if (cursor.peek() === HASH) cursor.readLine();
  if (!isBreakOrEnd(cursor.peek())) throw cursor.problem("did not find expected comment or line break");
  if (isBreak(cursor.peek())) cursor.readBreak();
  return directive;
}

function scanVersion(cursor: Cursor): string {
  const major = scanVersionNumber(cursor);
  if (cursor.peek() !== DOT) throw cursor.problem("did not find expected digit or '.' character");
  cursor.pos++;
  return `${major}.${scanVersionNumber(cursor)}`;
}

function scanVersionNumber(cursor: Cursor): number {
  let value = 0;
  let length = 0;
  for (; isDigit(cursor.peek()); cursor.pos++) {
    if (++length > 2) throw cursor.problem("found extremely long version number");
    value = value * 10 + cursor.peek() - ZERO;
  }
  if (length === 0) throw cursor.problem("did not find expected version number");
  return value;
}

function scanTagDirective(cursor: Cursor): { handle: string; prefix: string } {
  const handle = scanTagHandle(cursor, true);
  if (!isBlank(cursor.peek())) throw cursor.problem("did not find expected whitespace");
  skipBlanks(cursor);
  const prefix = scanTagUri(cursor, "");
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem("did not find expected whitespace or line break");
  return { handle, prefix };
}

function scanTagHandle(cursor: Cursor, inDirective: boolean): string {
  if (cursor.peek() !== BANG) throw cursor.problem("did not find expected '!'");
  cursor.pos++;
  const name = scanName(cursor);
  if (cursor.peek() === BANG) {
    cursor.pos++;
    return `!${name}!`;
  }
  if (inDirective && name !== "") throw cursor.problem("did not find expected '!'");
  return `!${name}`;
}

/** Scans the URI of a tag. `head` is what was read as a handle and turned out not to be one; its `!` is dropped. */
function scanTagUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let found = head !== "";
  for (let code = cursor.peek(); isUriCharacter(code); code = cursor.peek()) {
    uri += code === PERCENT ? scanUriEscape(cursor) : cursor.text[cursor.pos++];
    found = true;
  }
  if (!found) throw cursor.problem("did not find expected tag URI");
  return uri;
}

function isUriCharacter(code: number): boolean {
  return isNameCharacter(code) ||
    (code < 0x80 && ";/?:@&=+$,.!~*'()[]%".includes(String.fromCharCode(code)) && code > 0);
}

/** Reads the `%XX` octets of one character. */
function scanUriEscape(cursor: Cursor): string {
  const lead = scanOctet(cursor);
  const width = lead < 0x80
    ? 1
    : (lead & 0xe0) === 0xc0
    ? 2
    : (lead & 0xf0) === 0xe0
    ? 3
    : (lead & 0xf8) === 0xf0
    ? 4
    : 0;
  if (width === 0) throw cursor.problem("found an incorrect leading UTF-8 octet");
  const octets = [lead];
  cursor.pos += 3;
  while (octets.length < width) {
    const octet = scanOctet(cursor);
    if ((octet & 0xc0) !== 0x80) throw cursor.problem("found an incorrect trailing UTF-8 octet");
    octets.push(octet);
    cursor.pos += 3;
  }
  return new TextDecoder().decode(Uint8Array.from(octets));
}

function scanOctet(cursor: Cursor): number {
  const high = hexDigit(cursor.peek(1));
  const low = hexDigit(cursor.peek(2));
  if (cursor.peek() !== PERCENT || high < 0 || low < 0) throw cursor.problem("did not find URI escaped octet");
  return high * 16 + low;
}

function scanName(cursor: Cursor): string {
  const start = cursor.pos;
  while (isNameCharacter(cursor.peek())) cursor.pos++;
  return cursor.text.slice(start, cursor.pos);
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.peek())) cursor.pos++;
}

import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  HASH,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isHighSurrogate,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUESTION,
  TAB,
} from "./characters.ts";
import type { Cursor } from "./cursor.ts";

/** A plain scalar, and whether a line break follows it, so that a key may come next. */
export interface PlainScalar {
  readonly value: string;
  readonly endsLine: boolean;
}

/** Scans a plain scalar. In block context it ends at a line that is indented less than `indent`. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  const text = cursor.text;
  let value = "";
  // The part of the text from `start` to `end` has been read, but is not in `value` yet.
  let start = cursor.pos;
  let end = cursor.pos;
  let fold: string | undefined;
  while (!cursor.atDocumentIndicator() && cursor.peek() !== HASH) {
    const word = cursor.pos;
    const wordEnd = plainWordEnd(cursor, inFlow);
    if (wordEnd > word) {
      if (fold !== undefined) {
        value += text.slice(start, end) + fold;
        start = word;
        fold = undefined;
      }
      end = cursor.pos = wordEnd;
    }
    const code = cursor.peek();
    if (!isBlank(code) && !isBreak(code)) break;
    const folded = passGap(cursor, indent);
    if (folded !== undefined) fold = folded;
    if (!inFlow && cursor.column < indent) break;
  }
  return { value: value + text.slice(start, end), endsLine: fold !== undefined };
}

/** Where the run of characters ends that stands between blanks or indicators. */
function plainWordEnd(cursor: Cursor, inFlow: boolean): number {
  const text = cursor.text;
  let pos = cursor.pos;
  for (;; pos++) {
    const code = text.charCodeAt(pos);
    if (isBlankOrEnd(code)) return pos;
    if (code === COLON) {
      if (isBlankOrEnd(text.charCodeAt(pos + 1))) return pos;
    } else if (inFlow && isFlowIndicator(code)) {
      return pos;
    } else if (isHighSurrogate(code)) {
      cursor.passPair();
      pos++;
    }
  }
}

function isFlowIndicator(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code === OPEN_BRACE ||
    code === OPEN_BRACKET || code === QUESTION;
}

/** Passes blanks and line breaks; gives what they fold to, or undefined when there is no line break. */
function passGap(cursor: Cursor, indent: number): string | undefined {
  let first: string | undefined;
  let more = "";
  for (let code = cursor.peek();; code = cursor.peek()) {
    if (isBlank(code)) {
      if (first !== undefined && code === TAB && cursor.column < indent) {
        throw cursor.problem("found a tab character that violates indentation");
      }
      cursor.pos++;
    } else if (isBreak(code)) {
      if (first === undefined) first = cursor.readBreak();
      else more += cursor.readBreak();
    } else {
      return first === undefined ? undefined : foldBreaks(first, more);
    }
  }
}

/** What a line break, and the line breaks of the empty lines after it, become inside a flow scalar. */
export function foldBreaks(first: string, more: string): string {
  if (first !== "\n") return first + more;
  return more === "" ? " " : more;
}

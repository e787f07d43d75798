import { DASH, HASH, isBlank, isBreak, isBreakOrEnd, isDigit, PLUS, SPACE, TAB, ZERO } from "./characters.ts";
import type { Cursor } from "./cursor.ts";

/** What is done with the line breaks at a block scalar's end. */
type Chomping = "strip" | "clip" | "keep";

/**
 * Scans a block scalar from its `|` or `>` on. `parentIndent` is the column of the collection that it stands in, -1 at
 * the root.
 */
export function scanBlockScalar(cursor: Cursor, parentIndent: number, literal: boolean): string {
  cursor.pos++;
  const { chomping, increment } = scanHeader(cursor);
  const given = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  const lead = scanBlockBreaks(cursor, given, parentIndent);
  const indent = lead.indent;
  let breaks = lead.breaks;
  let value = "";
  let lineBreak = "";
  let afterBlank = false;
  while (cursor.column === indent && !cursor.atEnd) {
    const startsBlank = isBlank(cursor.peek());
    if (literal || afterBlank || startsBlank || lineBreak !== "\n") value += lineBreak;
    else if (breaks === "") value += " ";
    value += breaks;
    afterBlank = startsBlank;
    value += cursor.readLine();
    lineBreak = isBreak(cursor.peek()) ? cursor.readBreak() : "";
    breaks = scanBlockBreaks(cursor, indent, parentIndent).breaks;
  }
  if (chomping !== "strip") value += lineBreak;
  if (chomping === "keep") value += breaks;
  return value;
}

/** Reads the indicators after `|` or `>`, a comment, and the line break. */
function scanHeader(cursor: Cursor): { chomping: Chomping; increment: number } {
  let chomping = scanChomping(cursor);
  const increment = scanIncrement(cursor);
  if (chomping === "clip" && increment > 0) chomping = scanChomping(cursor);
  while (isBlank(cursor.peek())) cursor.pos++;
  if (cursor.peek() === HASH) cursor.readLine();
  if (!isBreakOrEnd(cursor.peek())) throw cursor.problem("did not find expected comment or line break");
  if (!cursor.atEnd) cursor.readBreak();
  return { chomping, increment };
}

function scanChomping(cursor: Cursor): Chomping {
  const code = cursor.peek();
  if (code !== PLUS && code !== DASH) return "clip";
  cursor.pos++;
  return code === PLUS ? "keep" : "strip";
}

function scanIncrement(cursor: Cursor): number {
  const code = cursor.peek();
  if (!isDigit(code)) return 0;
  if (code === ZERO) throw cursor.problem("found an indentation indicator equal to 0");
  cursor.pos++;
  return code - ZERO;
}

/**
 * Passes the empty lines and the indentation before a line of text. An `indent` of 0 is not known yet: the deepest of
 * these lines tells it.
 */
function scanBlockBreaks(cursor: Cursor, indent: number, parentIndent: number): { breaks: string; indent: number } {
  let breaks = "";
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.peek() === SPACE) cursor.pos++;
    const column = cursor.column;
    if (column > deepest) deepest = column;
    if ((indent === 0 || column < indent) && cursor.peek() === TAB) {
      throw cursor.problem("found a tab character where an indentation space is expected");
    }
    if (!isBreak(cursor.peek())) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent };
}

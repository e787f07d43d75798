import { BACKTICK, COLON, DASH, DOT, HASH, isBlankOrEnd, isBreak, LF, QUESTION, SPACE, TAB } from "./characters.ts";

/** What a scalar's text allows, by libyaml's rules for block context. */
export interface ScalarTraits {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

const simple: ScalarTraits = { multiline: false, plain: true, singleQuoted: true, block: true };
const empty: ScalarTraits = { multiline: false, plain: true, singleQuoted: true, block: false };

/** Looks at a text. yaml.v3 lets a tab stand in a block scalar, yaml.v2 takes it for a special character. */
export function scalarTraits(text: string, tabInBlock: boolean): ScalarTraits {
  if (text === "") return empty;
  return isSimple(text) ? simple : analyze(text, tabInBlock);
}

/** Whether the text is ASCII letters, digits and such, inside which nothing means anything to YAML. */
function isSimple(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const inner = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= DOT && code <= 0x39) ||
      code === 0x5f || code === DASH;
    if (!inner) return false;
  }
  const first = text.charCodeAt(0);
  return first !== DASH && first !== DOT;
}

function analyze(text: string, tabInBlock: boolean): ScalarTraits {
  let indicators = text.startsWith("---") || text.startsWith("...");
  let special = false;
  let tab = false;
  let lineBreaks = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous = LF;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (i === 0 ? opensMarkup(code, text) : isMarkup(code, previous, text, i)) indicators = true;
    if (code === TAB && tabInBlock) tab = true;
    else if (!isPrintable(code)) special = true;
    if (code === SPACE) {
      if (i > 0 && isBreak(previous)) breakSpace = true;
    } else if (isBreak(code)) {
      lineBreaks = true;
      if (previous === SPACE) spaceBreak = true;
    }
    previous = code;
  }
  const first = text.charCodeAt(0);
  const edge = first === SPACE || previous === SPACE || isBreak(first) || isBreak(previous);
  const singleQuoted = !breakSpace && !spaceBreak && !tab && !special;
  return {
    multiline: lineBreaks,
    plain: singleQuoted && !edge && !lineBreaks && !indicators,
    singleQuoted,
    block: previous !== SPACE && !spaceBreak && !special,
  };
}

/** Whether the first character makes the text something else than a plain scalar. */
function opensMarkup(code: number, text: string): boolean {
  if (code === QUESTION || code === COLON || code === DASH) return isBlankAt(text, 1);
  return code === BACKTICK || (code < 0x80 && "#,[]{}&*!|>'\"%@".includes(String.fromCharCode(code)));
}

/** Whether a character further on ends a plain scalar. */
function isMarkup(code: number, previous: number, text: string, at: number): boolean {
  if (code === COLON) return isBlankAt(text, at + 1);
  return code === HASH && isBlankOrEnd(previous);
}

function isBlankAt(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}

/** Whether libyaml writes the character as it is; it escapes everything past the basic plane. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= SPACE || code === LF;
  return code >= 0xa0 && (code < 0xd800 || code > 0xdfff) && code < 0xfffe && code !== 0xfeff;
}

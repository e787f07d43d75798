import { byteLength } from "../template/bytes.ts";
import { BACKSLASH, DOUBLE_QUOTE, isBreak, isHighSurrogate, LF, SINGLE_QUOTE, SPACE } from "./characters.ts";
import { isPrintable, type ScalarTraits, scalarTraits } from "./scalar-style.ts";

/** The style that is asked for; where the text does not allow it another one is taken. */
export type ScalarStyle = "plain" | "double" | "literal";

/** In what the two go-yaml differ. */
export interface EmitterOptions {
  /** The column after which a space becomes a line break; Infinity for never. */
  readonly width: number;
  /** Whether a sequence that is a mapping's value is indented. */
  readonly indentSequences: boolean;
  /** Whether a block scalar may hold tabs. */
  readonly tabInBlock: boolean;
}

/** How deep each level is indented, in columns. */
const step = 2;

/** The longest key that is written without `?`, in bytes. */
const maxKeyBytes = 128;

/**
 * libyaml's emitter for block collections. A collection is opened, filled and closed by the caller; {@link indent} is
 * the open collection's column, -1 at the root.
 */
export class Emitter {
  private out = "";
  private column = 0;
  private indent = -1;
  /** Whether what was written last is white space, so that none is needed. */
  private whitespace = true;
  /** Whether nothing but indentation and indicators stand on the line. */
  private indention = true;

  constructor(private readonly options: EmitterOptions) {}

  /** What has been written, closed by a line's end. */
  finish(): string {
    this.writeIndent();
    return this.out;
  }

  /** Writes `[]` or `{}`. */
  empty(brackets: string): void {
    this.indicator(brackets, true, false);
  }

  /** Opens a mapping, and gives what {@link close} needs. */
  openMapping(): number {
    return this.open(false);
  }

  /** Opens a sequence, as a mapping's value or elsewhere, and gives what {@link close} needs. */
  openSequence(isMappingValue: boolean): number {
    return this.open(!this.options.indentSequences && isMappingValue && !this.indention);
  }

  private open(indentless: boolean): number {
    const outer = this.indent;
    if (outer < 0) this.indent = 0;
    else if (!indentless) this.indent += step;
    return outer;
  }

  close(outer: number): void {
    this.indent = outer;
  }

  /** Begins a sequence's item. */
  item(): void {
    this.writeIndent();
    this.indicator("-", true, true);
  }

  /** Writes a mapping's key with its `:`. */
  key(text: string, style: ScalarStyle, tag = ""): void {
    this.writeIndent();
    const traits = scalarTraits(text, this.options.tabInBlock);
    if (!traits.multiline && byteLength(text) + tag.length <= maxKeyBytes) {
      this.styled(text, style, traits, true, tag);
      this.indicator(":", false, false);
      return;
    }
    this.indicator("?", true, true);
    this.styled(text, style, traits, false, tag);
    this.writeIndent();
    this.indicator(":", true, true);
  }

  /** Writes a scalar; a `tag` such as `!!binary` goes before it. */
  scalar(text: string, style: ScalarStyle, tag = ""): void {
    this.styled(text, style, scalarTraits(text, this.options.tabInBlock), false, tag);
  }

  private styled(text: string, style: ScalarStyle, traits: ScalarTraits, isKey: boolean, tag: string): void {
    if (tag !== "") this.indicator(tag, true, false);
    const outer = this.indent;
    this.indent = outer < 0 ? step : outer + step;
    if (style === "plain" && traits.plain) this.plain(text, isKey);
    else if (style === "plain" && traits.singleQuoted) this.singleQuoted(text, isKey);
    else if (style === "literal" && traits.block && !isKey) this.literal(text);
    else this.doubleQuoted(text, isKey);
    this.indent = outer;
  }

  private indicator(text: string, needsSpace: boolean, keepsIndention: boolean): void {
    if (needsSpace && !this.whitespace) this.put(" ");
    this.put(text);
    this.whitespace = false;
    this.indention = this.indention && keepsIndention;
  }

  private put(text: string): void {
    this.out += text;
    this.column += text.length;
  }

  private lineBreak(): void {
    this.out += "\n";
    this.column = 0;
  }

  /** Moves to the collection's column, on a new line unless only indentation stands on this one. */
  private writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.lineBreak();
    if (this.column < indent) this.put(" ".repeat(indent - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  private plain(text: string, isKey: boolean): void {
    if (!this.whitespace) this.put(" ");
    this.folded(text, isKey, false);
    this.whitespace = false;
    this.indention = false;
  }

  private singleQuoted(text: string, isKey: boolean): void {
    this.indicator("'", true, false);
    this.folded(text, isKey, true);
    this.indicator("'", false, false);
  }

  /** Writes the inside of a plain or single-quoted scalar: lines are folded, line breaks doubled, quotes too. */
  private folded(text: string, isKey: boolean, quoted: boolean): void {
    if (this.column + text.length <= this.options.width && !hasBreakOrQuote(text)) return this.put(text);
    let afterSpace = false;
    let afterBreak = false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === SPACE) {
        const inner = !quoted || (i > 0 && i < text.length - 1);
        const fold = !isKey && !afterSpace && this.column > this.options.width && inner &&
          text.charCodeAt(i + 1) !== SPACE;
        if (fold) this.writeIndent();
        else this.put(" ");
        afterSpace = true;
      } else if (isBreak(code)) {
        if (!afterBreak && code === LF) this.lineBreak();
        this.copyBreak(code);
        afterBreak = true;
      } else {
        if (afterBreak) this.writeIndent();
        if (quoted && code === SINGLE_QUOTE) this.put("'");
        this.put(text[i]);
        this.indention = afterSpace = afterBreak = false;
      }
    }
  }

  private copyBreak(code: number): void {
    if (code === LF) {
      this.lineBreak();
    } else {
      this.out += String.fromCharCode(code);
      this.column = 0;
    }
    this.indention = true;
  }

  private doubleQuoted(text: string, isKey: boolean): void {
    this.indicator('"', true, false);
    // libyaml looks for a byte order mark at the text's beginning wherever it stands, and escapes all of such a text.
    const escapeAll = text.charCodeAt(0) === 0xfeff;
    let afterSpace = false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (escapeAll || !isPrintable(code) || isBreak(code) || code === DOUBLE_QUOTE || code === BACKSLASH) {
        this.put(escapeCharacter(text.codePointAt(i)!));
        if (isHighSurrogate(code)) i++;
        afterSpace = false;
      } else if (code !== SPACE) {
        this.put(text[i]);
        afterSpace = false;
      } else {
        const fold = !isKey && !afterSpace && this.column > this.options.width && i > 0 && i < text.length - 1;
        if (!fold) {
          this.put(" ");
        } else {
          this.writeIndent();
          if (text.charCodeAt(i + 1) === SPACE) this.put("\\");
        }
        afterSpace = true;
      }
    }
    this.indicator('"', false, false);
  }

  private literal(text: string): void {
    this.indicator("|", true, false);
    const first = text.charCodeAt(0);
    if (first === SPACE || isBreak(first)) this.put(String(step));
    this.put(chomping(text));
    this.lineBreak();
    this.whitespace = true;
    this.indention = true;
    for (let i = 0; i < text.length;) {
      const code = text.charCodeAt(i);
      if (isBreak(code)) {
        this.copyBreak(code);
        i++;
        continue;
      }
      const start = i;
      while (i < text.length && !isBreak(text.charCodeAt(i))) i++;
      this.writeIndent();
      this.put(text.slice(start, i));
      this.indention = false;
    }
  }
}

/** The chomping indicator of a literal scalar, which is not empty. */
function chomping(text: string): string {
  const last = text.length - 1;
  if (!isBreak(text.charCodeAt(last))) return "-";
  return last === 0 || isBreak(text.charCodeAt(last - 1)) ? "+" : "";
}

function hasBreakOrQuote(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === SINGLE_QUOTE || isBreak(code)) return true;
  }
  return false;
}

const letters = new Map<number, string>([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

function escapeCharacter(code: number): string {
  const letter = letters.get(code);
  if (letter !== undefined) return `\\${letter}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

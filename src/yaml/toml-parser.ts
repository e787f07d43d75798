import { isOf } from "../template/unicode.ts";
import { type GoMap, type GoValue, isMap } from "../template/value.ts";
import { toBytes } from "../template/bytes.ts";
import { quote } from "../template/format/quote.ts";
import { joinKey, tomlError } from "./toml-error.ts";
import { floatValue, readNumberOrDate, readSigned } from "./toml-numbers.ts";
import { type Char, isDecimal, isLineEnd, isWhitespace, quoteChar, TomlSource } from "./toml-source.ts";
import { readTomlString } from "./toml-strings.ts";
import { type Key, TomlTables } from "./toml-tables.ts";

const isLetter = isOf("\\p{L}");

/** The document's root table. Throws what BurntSushi/toml says about a text that is not TOML. */
export function parseToml(text: string): GoMap {
  const document = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (toBytes(document.slice(0, 6)).subarray(0, 6).includes(0)) {
    throw tomlError("files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8", 1, "");
  }
  return new TomlParser(document).document();
}

class TomlParser {
  private readonly tables = new TomlTables();
  private readonly source: TomlSource;

  constructor(text: string) {
    this.source = new TomlSource(text, () => this.tables.lastKey);
  }

  document(): GoMap {
    for (;;) {
      this.skipEmpty();
      const char = this.source.peek();
      if (char === "") return this.tables.root;
      if (char === "[") this.tableHeader();
      else this.topPair();
      this.endOfItem();
    }
  }

  /** Passes white space, line ends and comments. */
  private skipEmpty(): void {
    for (;;) {
      this.source.skip((char) => isWhitespace(char) || isLineEnd(char));
      if (this.source.peek() !== "#") return;
      this.comment();
    }
  }

  private comment(): void {
    this.source.skip((char) => !isLineEnd(char));
  }

  /** After a table's header or a pair, nothing but a comment may stand on the line. */
  private endOfItem(): void {
    const { source } = this;
    source.skip(isWhitespace);
    if (source.peek() === "#") this.comment();
    const char = source.next();
    if (char === "" || isLineEnd(char)) return;
    throw source.unexpected(
      `expected a top-level item to end with a newline, comment, or EOF, but got ${quoteChar(char)} instead`,
      char,
    );
  }

  private tableHeader(): void {
    const { source } = this;
    source.next();
    const array = source.accept("[");
    const key: string[] = [];
    for (let more = true; more;) {
      key.push(this.tableNamePart(key.length === 0));
      source.skip(isWhitespace);
      const char = source.next();
      if (char !== "." && char !== "]") {
        throw source.unexpected(
          `expected '.' or ']' to end table name, but got ${quoteChar(char)} instead`,
          char,
        );
      }
      more = char === ".";
    }
    if (array) {
      const char = source.next();
      if (char !== "]") {
        throw source.unexpected(
          `expected end of table array name delimiter ']', but got ${quoteChar(char)} instead`,
          char,
        );
      }
    }
    this.tables.open(key, array);
    this.tables.setType("", false);
  }

  private tableNamePart(first: boolean): string {
    const { source } = this;
    source.skip(isWhitespace);
    const char = source.peek();
    if (char === "]" || char === "") {
      throw source.error("unexpected end of table name (table names cannot be empty)", source.line);
    }
    if (char === ".") throw source.error("unexpected table separator (table names cannot be empty)", source.line);
    return this.keyPart(char, first);
  }

  /** Reads one part of a key; an error about the whole key names the line of its first part. */
  private keyPart(char: Char, first: boolean): string {
    const { source } = this;
    let part: string;
    if (char === '"' || char === "'") {
      part = readTomlString(source, false);
    } else {
      const start = source.pos;
      source.skip((char) => /[A-Za-z0-9_-]/.test(char));
      part = source.text.slice(start, source.pos);
    }
    if (first) this.tables.keyLine = source.line;
    return part;
  }

  private topPair(): void {
    const outer = this.tables.context;
    const key = this.key();
    this.beginKey(key);
    const last = this.tables.currentKey;
    const value = this.value(false);
    this.tables.set(last, value);
    this.tables.setType(last, Array.isArray(value));
    this.tables.context = outer;
    this.tables.currentKey = "";
  }

  /** Makes the last part of a key the current one; the others become the context. */
  private beginKey(key: Key): void {
    this.tables.currentKey = key[key.length - 1];
    this.tables.openDotted(key.slice(0, -1));
  }

  /** Reads a key and its `=`. */
  private key(): Key {
    const { source } = this;
    source.skip(isWhitespace);
    const begin = source.peek();
    if (begin === "=" || begin === "") {
      throw source.error("unexpected '=': key name appears blank", source.line);
    }
    if (begin === ".") throw source.error("unexpected '.': keys cannot start with a '.'", source.line);
    const key: string[] = [];
    for (;;) {
      source.skip(isWhitespace);
      const char = source.peek();
      if (char === "=" || char === "") throw source.error("unexpected '='", source.line);
      if (char === ".") throw source.error("unexpected '.'", source.line);
      key.push(this.keyPart(char, key.length === 0));
      source.skip(isWhitespace);
      const end = source.next();
      if (end === "=") return key;
      if (end === ".") continue;
      if (end === "") throw source.unexpected("unexpected EOF; expected key separator '='", end);
      const message = `expected '.' or '=', but got ${quoteChar(end)} instead`;
      throw end === "\n" ? source.lineEnded(message) : source.unexpected(message, end);
    }
  }

  private value(parentIsArray: boolean): GoValue {
    const { source } = this;
    source.skip(isWhitespace);
    const char = source.peek();
    if (char === '"' || char === "'") return readTomlString(source, true);
    if (isDecimal(char)) return readNumberOrDate(source);
    const start = source.pos;
    source.next();
    if (char === "[") return this.array();
    if (char === "{") return this.inlineTable(parentIsArray);
    if (char === ".") throw source.error("floats must start with a digit, not '.'", source.line);
    if (char === "+" || char === "-") return readSigned(source, start);
    if (char === "i" || char === "n") {
      const nf = source.accept("n") && source.accept("f");
      if (nf || (source.accept("a") && source.accept("n"))) {
        return floatValue(source, source.text.slice(start, source.pos));
      }
    }
    if (isLetter(char)) return this.boolean(char);
    if (char === "") throw source.unexpected("unexpected EOF; expected value", char);
    const message = `expected value but found ${quoteChar(char)} instead`;
    throw char === "\n" ? source.lineEnded(message) : source.unexpected(message, char);
  }

  /** Reads a word from its last character that has been taken on, which is how much of it errors show. */
  private boolean(taken: Char): boolean {
    const { source } = this;
    source.pos -= taken.length;
    const start = source.pos;
    source.skip(isLetter);
    const word = source.text.slice(start, source.pos);
    if (word === "true" || word === "false") return word === "true";
    throw source.error(`expected value but found ${quote(word)} instead`, source.line);
  }

  private array(): GoValue {
    const { source } = this;
    this.tables.setType(this.tables.currentKey, true);
    const list: GoValue[] = [];
    for (;;) {
      this.skipEmpty();
      if (source.peek() === ",") {
        source.next();
        throw source.error("unexpected comma", source.line);
      }
      if (source.accept("]")) return list;
      list.push(this.value(true));
      this.skipEmpty();
      const char = source.next();
      if (char === "]") return list;
      if (char !== ",") {
        throw source.unexpected(`expected a comma (',') or array terminator (']'), but got ${show(char)}`, char);
      }
    }
  }

  private inlineTable(parentIsArray: boolean): GoValue {
    const { source, tables } = this;
    const top: GoMap = new Map();
    const outer = tables.context;
    const outerKey = tables.currentKey;
    const own = [...outer, outerKey];
    tables.context = own;
    tables.currentKey = "";
    tables.imply(own);
    tables.open(own, parentIsArray);
    while (!this.inlineTableEnds()) {
      const key = this.key();
      this.beginKey(key);
      const last = tables.currentKey;
      const value = this.value(false);
      tables.set(last, value);
      tables.setType(last, Array.isArray(value));
      this.setInline(top, key, value);
      tables.context = own;
      this.skipEmpty();
      const char = source.next();
      if (char === "}") break;
      if (char !== ",") {
        throw source.unexpected(
          `expected a comma or an inline table terminator '}', but got ${show(char)} instead`,
          char,
        );
      }
    }
    tables.context = outer;
    tables.currentKey = outerKey;
    return top;
  }

  private inlineTableEnds(): boolean {
    this.skipEmpty();
    if (this.source.accept(",")) throw this.source.error("unexpected comma", this.source.line);
    return this.source.accept("}");
  }

  private setInline(top: GoMap, key: Key, value: GoValue): void {
    let table = top;
    for (const part of key.slice(0, -1)) {
      if (!table.has(part)) table.set(part, new Map());
      const inner = table.get(part)!;
      if (!isMap(inner)) return this.tables.fail(`${quote(joinKey(this.tables.context))} is not a table`);
      table = inner;
    }
    table.set(key[key.length - 1], value);
  }
}

/** A character in plain quotes. */
function show(char: Char): string {
  return char === "" ? "end of file" : `'${char}'`;
}

import { type GoMap, type GoValue, isMap, TypedList } from "../template/value.ts";
import { joinKey, tomlError } from "./toml-error.ts";

/** A key's parts. */
export type Key = readonly string[];

/** A `[]map[string]any`: the tables under one `[[key]]`. */
function tableList(): TypedList {
  return TypedList.ofType("map[string]interface {}", []);
}

/**
 * The tables of a document under construction, and which of their keys may still be defined: a table that only a longer
 * key implied may be opened once.
 */
export class TomlTables {
  readonly root: GoMap = new Map();
  /** The table that keys belong to now. */
  context: Key = [];
  /** The key whose value is being read; empty between values. */
  currentKey = "";
  /** The line of the key that was begun last. */
  keyLine = 0;
  private readonly implied = new Set<string>();
  private readonly arrays = new Map<string, boolean>();

  /** The full name of what is being read, for errors. */
  get lastKey(): string {
    if (this.currentKey === "") return joinKey(this.context);
    return this.context.length === 0 ? this.currentKey : `${joinKey(this.context)}.${this.currentKey}`;
  }

  /** Makes `key` the context: a table, or the next table of an array. */
  open(key: Key, array: boolean): void {
    let table = this.root;
    const parents: string[] = [];
    for (const part of key.slice(0, -1)) {
      parents.push(part);
      if (!table.has(part)) {
        this.imply(parents);
        table.set(part, new Map());
      }
      table = this.step(table, part) ?? this.fail(`Key '${joinKey(parents)}' was already created as a hash.`);
    }
    this.context = parents;
    const last = key[key.length - 1];
    if (array) {
      if (!table.has(last)) table.set(last, tableList());
      const list = table.get(last);
      if (!(list instanceof TypedList)) {
        this.fail(`Key '${joinKey(key)}' was already created and cannot be used as an array.`);
      }
      list.push(new Map());
    } else {
      this.set(last, new Map());
    }
    this.context = [...parents, last];
  }

  /** Makes the table of a dotted key the context, one part after the other. */
  openDotted(parts: Key): void {
    for (const part of parts) {
      const key = [...this.context, part];
      this.imply(key);
      this.open(key, false);
    }
  }

  /** Notes that the table came about without having been defined. */
  imply(key: Key): void {
    this.implied.add(joinKey(key));
  }

  /** Sets a key of the context. */
  set(key: string, value: GoValue): void {
    let table = this.root;
    const path: string[] = [];
    for (const part of this.context) {
      path.push(part);
      table = this.step(table, part) ?? this.fail(`Key '${joinKey(path)}' has already been defined.`);
    }
    const name = joinKey([...path, key]);
    if (!table.has(key)) {
      table.set(key, value);
    } else {
      if (!this.implied.delete(name)) this.fail(`Key '${name}' has already been defined.`);
      if (this.arrays.get(name)) table.set(key, value);
    }
  }

  /** Notes whether a key's value, or the context when the key is empty, is an array. */
  setType(key: string, isArray: boolean): void {
    const path = key === "" ? this.context : [...this.context, key];
    this.arrays.set(joinKey(path.length === 0 ? [""] : path), isArray);
  }

  /** The table at a key: of an array of tables, the last one. */
  private step(table: GoMap, part: string): GoMap | undefined {
    const value = table.get(part);
    const found = value instanceof TypedList ? value[value.length - 1] : value;
    return found !== undefined && isMap(found) ? found : undefined;
  }

  /** Ends the reading with the library's words, at what is being read. */
  fail(message: string): never {
    throw tomlError(message, this.keyLine, this.lastKey);
  }
}

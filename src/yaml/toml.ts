import {
  compareStrings,
  type GoMap,
  GoObject,
  type GoValue,
  Int,
  isList,
  isMap,
  NilMap,
  TypedList,
} from "../template/value.ts";
import { YamlError } from "./error.ts";
import { floatText } from "../template/format/float.ts";
import { jsonOf, structOf } from "./json.ts";
import { joinKey, quoteKey, quoteToml } from "./toml-error.ts";
import { parseToml } from "./toml-parser.ts";
import type { Key } from "./toml-tables.ts";
import { TomlTime } from "./toml-time.ts";

/**
 * BurntSushi/toml's Unmarshal into a map[string]any: integers are int64, dates are time.Time, arrays of tables are
 * []map[string]any. Throws a {@link YamlError} with its words, which name the line and the last key.
 */
export function readToml(text: string): GoMap {
  return parseToml(text);
}

/**
 * BurntSushi/toml's encoder: what Helm's `toToml` prints. A table's plain keys come before its tables, sorted; null
 * values are left out; null in a list throws a {@link YamlError}, null alone a TypeError.
 */
export function writeToml(value: GoValue): string {
  // Go panics here, which fails a template even where an error would become the text.
  if (value === null) throw new TypeError("reflect: call of reflect.Value.Type on zero Value");
  const writer = new TomlWriter();
  try {
    writer.value([], value);
  } catch (error) {
    if (error instanceof RangeError) throw new YamlError("toml: the value contains itself");
    throw error;
  }
  return writer.out;
}

class TomlWriter {
  out = "";

  value(key: Key, value: GoValue): void {
    if (isNil(value)) {
      // Alone, a nil slice is an empty array.
      if (key.length === 0 && value instanceof TypedList && !isTableList(value)) this.pair(key, value);
      return;
    }
    if (isTableList(value)) this.tableList(key, value as GoValue[]);
    else if (isSingleTable(value)) this.table(key, value);
    else this.pair(key, value);
  }

  private newline(): void {
    if (this.out !== "") this.out += "\n";
  }

  private table(key: Key, table: GoValue): void {
    if (key.length === 1) this.newline();
    if (key.length > 0) {
      this.out += `${indentation(key)}[${joinKey(key)}]`;
      this.newline();
    }
    this.pairs(key, table);
  }

  private tableList(key: Key, list: GoValue[]): void {
    if (key.length === 0) throw new YamlError("toml: top-level values must be Go maps or structs");
    for (const item of list) {
      this.newline();
      this.out += `${indentation(key)}[[${joinKey(key)}]]`;
      this.newline();
      this.pairs(key, item);
    }
  }

  private pairs(key: Key, table: GoValue): void {
    for (const [name, value] of tablesLast(table)) this.value([...key, name], value);
  }

  private pair(key: Key, value: GoValue): void {
    if (key.length === 0) {
      this.out += element(value);
      return;
    }
    this.out += `${indentation(key)}${quoteKey(key[key.length - 1])} = ${element(value)}`;
    this.newline();
  }
}

function indentation(key: Key): string {
  return "  ".repeat(key.length - 1);
}

/** A value in a list, after `=`, or alone. */
function element(value: GoValue): string {
  if (typeof value === "string") return quoteToml(value);
  if (typeof value === "number") return formatTomlFloat(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Int) return value.toString();
  if (value instanceof Uint8Array) return `[${value.join(", ")}]`;
  if (isList(value)) return `[${value.map(element).join(", ")}]`;
  if (value instanceof TomlTime) return value.toToml();
  if (value instanceof GoObject) {
    if (value.type === "time.Time") return String(value.json());
    if (value.type === "time.Duration") return quoteToml(String(value));
  }
  return isSingleTable(value) ? inlineTable(value) : element(jsonOf(value as GoObject));
}

/** A table in braces. A comma follows each pair but the last key's, though null there writes nothing. */
function inlineTable(table: GoValue): string {
  const pairs = tablesLast(table);
  const last = pairs.length - 1;
  const written = pairs.map(([name, value], i) =>
    isNil(value) ? "" : `${quoteKey(name)} = ${element(value)}${i < last ? ", " : ""}`
  );
  return `{${written.join("")}}`;
}

/** The pairs whose values are no tables, then the others: a map's sorted by key, a struct's fields in their order. */
function tablesLast(table: GoValue): [string, GoValue][] {
  const map = asMap(table)!;
  const pairs = [...map];
  if (map === table) pairs.sort(([a], [b]) => compareStrings(a, b));
  return [...pairs.filter(([, value]) => !isTable(value)), ...pairs.filter(([, value]) => isTable(value))];
}

function isTable(value: GoValue): boolean {
  if (isNil(value)) return false;
  return isSingleTable(value) || isTableList(value);
}

function isSingleTable(value: GoValue): boolean {
  return asMap(value) !== undefined;
}

/** Whether a list holds nothing but tables. Every list that is written is asked, and must not hold null. */
function isTableList(value: GoValue): boolean {
  if (value instanceof GoObject) return isTableList(value.collection() ?? null);
  if (!isList(value) || value.length === 0) return false;
  let tables = true;
  for (const item of value) {
    if (isNil(item)) throw new YamlError("toml: cannot encode array with nil element");
    if (isTableList(item) || !isSingleTable(item)) tables = false;
  }
  return tables;
}

function isNil(value: GoValue): boolean {
  return value === null || value instanceof NilMap || (value instanceof TypedList && value.isNil);
}

/** The value as a table: a map, an object that is one, or the fields of a struct. */
function asMap(value: GoValue): GoMap | undefined {
  if (value === null) return undefined;
  if (isMap(value)) return value;
  if (typeof value === "function") throw new YamlError("unsupported type: func");
  if (!(value instanceof GoObject)) return undefined;
  const collection = value.collection();
  return isMap(collection) ? collection : structOf(value);
}

/** A float always shows that it is one. */
function formatTomlFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const text = floatText(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

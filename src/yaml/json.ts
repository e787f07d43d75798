import {
  type GoFunction,
  type GoList,
  type GoMap,
  GoObject,
  type GoValue,
  Int,
  isList,
  isMap,
  NilMap,
  nilSlice,
  sortedKeys,
  TypedList,
} from "../template/value.ts";
import { nilBytes } from "../template/signature.ts";
import { encodeBase64 } from "./base64.ts";
import { YamlError } from "./error.ts";
import { type Decoded, decodeJson } from "./json-parser.ts";

/** encoding/json's Unmarshal into `any`: every number is a float64. Throws a {@link YamlError} with Go's words. */
export function readJson(text: string): GoValue {
  return fitting(decodeJson(text));
}

function fitting({ value, tooLarge }: Decoded): GoValue {
  if (tooLarge === undefined) return value;
  if (isMap(value)) tooLarge.decoded = value;
  throw tooLarge;
}

/** encoding/json's Unmarshal into a map[string]any; null is the nil map. */
export function readJsonMap(text: string): GoMap {
  const decoded = decodeJson(text);
  const { value } = decoded;
  if (value === null && decoded.tooLarge === undefined) return new NilMap("map[string]interface {}");
  if (isMap(value)) return fitting(decoded) as GoMap;
  throw new YamlError(`json: cannot unmarshal ${kindOf(value)} into Go value of type map[string]interface {}`);
}

/** encoding/json's Unmarshal into a []any; null is the nil slice. */
export function readJsonList(text: string): GoList {
  const decoded = decodeJson(text);
  const { value } = decoded;
  if (value === null && decoded.tooLarge === undefined) return nilSlice();
  if (isList(value)) return fitting(decoded) as GoList;
  throw new YamlError(`json: cannot unmarshal ${kindOf(value)} into Go value of type []interface {}`);
}

/** As {@link jsonKind}; a number that is too large was decoded to null. */
const kindOf = (value: GoValue) => value === null ? "number" : jsonKind(value);

/** encoding/json's word for the kind of a decoded value that is not null. */
export function jsonKind(value: GoValue): string {
  if (isMap(value)) return "object";
  if (isList(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** How {@link writeJson} prints. */
export interface JsonFormat {
  /** One level of indentation; without it everything stands on one line. */
  readonly indent?: string;
  /** Whether `<`, `>` and `&` become `\u003c`, `\u003e` and `\u0026`, as Go does by default. Default true. */
  readonly escapeHtml?: boolean;
}

/**
 * encoding/json's Marshal, without a line's end: keys are sorted, []byte is base64, what is not UTF-8 becomes U+FFFD.
 * Infinities, NaN, functions and cycles throw a {@link YamlError} with Go's words.
 */
export function writeJson(value: GoValue, format: JsonFormat = {}): string {
  const escaped = format.escapeHtml === false ? escapedOnly : escapedHtml;
  try {
    return write(value, format.indent === undefined ? undefined : "\n", format.indent ?? "", escaped);
  } catch (error) {
    if (error instanceof RangeError) throw cycle();
    throw error;
  }
}

/** encoding/json's error for a value that contains itself. */
export function cycle(): YamlError {
  return new YamlError("json: unsupported value: encountered a cycle via map[string]interface {}");
}

/** `line` is a line's end with the indentation of the enclosing collection; undefined where all is on one line. */
function write(value: GoValue, line: string | undefined, indent: string, escaped: RegExp): string {
  if (typeof value === "string") return writeJsonString(value, escaped);
  if (typeof value === "number") return formatJsonNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (value instanceof Int) return value.toString();
  if (value instanceof Map) {
    if (value instanceof NilMap) return "null";
    return writeMap(value, sortedKeys(value), line, indent, escaped);
  }
  if (isList(value)) {
    const inner = line === undefined ? undefined : line + indent;
    if (value.length === 0) return value instanceof TypedList && value.isNil ? "null" : "[]";
    return enclose("[", value.map((item) => write(item, inner, indent, escaped)), "]", line, inner);
  }
  if (value === nilBytes) return "null";
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  const json = jsonOf(value);
  // A struct's fields keep their order.
  if (isMap(json) && isStruct(value)) return writeMap(json, [...json.keys()], line, indent, escaped);
  return write(json, line, indent, escaped);
}

function writeMap(map: GoMap, keys: string[], line: string | undefined, indent: string, escaped: RegExp): string {
  if (keys.length === 0) return "{}";
  const inner = line === undefined ? undefined : line + indent;
  const colon = line === undefined ? ":" : ": ";
  const pairs = keys.map((key) => writeJsonString(key, escaped) + colon + write(map.get(key)!, inner, indent, escaped));
  return enclose("{", pairs, "}", line, inner);
}

function enclose(open: string, items: string[], close: string, line: string | undefined, inner: string | undefined) {
  if (line === undefined) return open + items.join(",") + close;
  return open + inner + items.join(`,${inner}`) + line + close;
}

/**
 * What is written in the place of an object: what it gives itself, or else its fields. Functions and objects that Go
 * cannot write throw.
 */
export function jsonOf(value: GoObject | GoFunction): GoValue {
  const json = value instanceof GoObject ? value.json() ?? fieldsOf(value) : undefined;
  if (json !== undefined) return json;
  throw new YamlError(`json: unsupported type: ${value instanceof GoObject ? value.type : "func()"}`);
}

function isStruct(value: GoObject | GoFunction): boolean {
  return value instanceof GoObject && (value.kind === "struct" || value.kind === "ptr");
}

/** Those that other packages see, which begin with a capital. */
function fieldsOf(value: GoObject): GoMap | undefined {
  const fields = value.structFields().filter(([name]) => /^[A-Z]/.test(name));
  return fields.length === 0 ? undefined : new Map(fields);
}

/**
 * A struct's fields by their Go names, in order, for formats that do not know JSON's names; undefined for what is no
 * struct, or writes itself as a text.
 */
export function structOf(value: GoObject): GoMap | undefined {
  if (!isStruct(value)) return undefined;
  const json = value.json();
  if (typeof json === "string") return undefined;
  return fieldsOf(value) ?? (isMap(json ?? null) ? json as GoMap : undefined);
}

/** A float64 as encoding/json prints it; JavaScript's rules are the same, but for -0. */
export function formatJsonNumber(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  const word = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  throw new YamlError(`json: unsupported value: ${word}`);
}

// deno-lint-ignore no-control-regex
const escapedOnly = /["\\\x00-\x1f\u2028\u2029\ud800-\udfff]/;
// deno-lint-ignore no-control-regex
const escapedHtml = /["\\\x00-\x1f<>&\u2028\u2029\ud800-\udfff]/;

const named: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function writeJsonString(text: string, escaped: RegExp): string {
  if (!escaped.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) {
    if (char >= "\ud800" && char <= "\udfff" && char.length === 1) out += "\\ufffd";
    else if (char.length === 2 || !escaped.test(char)) out += char;
    else out += named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }
  return `${out}"`;
}

import { toBytes } from "../template/bytes.ts";
import {
  type GoFunction,
  type GoMap,
  GoObject,
  type GoValue,
  Int,
  int,
  isList,
  NilMap,
  TypedList,
} from "../template/value.ts";
import { nilBytes } from "../template/signature.ts";
import { encodeBase64 } from "./base64.ts";
import { Emitter, type EmitterOptions, type ScalarStyle } from "./emitter.ts";
import { YamlError } from "./error.ts";
import { floatText } from "../template/format/float.ts";
import { cycle, formatJsonNumber, jsonOf, structOf } from "./json.ts";
import { naturalOrder } from "./natural-order.ts";
import { resolve } from "./resolve.ts";
import { throughJson } from "./through-json.ts";

const plain: EmitterOptions = { width: 80, indentSequences: false, tabInBlock: false };
const pretty: EmitterOptions = { width: Infinity, indentSequences: true, tabInBlock: true };

/**
 * sigs.k8s.io/yaml's Marshal, Helm's `toYaml` but for the last line's end: the value goes through JSON and yaml.v2.
 * Long strings are folded after column 80. What JSON or yaml.v2 refuse (NaN, functions, cycles, control characters past
 * ASCII, keys of more than 1,000 characters) throws a {@link YamlError} with Go's words.
 */
export function writeYaml(value: GoValue): string {
  return emit(value, plain, writeValue);
}

/** goyaml.v3's encoder with an indent of 2, Helm's `toYamlPretty` but for the last line's end. Nothing is folded. */
export function writeYamlPretty(value: GoValue): string {
  return emit(value, pretty, writePretty);
}

type Write = (emitter: Emitter, value: GoValue, isMappingValue: boolean) => void;

function emit(value: GoValue, options: EmitterOptions, write: Write): string {
  const emitter = new Emitter(options);
  try {
    write(emitter, value, false);
  } catch (error) {
    if (error instanceof RangeError) throw jsonError(cycle());
    throw error;
  }
  return emitter.finish();
}

function jsonError(error: YamlError): YamlError {
  return new YamlError(`error marshaling into JSON: ${error.message}`);
}

function marshaling<T>(marshal: () => T): T {
  try {
    return marshal();
  } catch (error) {
    throw error instanceof YamlError ? jsonError(error) : error;
  }
}

function writeValue(emitter: Emitter, value: GoValue, isMappingValue: boolean): void {
  if (typeof value === "string") return writeString(emitter, value);
  if (typeof value === "number") return emitter.scalar(jsonNumber(value), "plain");
  if (value === null || typeof value === "boolean") return emitter.scalar(String(value), "plain");
  if (value instanceof Int) return emitter.scalar(value.toString(), "plain");
  if (value instanceof Map) {
    if (value.size === 0) return writeEmptyMap(emitter, value);
    const outer = emitter.openMapping();
    for (const key of naturalOrder(value.keys(), 2)) {
      const text = throughJson(key, true);
      emitter.key(text, stringStyle(text));
      writeValue(emitter, value.get(key)!, true);
    }
    return emitter.close(outer);
  }
  if (value instanceof TypedList && value.isNil) return emitter.scalar("null", "plain");
  if (isList(value)) return writeList(emitter, value, isMappingValue, writeValue);
  if (value === nilBytes) return emitter.scalar("null", "plain");
  if (value instanceof Uint8Array) return writeString(emitter, encodeBase64(value));
  writeValue(emitter, marshaling(() => jsonOf(value)), isMappingValue);
}

function writeEmptyMap(emitter: Emitter, map: GoMap): void {
  if (map instanceof NilMap) emitter.scalar("null", "plain");
  else emitter.empty("{}");
}

function writeList(emitter: Emitter, list: GoValue[], isMappingValue: boolean, write: Write): void {
  if (list.length === 0) return emitter.empty("[]");
  const outer = emitter.openSequence(isMappingValue);
  for (const item of list) {
    emitter.item();
    write(emitter, item, false);
  }
  emitter.close(outer);
}

function writeString(emitter: Emitter, value: string): void {
  const text = throughJson(value, false);
  emitter.scalar(text, stringStyle(text));
}

/** A number that JSON wrote is an integer to yaml.v2 when it has the looks and the size of one. */
function jsonNumber(value: number): string {
  const text = marshaling(() => formatJsonNumber(value));
  if (Number.isSafeInteger(value)) return value === 0 ? "0" : text;
  if (/^-?[0-9]+$/.test(text) && BigInt(text) < 2n ** 64n && BigInt(text) >= -(2n ** 63n)) return text;
  return floatText(value);
}

/** A string is quoted where it would read as something else, and where YAML 1.1 has a number in base 60. */
function stringStyle(text: string): ScalarStyle {
  if (text.includes("\n")) return "literal";
  return resolve(text).kind === "str" && !isBase60(text) ? "plain" : "double";
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

function isBase60(text: string): boolean {
  const code = text.charCodeAt(0);
  return code <= 0x39 && text.includes(":") && base60.test(text);
}

function writePretty(emitter: Emitter, value: GoValue, isMappingValue: boolean): void {
  if (typeof value === "string") return writePrettyString(value, (...scalar) => emitter.scalar(...scalar));
  if (typeof value === "number") return emitter.scalar(prettyNumber(value), "plain");
  if (value === null || typeof value === "boolean") return emitter.scalar(String(value), "plain");
  if (value instanceof Int) return emitter.scalar(value.toString(), "plain");
  if (value instanceof Map) {
    if (value.size === 0) return emitter.empty("{}");
    return writePrettyPairs(emitter, naturalOrder(value.keys(), 3).map((key) => [key, value.get(key)!]));
  }
  if (isList(value)) return writeList(emitter, value, isMappingValue, writePretty);
  if (value instanceof Uint8Array) {
    return writeList(emitter, Array.from(value, (byte) => int(byte)), isMappingValue, writePretty);
  }
  writePrettyObject(emitter, value, isMappingValue);
}

function writePrettyPairs(emitter: Emitter, pairs: (readonly [string, GoValue])[]): void {
  const outer = emitter.openMapping();
  for (const [key, value] of pairs) {
    writePrettyString(key, (...scalar) => emitter.key(...scalar));
    writePretty(emitter, value, true);
  }
  emitter.close(outer);
}

function writePrettyObject(emitter: Emitter, value: GoObject | GoFunction, isMappingValue: boolean): void {
  if (value instanceof GoObject) {
    if (value.type === "time.Time") return emitter.scalar(String(value.json()), "plain");
    if (value.type === "time.Duration") return emitter.scalar(String(value), "plain");
  }
  // yaml.v3 writes a struct's fields in their order, with their names in lower case.
  const fields = value instanceof GoObject ? structOf(value) : undefined;
  if (fields === undefined) return writePretty(emitter, jsonOf(value), isMappingValue);
  writePrettyPairs(emitter, [...fields].map(([name, field]) => [name.toLowerCase(), field]));
}

function prettyNumber(value: number): string {
  const text = floatText(value);
  return text === "+Inf" ? ".inf" : text === "-Inf" ? "-.inf" : text === "NaN" ? ".nan" : text;
}

/** Writes a string; one that is not UTF-8 is written as `!!binary`. */
function writePrettyString(text: string, write: (text: string, style: ScalarStyle, tag?: string) => void): void {
  if (text.isWellFormed()) {
    // yaml.v3 hands what follows `0o` to ParseInt, which reads a sign there.
    return write(text, /^0o[-+][0-7]+$/.test(text) ? "double" : stringStyle(text));
  }
  const base64 = encodeBase64(toBytes(text));
  const lines = base64.length < 70 ? base64 : base64.replaceAll(/.{1,70}/g, "$&\n");
  write(lines, lines.includes("\n") ? "literal" : "plain", "!!binary");
}

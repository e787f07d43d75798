import { type Int, wrap } from "../template/value.ts";
import { isTimestamp } from "./timestamp.ts";

/** What a plain scalar's text is, by YAML 1.1 as yaml.v2 reads it. */
export type ScalarKind = "str" | "null" | "bool" | "int" | "float" | "timestamp" | "merge";

/** A scalar's kind and value. An integer is a bigint; it lies between -2^63 and 2^64 - 1. */
export interface Scalar {
  readonly kind: ScalarKind;
  readonly value: null | boolean | number | bigint | string;
}

const words = new Map<string, Scalar>();
for (const word of ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]) {
  words.set(word, { kind: "bool", value: true });
}
for (const word of ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]) {
  words.set(word, { kind: "bool", value: false });
}
for (const word of ["", "~", "null", "Null", "NULL"]) words.set(word, { kind: "null", value: null });
for (const word of [".nan", ".NaN", ".NAN"]) words.set(word, { kind: "float", value: NaN });
for (const word of [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]) {
  words.set(word, { kind: "float", value: Infinity });
}
for (const word of ["-.inf", "-.Inf", "-.INF"]) words.set(word, { kind: "float", value: -Infinity });

/** What a text's first character tells: nothing but a string, perhaps a word, perhaps a number. */
const enum Hint {
  None,
  Word,
  Dot,
  Number,
}

const hints = new Uint8Array(128);
for (const c of "yYnNtTfFoO~") hints[c.charCodeAt(0)] = Hint.Word;
for (const c of "+-0123456789") hints[c.charCodeAt(0)] = Hint.Number;
hints[".".charCodeAt(0)] = Hint.Dot;

function hintOf(text: string): Hint {
  return text === "" ? Hint.Word : hintOfCharacter(text.charCodeAt(0));
}

function hintOfCharacter(code: number): Hint {
  return code < 128 ? hints[code] : Hint.None;
}

/** Whether every plain scalar that begins with the character is a string. */
export function beginsString(code: number): boolean {
  return hintOfCharacter(code) === Hint.None;
}

/**
 * The value of a plain scalar as it is once it has been through JSON: every number is a float64, a timestamp is its
 * text. Infinities and NaN come back as they are.
 */
export function plainValue(text: string): null | boolean | number | string {
  const hint = hintOf(text);
  if (hint === Hint.None) return text;
  const word = words.get(text);
  if (word !== undefined) return word.value as null | boolean | number;
  if (hint === Hint.Word) return text;
  if (isShortDecimal(text)) return Number(text);
  const scalar = resolveNumber(text, hint);
  return scalar === undefined ? text : Number(scalar.value);
}

/** Like {@link plainValue}, with whole numbers as integers. */
export function typedValue(text: string): null | boolean | number | string | Int {
  if (hintOf(text) === Hint.None) return text;
  const { kind, value } = resolve(text);
  return kind === "int" ? wholeNumber(value as bigint) : plainValue(text);
}

/** A whole number as yaml.v2 holds it, in an int64 where it fits. */
export function wholeNumber(value: bigint): Int {
  return wrap(value, value >= 2n ** 63n ? "uint64" : "int64");
}

/** Whether the text is a decimal number of at most 15 digits that needs no second look. */
function isShortDecimal(text: string): boolean {
  if (text.length > 15) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text.charCodeAt(0) !== 0x30 || text.length === 1;
}

/** What a plain scalar is. */
export function resolve(text: string): Scalar {
  const hint = hintOf(text);
  if (hint !== Hint.None) {
    const word = words.get(text);
    if (word !== undefined) return word;
    if (hint === Hint.Number && isTimestamp(text)) return { kind: "timestamp", value: text };
    const number = hint === Hint.Word ? undefined : resolveNumber(text, hint);
    if (number !== undefined) return number;
  }
  return { kind: "str", value: text };
}

const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
// After a leading dot yaml.v2 asks ParseFloat at once, which lets `_` stand between digits.
const dotFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;

function resolveNumber(text: string, hint: Hint): Scalar | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  if (hint === Hint.Dot) return dotFloat.test(text) ? finite(plain) : undefined;
  if (integer.test(plain)) {
    const value = parseInteger(plain);
    if (inRange(value, plain.charCodeAt(0) === 0x2b)) return { kind: "int", value };
  }
  if (float.test(plain)) return finite(plain);
  return resolveSignedPrefix(plain);
}

function finite(text: string): Scalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "float", value } : undefined;
}

/** An integer as Go writes it, in base 2, 8, 10 or 16; a leading zero alone means base 8. */
function parseInteger(text: string): bigint {
  const negative = text[0] === "-";
  const digits = negative || text[0] === "+" ? text.slice(1) : text;
  const octal = digits.length > 1 && digits[0] === "0" && digits[1] >= "0" && digits[1] <= "7";
  const value = BigInt(octal ? `0o${digits}` : digits.toLowerCase());
  return negative ? -value : value;
}

/** Whether Go has an integer type for the value; a number with a plus sign is never a uint64. */
function inRange(value: bigint, plusSign: boolean): boolean {
  return value >= -(2n ** 63n) && value < (plusSign ? 2n ** 63n : 2n ** 64n);
}

/** yaml.v2 reads a sign after `0b` too, since it hands what follows the prefix to ParseInt. */
function resolveSignedPrefix(text: string): Scalar | undefined {
  if (!/^0b[-+][01]+$/.test(text)) return undefined;
  const value = parseInteger(`${text[2]}0b${text.slice(3)}`);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? { kind: "int", value } : undefined;
}

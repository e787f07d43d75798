import { quote, sprint } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { trimSpace } from "../template/space.ts";
import { compareStrings, type GoFunction, type GoValue, Int, strings, TypedList, TypedMap } from "../template/value.ts";
import { byteLength, fromBinary, sliceBytes, toBinary } from "./bytes.ts";
import { withCapacity } from "./capacity.ts";
import { kebabCase, pascalCase, snakeCase, swapCase, title, untitle } from "./case.ts";
import { checkLength } from "./limits.ts";
import { isSpace, lower, upper } from "./runes.ts";
import { elements, toText, toTexts } from "./text.ts";
import { wrap } from "./wrap.ts";

/** strings.Repeat; throws Go's panic for a negative count. */
function repeat(count: number, text: string): string {
  if (count < 0) throw new Error("strings: negative Repeat count");
  checkLength(count * text.length);
  return text.repeat(count);
}

function indent(spaces: Int, text: string): string {
  const pad = repeat(Number(spaces), " ");
  if (pad.length > 1000) checkLength(pad.length * text.split("\n").length);
  return pad + text.replaceAll("\n", "\n" + pad);
}

/** strings.ReplaceAll: an empty `from` stands before each character and at the end. */
function replaceAll(from: string, to: string, text: string): string {
  return from === "" ? to + [...text].map((char) => char + to).join("") : text.replaceAll(from, () => to);
}

/** strings.Split: an empty separator cuts between characters. */
function splitText(separator: string, text: string): string[] {
  return separator === "" ? [...text] : text.split(separator);
}

/** strings.SplitN: at most `limit` parts, the last one uncut; negative means no limit. */
function splitLimited(separator: string, limit: number, text: string): string[] {
  const parts = splitText(separator, text);
  if (limit < 0 || parts.length <= limit) return parts;
  if (limit === 0) return [];
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function numbered(parts: string[]): TypedMap {
  return new TypedMap("map[string]string", parts.map((part, i) => [`_${i}`, part] as const));
}

/** strings.Trim: every leading and trailing character that `cutset` contains. */
function trimAll(cutset: string, text: string): string {
  const chars = [...text];
  const cut = new Set(cutset);
  let start = 0;
  let end = chars.length;
  while (start < end && cut.has(chars[start])) start++;
  while (end > start && cut.has(chars[end - 1])) end--;
  return chars.slice(start, end).join("");
}

function truncate(length: Int, text: string): string {
  const n = Number(length);
  const size = byteLength(text);
  if (n < 0) return size + n > 0 ? sliceBytes(text, size + n) : text;
  return size > n ? sliceBytes(text, 0, n) : text;
}

function substring(start: Int, end: Int, text: string): string {
  const [from, to, length] = [Number(start), Number(end), byteLength(text)];
  const stop = to < 0 || to > length ? length : to;
  if (from > stop) throw new Error(`runtime error: slice bounds out of range [${start}:${stop}]`);
  if (from < 0 && to < 0) throw new Error(`runtime error: slice bounds out of range [:${end}]`);
  if (from < 0 && to > length) {
    throw new Error(`runtime error: slice bounds out of range [:${end}] with length ${length}`);
  }
  if (from < 0) return sliceBytes(text, undefined, to);
  return to < 0 || to > length ? sliceBytes(text, from) : sliceBytes(text, from, to);
}

/** goutils.AbbreviateFull, in bytes; `left` is the offset that must stay visible. */
function abbreviate(left: number, width: number, text: string): string {
  if (width < 4) return "";
  const bytes = toBinary(text);
  if (bytes.length <= width) return text;
  let offset = Math.min(left, bytes.length);
  // Go's difference overflows for the smallest of numbers.
  if (BigInt.asIntN(64, BigInt(bytes.length - offset)) < width - 3) offset = bytes.length - (width - 3);
  if (offset <= 4) return fromBinary(bytes.slice(0, width - 3)) + "...";
  if (width < 7) return "";
  if (offset + width - 3 < bytes.length) return "..." + abbreviate(0, width - 3, fromBinary(bytes.slice(offset)));
  return "..." + fromBinary(bytes.slice(bytes.length - (width - 3)));
}

function abbreviateBoth(left: Int, right: Int, text: string): string {
  const [offset, width] = [Number(left), Number(right)];
  return width < 4 || (offset > 0 && width < 7) ? text : abbreviate(offset, width, text);
}

/** goutils.Initials takes each byte for a character, so that letters past ASCII come out as two Latin ones. */
function initials(text: string): string {
  let out = "";
  let afterGap = true;
  for (const char of toBinary(text)) {
    const gap = isSpace(char);
    if (!gap && afterGap) out += char;
    afterGap = gap;
  }
  return out;
}

/** goutils.DeleteWhiteSpace; where it deletes anything, it takes each byte for a character. */
function noSpace(text: string): string {
  const binary = toBinary(text);
  const kept = binary.replace(/\p{White_Space}/gu, "");
  return kept.length === binary.length ? text : kept;
}

/** Sorts a []string where it stands, as Go does; other lists are copied. */
function sortAlpha(value: GoValue): TypedList {
  if (elements(value) === undefined) return strings([toText(value)]);
  const texts = allStrings(value);
  texts.sort((a, b) => compareStrings(a as string, b as string));
  return texts;
}

function allStrings(value: GoValue): TypedList {
  const texts = toTexts(value);
  return texts instanceof TypedList ? texts : withCapacity(strings(texts), elements(value)?.length);
}

const join = (separator: string, value: GoValue) => toTexts(value).join(separator);

const cat = (...values: GoValue[]) => values.filter((value) => value !== null).map(sprint).join(" ");

const quoteAll = (...values: GoValue[]) =>
  values.filter((value) => value !== null).map((value) => quote(toText(value))).join(" ");

const singleQuoteAll = (...values: GoValue[]) =>
  values.filter((value) => value !== null).map((value) => `'${sprint(value)}'`).join(" ");

const textToText = "func(string) string";
const twoTexts = "func(string, string) string";
const test = "func(string, string) bool";
const sized = "func(int, string) string";
const variadic = "func(...any) string";

/** Sprig's functions on strings. Lengths and positions count bytes, as everywhere in Go. */
export const stringFunctions: Record<string, GoFunction> = {
  abbrev: fn(sized, (width: Int, text: string) => Number(width) < 4 ? text : abbreviate(0, Number(width), text)),
  abbrevboth: fn("func(int, int, string) string", abbreviateBoth),
  camelcase: fn(textToText, pascalCase),
  cat: fn(variadic, cat),
  contains: fn(test, (part: string, text: string) => text.includes(part)),
  hasPrefix: fn(test, (prefix: string, text: string) => text.startsWith(prefix)),
  hasSuffix: fn(test, (suffix: string, text: string) => text.endsWith(suffix)),
  hello: fn("func() string", () => "Hello!"),
  indent: fn(sized, indent),
  initials: fn(textToText, initials),
  join: fn("func(string, any) string", join),
  kebabcase: fn(textToText, kebabCase),
  lower: fn(textToText, lower),
  nindent: fn(sized, (spaces: Int, text: string) => "\n" + indent(spaces, text)),
  nospace: fn(textToText, noSpace),
  plural: fn("func(string, string, int) string", (one: string, many: string, n: Int) => n.value === 1n ? one : many),
  quote: fn(variadic, quoteAll),
  repeat: fn(sized, (count: Int, text: string) => repeat(Number(count), text)),
  replace: fn("func(string, string, string) string", replaceAll),
  snakecase: fn(textToText, snakeCase),
  sortAlpha: fn("func(any) []string", sortAlpha),
  split: fn(
    "func(string, string) map[string]string",
    (separator: string, text: string) => numbered(splitText(separator, text)),
  ),
  splitList: fn(
    "func(string, string) []string",
    (separator: string, text: string) => withCapacity(strings(splitText(separator, text))),
  ),
  splitn: fn(
    "func(string, int, string) map[string]string",
    (separator: string, limit: Int, text: string) => numbered(splitLimited(separator, Number(limit), text)),
  ),
  squote: fn(variadic, singleQuoteAll),
  substr: fn("func(int, int, string) string", substring),
  swapcase: fn(textToText, swapCase),
  title: fn(textToText, title),
  toString: fn("func(any) string", toText),
  toStrings: fn("func(any) []string", allStrings),
  trim: fn(textToText, trimSpace),
  trimAll: fn(twoTexts, trimAll),
  trimPrefix: fn(
    twoTexts,
    (prefix: string, text: string) => text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimSuffix: fn(
    twoTexts,
    (suffix: string, text: string) => text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  trimall: fn(twoTexts, trimAll),
  trunc: fn(sized, truncate),
  untitle: fn(textToText, untitle),
  upper: fn(textToText, upper),
  wrap: fn(sized, (width: Int, text: string) => wrap(text, Number(width), "", false)),
  wrapWith: fn(
    "func(int, string, string) string",
    (width: Int, lineEnd: string, text: string) => wrap(text, Number(width), lineEnd, true),
  ),
};

import { RE2JS } from "re2js";
import { quote } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type Int, nilSlice, strings, TypedList } from "../template/value.ts";
import { grownTo, withCapacity } from "./capacity.ts";
import { isDigit, isLetter } from "./runes.ts";

/** A match: the bounds of group 0, 1 ... as pairs of positions; -1 for a group that took no part. */
type Match = readonly number[];

const compiled = new Map<string, RE2JS | Error>();
const cacheSize = 1000;

/** regexp.Compile, remembered; throws in Go's words. */
function compile(pattern: string): RE2JS {
  let known = compiled.get(pattern);
  if (known === undefined) {
    if (compiled.size >= cacheSize) compiled.clear();
    known = tryCompile(pattern);
    compiled.set(pattern, known);
  }
  if (known instanceof Error) throw known;
  return known;
}

function tryCompile(pattern: string): RE2JS | Error {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if ((error as Error).message.includes("duplicate capture group name")) {
      const distinct = distinctNames(pattern);
      if (distinct !== pattern) return tryCompile(distinct);
    }
    return new Error(
      (error as Error).message.replaceAll(again, "").replace(/(trailing backslash at end of expression)$/, "$1: ``"),
    );
  }
}

/** What a group's name is prolonged by when an earlier group has the name, which Go allows. */
const again = "__again";

// Each character is read in one way alone, so that no text takes long.
const groupStart =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|(?!\[:\^?\w+:\])[^\]\\])*\]|(\(\?P?<)(\w+)(?=>)/g;

function distinctNames(pattern: string): string {
  const taken = new Set<string>();
  return pattern.replace(groupStart, (whole, open: string | undefined, name: string) => {
    if (open === undefined) return whole;
    while (taken.has(name)) name += again;
    taken.add(name);
    return open + name;
  });
}

/** regexp.MustCompile: Go's panic names the pattern. */
function mustCompile(pattern: string): RE2JS {
  try {
    return compile(pattern);
  } catch (error) {
    // deno-lint-ignore no-control-regex
    const plain = !/[\x00-\x08\x0a-\x1f`\x7f\ufeff]/.test(pattern) && pattern.isWellFormed();
    throw new Error(`regexp: Compile(${plain ? "`" + pattern + "`" : quote(pattern)}): ${(error as Error).message}`);
  }
}

type Compile = (pattern: string) => RE2JS;

/** The first match at or after `from`. */
function matchFrom(matcher: ReturnType<RE2JS["matcher"]>, from: number): Match | undefined {
  if (!matcher.find(from)) return undefined;
  const bounds: number[] = [];
  for (let group = 0; group <= matcher.groupCount(); group++) bounds.push(matcher.start(group), matcher.end(group));
  return bounds;
}

/** How many UTF-16 units the character at `at` has; 0 at the end. */
function widthAt(text: string, at: number): number {
  const code = text.codePointAt(at);
  return code === undefined ? 0 : code > 0xffff ? 2 : 1;
}

/** Go's allMatches: at most `limit` (negative for all), no empty match right after another. */
function allMatches(regex: RE2JS, text: string, limit: number): Match[] {
  const found: Match[] = [];
  const matcher = regex.matcher(text);
  let previousEnd = -1;
  for (let at = 0; at <= text.length && (limit < 0 || found.length < limit);) {
    const match = matchFrom(matcher, at);
    if (match === undefined) break;
    const empty = match[1] === at;
    if (!empty || match[0] !== previousEnd) found.push(match);
    at = empty ? at + (widthAt(text, at) || 1) : match[1];
    previousEnd = match[1];
  }
  return found;
}

/** How much of it Go's FindAll makes at first. */
const roomForMatches = 10;

function findAll(compile: Compile): (pattern: string, text: string, limit: Int) => TypedList {
  return (pattern, text, limit) => {
    const found = allMatches(compile(pattern), text, Number(limit)).map(([start, end]) => text.slice(start, end));
    return found.length === 0
      ? nilSlice("string")
      : withCapacity(strings(found), grownTo(found.length, roomForMatches));
  };
}

function find(compile: Compile): (pattern: string, text: string) => string {
  return (pattern, text) => {
    const match = matchFrom(compile(pattern).matcher(text), 0);
    return match === undefined ? "" : text.slice(match[0], match[1]);
  };
}

/** Regexp.ReplaceAllString and its literal sibling: `replacement` gives the text for a match. */
function replaceMatches(regex: RE2JS, text: string, replacement: (match: Match) => string): string {
  const matcher = regex.matcher(text);
  let out = "";
  let lastEnd = 0;
  for (let at = 0; at <= text.length;) {
    const match = matchFrom(matcher, at);
    if (match === undefined) break;
    const [start, end] = match;
    out += text.slice(lastEnd, start);
    if (end > lastEnd || start === 0) out += replacement(match);
    lastEnd = end;
    const width = widthAt(text, at);
    at = at + width > end ? at + width : at + 1 > end ? at + 1 : end;
  }
  return out + text.slice(lastEnd);
}

function replaceAll(compile: Compile): (pattern: string, text: string, template: string) => string {
  return (pattern, text, template) => {
    const regex = compile(pattern);
    return replaceMatches(regex, text, (match) => expand(regex, template, text, match));
  };
}

function replaceAllLiteral(compile: Compile): (pattern: string, text: string, literal: string) => string {
  return (pattern, text, literal) => replaceMatches(compile(pattern), text, () => literal);
}

/** Regexp.Expand: `$1`, `${1}`, `$name`, `${name}`, `$$`; an unknown group is empty, a lone `$` stays. */
function expand(regex: RE2JS, template: string, text: string, match: Match): string {
  let out = "";
  let rest = template;
  for (let dollar = rest.indexOf("$"); dollar >= 0; dollar = rest.indexOf("$")) {
    out += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    if (rest.startsWith("$")) {
      out += "$";
      rest = rest.slice(1);
      continue;
    }
    const reference = readReference(rest);
    if (reference === undefined) {
      out += "$";
      continue;
    }
    rest = rest.slice(reference.length);
    const group = groupNumber(regex, reference.name, match);
    if (group !== undefined) out += text.slice(match[2 * group], match[2 * group + 1]);
  }
  return out + rest;
}

/** The group's name after a `$`, and how much text it takes with its braces. */
function readReference(text: string): { name: string; length: number } | undefined {
  const braced = text.startsWith("{");
  let name = "";
  for (const char of text.slice(braced ? 1 : 0)) {
    if (!isLetter(char) && !isDigit(char) && char !== "_") break;
    name += char;
  }
  if (name === "") return undefined;
  if (!braced) return { name, length: name.length };
  return text[name.length + 1] === "}" ? { name, length: name.length + 2 } : undefined;
}

/** The group that a reference means, if it took part in the match: of several with one name, the first that did. */
function groupNumber(regex: RE2JS, name: string, match: Match): number | undefined {
  const tookPart = (group: number) => match[2 * group] >= 0;
  if (/^(0|[1-9][0-9]{0,8})$/.test(name)) return tookPart(Number(name)) ? Number(name) : undefined;
  const named = regex.namedGroups() as Record<string, number>;
  for (; Object.hasOwn(named, name); name += again) if (tookPart(named[name])) return named[name];
  return undefined;
}

function split(compile: Compile): (pattern: string, text: string, limit: Int) => TypedList {
  return (pattern, text, limit) => {
    const regex = compile(pattern);
    const n = Number(limit);
    if (n === 0) return nilSlice("string");
    if (pattern !== "" && text === "") return strings([""]);
    const parts: string[] = [];
    let begin = 0;
    let end = 0;
    const matches = allMatches(regex, text, n);
    for (const match of matches) {
      if (n > 0 && parts.length >= n - 1) break;
      end = match[0];
      if (match[1] !== 0) parts.push(text.slice(begin, end));
      begin = match[1];
    }
    if (end !== text.length) parts.push(text.slice(begin));
    return withCapacity(strings(parts), grownTo(parts.length, matches.length));
  };
}

function isMatch(pattern: string, text: string): boolean {
  return compile(pattern).test(text);
}

function isMatchOrFalse(pattern: string, text: string): boolean {
  try {
    return isMatch(pattern, text);
  } catch {
    return false;
  }
}

const three = "func(string, string, string) string";
const mustThree = "func(string, string, string) (string, error)";

/** Sprig's regular expressions: RE2's syntax and meaning, in linear time. */
export const regexFunctions: Record<string, GoFunction> = {
  mustRegexFind: fn("func(string, string) (string, error)", find(compile)),
  mustRegexFindAll: fn("func(string, string, int) ([]string, error)", findAll(compile)),
  mustRegexMatch: fn("func(string, string) (bool, error)", isMatch),
  mustRegexReplaceAll: fn(mustThree, replaceAll(compile)),
  mustRegexReplaceAllLiteral: fn(mustThree, replaceAllLiteral(compile)),
  mustRegexSplit: fn("func(string, string, int) ([]string, error)", split(compile)),
  regexFind: fn("func(string, string) string", find(mustCompile)),
  regexFindAll: fn("func(string, string, int) []string", findAll(mustCompile)),
  regexMatch: fn("func(string, string) bool", isMatchOrFalse),
  regexQuoteMeta: fn("func(string) string", (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
  regexReplaceAll: fn(three, replaceAll(mustCompile)),
  regexReplaceAllLiteral: fn(three, replaceAllLiteral(mustCompile)),
  regexSplit: fn("func(string, string, int) []string", split(mustCompile)),
};

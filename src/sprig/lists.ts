import { deepEqual } from "../template/compare.ts";
import { kindName } from "../template/format.ts";
import { fn, type Implementation } from "../template/signature.ts";
import {
  type GoFunction,
  type GoList,
  GoObject,
  type GoValue,
  type Int,
  isList,
  nilSlice,
  TypedList,
} from "../template/value.ts";
import { capacityOf, grown, part, withCapacity } from "./capacity.ts";
import { toInt64 } from "./cast.ts";
import { isEmpty } from "./empty.ts";
import { nilDereference } from "./runtime-error.ts";
import { elements } from "./text.ts";

/** The elements of a slice, or the error that Sprig gives for anything else, such as `Cannot push on type string`. */
function elementsOr(value: GoValue, complaint: string): GoList {
  if (value === null) throw nilDereference();
  const items = elements(value);
  if (items === undefined) throw new Error(`${complaint} ${kindName(value)}`);
  return items;
}

function append(list: GoValue, value: GoValue): GoList {
  const items = [...elementsOr(list, "Cannot push on type"), value];
  return withCapacity(items, grown(items.length - 1, items.length));
}

function prepend(list: GoValue, value: GoValue): GoList {
  const items = [value, ...elementsOr(list, "Cannot prepend on type")];
  return withCapacity(items, items.length === 1 ? 1 : grown(1, items.length));
}

function concat(...lists: GoValue[]): GoList {
  const all: GoList = [];
  for (const list of lists) {
    if (list === null) throw nilDereference();
    const items = elements(list);
    if (items === undefined) throw new Error(`Cannot concat type ${kindName(list)} as list`);
    for (const item of items) all.push(item);
  }
  return all.length === 0 ? nilSlice() : all;
}

function first(list: GoValue): GoValue {
  return elementsOr(list, "Cannot find first on type")[0] ?? null;
}

function last(list: GoValue): GoValue {
  return elementsOr(list, "Cannot find last on type").at(-1) ?? null;
}

function rest(list: GoValue): GoList {
  const items = elementsOr(list, "Cannot find rest on type");
  return items.length === 0 ? nilSlice() : withCapacity(Array.from(items).slice(1));
}

function initial(list: GoValue): GoList {
  const items = elementsOr(list, "Cannot find initial on type");
  return items.length === 0 ? nilSlice() : withCapacity(Array.from(items).slice(0, -1));
}

function reverse(list: GoValue): GoList {
  return withCapacity(Array.from(elementsOr(list, "Cannot find reverse on type")).reverse());
}

function compact(list: GoValue): GoList {
  return Array.from(elementsOr(list, "Cannot compact on type")).filter((item) => !isEmpty(item));
}

/** Whether the list holds the value, by reflect.DeepEqual. */
function holds(list: GoList, value: GoValue): boolean {
  return list.some((item) => deepEqual(value, item));
}

function uniq(list: GoValue): GoList {
  const kept: GoList = [];
  const texts = new Set<string>();
  for (const item of elementsOr(list, "Cannot find uniq on type")) {
    if (typeof item === "string") {
      if (!texts.has(item)) kept.push(item);
      texts.add(item);
    } else if (!holds(kept, item)) kept.push(item);
  }
  return kept;
}

function without(list: GoValue, ...omitted: GoList): GoList {
  return Array.from(elementsOr(list, "Cannot find without on type")).filter((item) => !holds(omitted, item));
}

function has(needle: GoValue, haystack: GoValue): boolean {
  return haystack === null ? false : holds(elementsOr(haystack, "Cannot find has on type"), needle);
}

function slice(list: GoValue, ...bounds: GoValue[]): GoValue {
  const items = elementsOr(list, "list should be type of slice or array but");
  if (items.length === 0) return null;
  const start = bounds.length > 0 ? Number(toInt64(bounds[0])) : 0;
  const end = bounds.length > 1 ? Number(toInt64(bounds[1])) : items.length;
  if (start < 0 || end < start || end > roomOf(list, items)) {
    throw new Error("reflect.Value.Slice: slice index out of bounds");
  }
  if (list instanceof Uint8Array) return list.slice(start, end);
  const made = part(items, start, end);
  return list instanceof GoObject ? list.withElements(made) : made;
}

/** Helm's own lists, and bytes, have no more room than they need. */
function roomOf(list: GoValue, items: GoList): number {
  return isList(list) ? capacityOf(list) : items.length;
}

function chunk(size: Int, list: GoValue): GoList {
  const items = Array.from(elementsOr(list, "Cannot chunk type"));
  const length = Number(size);
  const count = Math.floor((items.length - 1) / length) + 1;
  // A size below zero passes only where Go never makes a part of that size.
  if (!Number.isFinite(count) || count < 0 || (length < 0 && count > 0 && (items.length !== 1 || length === -1))) {
    throw new Error("runtime error: makeslice: len out of range");
  }
  if (length < 0) return TypedList.ofType("[]interface {}", count === 0 ? [] : [withCapacity(items)]);
  const parts: GoList = [];
  for (let i = 0; i < count; i++) parts.push(withCapacity(items.slice(i * length, (i + 1) * length)));
  return withCapacity(TypedList.ofType("[]interface {}", parts));
}

/** Each function under its own name and with `must`: both fail alike, since a template stops at Go's panics too. */
function withMust(name: string, type: string, f: Implementation): [string, GoFunction][] {
  const mustName = "must" + name[0].toUpperCase() + name.slice(1);
  const [, params, result] = /^func(\(.*?\)) (.*)$/.exec(type)!;
  return [[name, fn(type, f)], [mustName, fn(`func${params} (${result}, error)`, f)]];
}

const list = fn("func(...any) []any", (...items: GoValue[]) => withCapacity(items));

/** Sprig's functions on lists. None changes the list it gets. */
export const listFunctions: Record<string, GoFunction> = {
  concat: fn("func(...any) any", concat),
  list,
  tuple: list,
  ...Object.fromEntries([
    ...withMust("append", "func(any, any) []any", append),
    ...withMust("push", "func(any, any) []any", append),
    ...withMust("prepend", "func(any, any) []any", prepend),
    ...withMust("first", "func(any) any", first),
    ...withMust("last", "func(any) any", last),
    ...withMust("rest", "func(any) []any", rest),
    ...withMust("initial", "func(any) []any", initial),
    ...withMust("reverse", "func(any) []any", reverse),
    ...withMust("compact", "func(any) []any", compact),
    ...withMust("uniq", "func(any) []any", uniq),
    ...withMust("without", "func(any, ...any) []any", without),
    ...withMust("has", "func(any, any) bool", has),
    ...withMust("slice", "func(any, ...any) any", slice),
    ...withMust("chunk", "func(int, any) [][]any", chunk),
  ]),
};

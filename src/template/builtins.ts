/** The functions that text/template has itself. */
import { byteLength, sliceBytes, toBytes } from "./bytes.ts";
import { basicEq, less } from "./compare.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { prepare } from "./exec/dynamic-call.ts";
import { elementOfMap, zero } from "./exec/field.ts";
import { sprintAll, sprintf, sprintln } from "./format/sprintf.ts";
import { sprintIndirect } from "./format/value.ts";
import { fn } from "./signature.ts";
import { isTrue } from "./truth.ts";
import { typeName } from "./type-name.ts";
import { type GoFunction, type GoList, GoObject, type GoValue, Int, int, TypedList, TypedMap } from "./value.ts";

/** A Go reflect.Value: `null` is nil in an interface, `undefined` no value. */
type Value = GoValue | undefined;

/** What `len`, `index` and `slice` see in an object that is a map or slice with methods. */
function plain(value: Value): Value {
  return value instanceof GoObject ? value.collection() ?? value : value;
}

function length(item: Value): Int {
  if (item === null) throw new Error("len of nil pointer");
  if (item === undefined) throw new Error("reflect: call of reflect.Value.Type on zero Value");
  const value = plain(item);
  if (typeof value === "string") return int(byteLength(value));
  if (Array.isArray(value) || value instanceof Uint8Array) return int(value.length);
  if (value instanceof Map) return int(value.size);
  throw new Error(`len of type ${pointee(item)}`);
}

/** An index into something of that length, which the index may equal. */
function indexIn(index: Value, length: number): number {
  if (index === null || index === undefined) throw new Error("cannot index slice/array with nil");
  const number = index instanceof GoObject ? index.integer() : index;
  if (!(number instanceof Int)) throw new Error(`cannot index slice/array with type ${typeName(index)}`);
  if (number.value < 0n || number.value > BigInt(length)) throw new Error(`index out of range: ${number}`);
  return Number(number.value);
}

function index(item: Value, ...indexes: Value[]): GoValue {
  if (item === null || item === undefined) throw new Error("index of untyped nil");
  return indexes.reduce<GoValue>((value, key) => {
    if (value === null) throw new Error("index of nil pointer");
    return element(value, key ?? null);
  }, item);
}

/** The name of a value's type: of a pointer, what it points to. */
const pointee = (item: GoValue) => typeName(item).replace(/^\*/, "");

function element(item: GoValue, key: GoValue): GoValue {
  const value = plain(item);
  if (value instanceof Map) {
    const found = value.get(prepare(key, "string") as string);
    const type = value instanceof TypedMap ? value.type : item instanceof GoObject ? item.type : "";
    return found === undefined ? zero(elementOfMap(type)) ?? null : found;
  }
  if (Array.isArray(value)) {
    const i = indexIn(key, value.length);
    if (i === value.length) throw new Error("reflect: slice index out of range");
    return value[i];
  }
  if (typeof value === "string" || value instanceof Uint8Array) {
    const bytes = typeof value === "string" ? toBytes(value) : value;
    const i = indexIn(key, bytes.length);
    if (i === bytes.length) {
      throw new Error(`reflect: ${typeof value === "string" ? "string" : "slice"} index out of range`);
    }
    return new Int(BigInt(bytes[i]), "uint8");
  }
  throw new Error(`can't index item of type ${pointee(item)}`);
}

function slice(item: Value, ...indexes: Value[]): GoValue {
  if (item === null || item === undefined) throw new Error("slice of untyped nil");
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  const value = plain(item);
  if (typeof value === "string") {
    if (indexes.length === 3) throw new Error("cannot 3-index slice a string");
    return sliceBytes(value, ...bounds(indexes, byteLength(value)));
  }
  if (value instanceof Uint8Array) return value.subarray(...bounds(indexes, value.length));
  if (Array.isArray(value)) return sliceList(value, ...bounds(indexes, value.length));
  throw new Error(`can't slice item of type ${typeName(item)}`);
}

function sliceList(list: GoList, from: number, to: number): GoList {
  const part = list.slice(from, to);
  return list instanceof TypedList ? TypedList.ofType(list.element, part) : part;
}

function bounds(indexes: Value[], length: number): [number, number] {
  const [from = 0, to = length, capacity = length] = indexes.map((key) => indexIn(key, length));
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  if (to > capacity) throw new Error(`invalid slice index: ${to} > ${capacity}`);
  return [from, to];
}

function eq(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) throw new Error("missing argument for comparison");
  return others.some((other) => basicEq(first ?? null, other ?? null));
}

const lt = (a: Value, b: Value) => less(a ?? null, b ?? null);
const le = (a: Value, b: Value) => lt(a, b) || basicEq(a ?? null, b ?? null);

/** The text of the operands as `html`, `js` and `urlquery` take it: like an action they print what a pointer points to. */
function text(values: GoValue[]): string {
  return sprintAll(values.map((value) => value ?? "<no value>"), sprintIndirect);
}

function unreachable(): never {
  throw new Error("unreachable"); // The compiler has its own way for these.
}

/** Go's own functions by name. Those on `reflect.Value` may be given undefined. */
export const builtins: ReadonlyMap<string, GoFunction> = new Map(Object.entries({
  and: fn("func(reflect.Value, ...reflect.Value) reflect.Value", unreachable),
  or: fn("func(reflect.Value, ...reflect.Value) reflect.Value", () => unreachable()),
  call: fn("func(reflect.Value, ...reflect.Value) reflect.Value", () => unreachable()),
  not: fn("func(reflect.Value) bool", (value: Value) => !isTrue(value)),
  len: fn("func(reflect.Value) (int, error)", length),
  index: fn("func(reflect.Value, ...reflect.Value) (reflect.Value, error)", index),
  slice: fn("func(reflect.Value, ...reflect.Value) (reflect.Value, error)", slice),
  eq: fn("func(reflect.Value, ...reflect.Value) (bool, error)", eq),
  ne: fn("func(reflect.Value, reflect.Value) (bool, error)", (a: Value, b: Value) => !eq(a, b)),
  lt: fn("func(reflect.Value, reflect.Value) (bool, error)", lt),
  le: fn("func(reflect.Value, reflect.Value) (bool, error)", le),
  gt: fn("func(reflect.Value, reflect.Value) (bool, error)", (a: Value, b: Value) => !le(a, b)),
  ge: fn("func(reflect.Value, reflect.Value) (bool, error)", (a: Value, b: Value) => !lt(a, b)),
  print: fn("func(...any) string", (...values: GoValue[]) => sprintAll(values)),
  printf: fn("func(string, ...any) string", (format: string, ...values: GoValue[]) => sprintf(format, values)),
  println: fn("func(...any) string", (...values: GoValue[]) => sprintln(values)),
  html: fn("func(...any) string", (...values: GoValue[]) => escapeHtml(text(values))),
  js: fn("func(...any) string", (...values: GoValue[]) => escapeJs(text(values))),
  urlquery: fn("func(...any) string", (...values: GoValue[]) => escapeQuery(text(values))),
}));

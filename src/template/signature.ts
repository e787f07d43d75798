/**
 * The Go signatures of template functions.
 *
 * text/template checks each call against the function's Go type: `wrong number of args for trunc: want 2 got 1`,
 * `wrong type for value; expected string; got float64`. A function declares its type in Go's own notation:
 *
 * ```ts
 * const trunc = fn("func(int, string) string", (length: Int, text: string) => ...);
 * const list = fn("func(...any) []any", (...items: GoValue[]) => items);
 * ```
 *
 * The check is made before the call and compiled once a call site, so an implementation may trust its parameters:
 *
 * - `string`, `bool`, `float64` arrive as `string`, `boolean`, `number`;
 * - `int`, `int64` and the other integers arrive as an `Int` of exactly that kind (a literal `5` is converted at parse
 *   time; anything else of another kind is refused, as in Go);
 * - `any` arrives as any `GoValue`;
 * - `map[string]any` arrives as a `Map`, and `[]any` as an array. Go's nil map is an empty {@link NilMap}, whose `set`
 *   throws Go's words, and Go's nil slice is a {@link nilSlice};
 * - any other type is compared with {@link typeName} of the value.
 *
 * A function without a signature takes any arguments.
 */
import type { GoFunction, GoValue } from "./value.ts";
import { GoObject, Int, type IntKind, isList, NilMap, nilSlice, TypedList, TypedMap } from "./value.ts";
import { typeName } from "./type-name.ts";

export { NilMap };

/** A function's Go type. Type names are spelled as `%T` prints them: `interface {}`, never `any`. */
export interface Signature {
  /** The types of the fixed parameters. */
  readonly params: readonly string[];
  /** The element type of the last, variadic parameter (`string` for `...string`). */
  readonly variadic?: string;
  /** The type of the first result. */
  readonly returns: string;
  /** Whether an `error` follows. */
  readonly fails?: boolean;
  /** The types of all results where they are such that no template can call the function. */
  readonly results?: readonly string[];
}

/** An implementation with parameters of the types that its signature promises. */
// deno-lint-ignore no-explicit-any
export type Implementation = (...args: any[]) => GoValue;

const signature = Symbol("signature");
const bound = Symbol("bound");

type Signed = GoFunction & { [signature]?: Signature; [bound]?: true };

/**
 * Declares `implementation` as a Go function of the type `type`, such as `func(string, ...any) (string, error)`.
 *
 * The same implementation may be declared with several types; each gives a function of its own.
 */
export function fn(type: string, implementation: Implementation): GoFunction {
  let known = signatures.get(type);
  if (known === undefined) signatures.set(type, known = complete(parseSignature(type)));
  return signed(known, implementation);
}

/** By the types of functions: there are many functions, and few types. */
const signatures = new Map<string, Signature>();

/** As {@link fn}, with the signature in parts; `any` is understood. */
export function typed(
  parts: Partial<Signature> & Pick<Signature, "params">,
  implementation: Implementation,
): GoFunction {
  return signed(complete(parts), implementation);
}

function signed(type: Signature, implementation: Implementation): GoFunction {
  const free = (implementation as Signed)[signature] === undefined;
  const f: Signed = free ? implementation : (...args) => implementation(...args);
  f[signature] = type;
  return f;
}

function complete(parts: Partial<Signature> & Pick<Signature, "params">): Signature {
  return {
    params: parts.params.map(canonicalType),
    ...(parts.variadic === undefined ? {} : { variadic: canonicalType(parts.variadic) }),
    returns: canonicalType(parts.returns ?? "any"),
    fails: parts.fails ?? false,
    ...(parts.results === undefined ? {} : { results: parts.results }),
  };
}

/**
 * Declares a function that each rendering brings itself, such as `include`: a template may call it, and each
 * `Execution` says what that means. One with an implementation has that where an execution says nothing.
 */
export function late(type: string, implementation: Implementation = unbound): GoFunction {
  const declared: Signed = fn(type, (...args) => implementation(...args));
  declared[bound] = true;
  return declared;
}

const unbound = (): never => {
  throw new Error("the function is bound to no rendering");
};

/** Whether the function was declared by {@link late}. */
export function isLate(f: GoFunction): boolean {
  return (f as Signed)[bound] === true;
}

/** The signature a function was declared with. */
export function signatureOf(f: GoFunction): Signature | undefined {
  return (f as Signed)[signature];
}

/** Go's name of a function's type, as `%T` prints it: `func(string, ...interface {}) string`. */
export function functionType(f: GoFunction): string {
  const known = signatureOf(f);
  if (known === undefined) return "func(...interface {}) interface {}";
  const params = known.variadic === undefined ? known.params : [...known.params, `...${known.variadic}`];
  return `func(${params.join(", ")}) ${known.fails ? `(${known.returns}, error)` : known.returns}`;
}

function parseSignature(type: string): Signature {
  const close = matchingParenthesis(type, 4);
  if (!type.startsWith("func(") || close < 0) throw new Error(`not the type of a Go function: ${type}`);
  const params = splitTypes(type.slice(5, close));
  const result = type.slice(close + 1).trim().replace(/^\((.*)\)$/, "$1");
  const results = splitTypes(result);
  const [returns = "any", second] = results;
  const fails = second === "error";
  const last = params.at(-1);
  if (last?.startsWith("...")) return { params: params.slice(0, -1), variadic: last.slice(3), returns, fails };
  const callable = results.length < 2 || (fails && results.length === 2);
  return callable ? { params, returns, fails } : { params, returns, results };
}

function matchingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return -1;
}

function splitTypes(list: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const c = list[i];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth--;
    else if (i === list.length || (c === "," && depth === 0)) {
      const type = list.slice(start, i).trim();
      if (type !== "") types.push(type);
      start = i + 1;
    }
  }
  return types;
}

/** Spells a type as `%T` does: `any` becomes `interface {}`, `byte` becomes `uint8`. */
export function canonicalType(type: string): string {
  return type.replace(/\bany\b|\binterface\{\}/g, "interface {}").replace(/\bbyte\b/g, "uint8");
}

const integers = new Set<string>([
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
]);

/** Whether the type is one of Go's integers. */
export function isIntType(type: string): type is IntKind {
  return integers.has(type);
}

/** Go's `canBeNil`: whether nil may be passed for a parameter of the type. */
export function canBeNil(type: string): boolean {
  return type === "interface {}" || type === "reflect.Value" || type === "error" || type.startsWith("map[") ||
    type.startsWith("[]") || type.startsWith("*") || type.startsWith("func(");
}

/** Go's nil []byte. */
export const nilBytes = new Uint8Array();

/** What an implementation gets where Go passes the nil of a type. */
export function nilOf(type: string): GoValue {
  if (type.startsWith("map[")) return new NilMap(type);
  if (type === "[]uint8") return nilBytes;
  if (type.startsWith("[]")) return nilSlice(type.slice(2));
  return null;
}

/** A test of whether a value, which is not nil, can be assigned to the type. */
export function assignableTo(type: string): (value: GoValue) => boolean {
  if (isIntType(type)) return (value) => value instanceof Int && value.kind === type;
  switch (type) {
    case "interface {}":
    case "reflect.Value":
      return () => true;
    case "string":
      return (value) => typeof value === "string";
    case "bool":
      return (value) => typeof value === "boolean";
    case "float64":
      return (value) => typeof value === "number";
    case "[]interface {}":
      return (value) => isList(value) && (!(value instanceof TypedList) || value.element === "interface {}");
    case "[]uint8":
      return (value) => value instanceof Uint8Array;
    case "map[string]interface {}":
      return isStringMap;
    case "fmt.Stringer":
      return (value) => value instanceof GoObject && value.toString !== Object.prototype.toString;
  }
  return (value) => value !== null && typeName(value) === type;
}

/** map[string]any itself, and types with a name of their own over it such as Helm's `common.Values`. */
function isStringMap(value: GoValue): boolean {
  if (!(value instanceof Map)) return false;
  return !(value instanceof TypedMap) || !value.type.startsWith("map[") || value.type === "map[string]interface {}";
}

/** Whether the value is nil: without a type, or the nil slice, map or bytes of a type. */
export function isNil(value: GoValue): boolean {
  return value === null || value === nilBytes || value instanceof NilMap ||
    ((value instanceof TypedList || value instanceof GoObject) && value.isNil);
}

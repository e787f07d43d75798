/** What the tests of templates have in common: a dot, a few functions, and a way to run one template. */
import { fn } from "../../src/template/signature.ts";
import { TemplateSet } from "../../src/template/template.ts";
import { fromJson, type GoValue, Int, int64, type Json, strings } from "../../src/template/value.ts";

/** A test's template, and its output or, after `error: `, its error. */
export type Case = readonly [template: string, want: string];

/** JSON as chart values have it: every number is a float64. */
export function values(json: Json): GoValue {
  if (typeof json === "number") return json;
  if (json === null || typeof json !== "object") return fromJson(json);
  if (Array.isArray(json)) return json.map(values);
  return new Map(Object.entries(json).map(([key, value]) => [key, values(value)]));
}

/** The dot of the table-driven tests. */
export const dot: Json = {
  s: "hello",
  n: 5,
  f: 1.5,
  neg: -3,
  big: 1000000,
  t: true,
  fa: false,
  nil: null,
  e: "",
  z: 0,
  l: [1, "a", null, { x: 1 }],
  el: [],
  m: { b: 1, a: "x", c: { d: { e: "deep" } } },
  em: {},
  lm: [{ a: 1 }, { a: "x" }, { b: null }],
  u: "héllo ☃ 𝒳",
  html: `<a href="x">'&</a>`,
};

const upper = fn("func(string) string", (text: string) => text.toUpperCase());

/** Functions with Go signatures, in the likeness of Sprig's. */
export const functions = {
  upper,
  trunc: fn("func(int, string) string", (length: Int, text: string) => text.slice(0, Number(length.value))),
  splitList: fn("func(string, string) []string", (mark: string, text: string) => strings(text.split(mark))),
  list: fn("func(...any) []any", (...items: GoValue[]) => items),
  dict: fn("func(...any) map[string]any", (...items: GoValue[]) => {
    const map = new Map<string, GoValue>();
    for (let i = 0; i < items.length; i += 2) map.set(String(items[i]), items[i + 1] ?? "");
    return map;
  }),
  hasKey: fn("func(map[string]any, string) bool", (map: Map<string, GoValue>, key: string) => map.has(key)),
  int64: fn("func(any) int64", (value: number | Int) => int64(value instanceof Int ? value.value : value)),
  default: fn("func(any, ...any) any", (otherwise: GoValue, given: GoValue = null) => given || otherwise),
  fail: fn("func(string) (string, error)", (message: string) => {
    throw new Error(message);
  }),
};

/** The template's output, or `error: ` and the error's message. */
export function run(text: string, json: Json = dot): string {
  try {
    const set = new TemplateSet({ name: "t", functions });
    return set.execute(set.parse("t", text), values(json));
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

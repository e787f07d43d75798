/** What crosses between a rendering's worker thread and the main one: structured cloning keeps data, not classes. */
import type { LookupQuery, Rendered, RenderInput } from "../render/release-facts.ts";
import type { RenderError } from "../render/render-error.ts";
import { type GoValue, Int, type IntKind, isList, isMap } from "../template/value.ts";

/** What the worker is given. */
export type WorkerInput = Omit<RenderInput, "values" | "lookups" | "warn"> & {
  readonly values: Portable;
  readonly lookups: Portable | "empty";
};

/** What the worker answers. The chart with its dependencies processed stays behind: it is large, and soon made. */
export type WorkerAnswer =
  | { readonly kind: "rendered"; readonly rendered: Omit<Rendered, "chart">; readonly milliseconds: number }
  | { readonly kind: "lookup"; readonly query: LookupQuery }
  | { readonly kind: "schema"; readonly url: string }
  | { readonly kind: "failed"; readonly message: string; readonly stage: RenderError["stage"] }
  | { readonly kind: "late"; readonly message: string };

/** What a worker needs to render within `timeout` milliseconds. Its warnings are not heard. */
export function workerInput({ warn: _, values, lookups, ...input }: RenderInput, timeout: number): WorkerInput {
  return {
    ...input,
    values: portable(values),
    lookups: lookups === "empty" ? lookups : portable(new Map(lookups)),
    limits: { ...input.limits, deadline: timeout },
  };
}

/** A Go value of maps, lists, scalars and integers, as structured cloning keeps it. */
export type Portable =
  | null
  | boolean
  | number
  | string
  | { readonly int: bigint; readonly kind: IntKind }
  | readonly Portable[]
  | ReadonlyMap<string, Portable>;

function portable(value: GoValue): Portable {
  if (value instanceof Int) return { int: value.value, kind: value.kind };
  if (isMap(value)) return new Map([...value].map(([key, item]) => [key, portable(item)]));
  return isList(value) ? value.map(portable) : value as Portable;
}

/** What {@link portable} was given. */
export function unpacked(value: Portable): GoValue {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, unpacked(item)]));
  if (Array.isArray(value)) return value.map(unpacked);
  if (value === null || typeof value !== "object") return value;
  const { int, kind } = value as { int: bigint; kind: IntKind };
  return new Int(int, kind);
}

/** `typedOverrideValues` of a watch: chart values that win over a custom resource's and keep their YAML types. */
import { Int, isMap, type Json } from "../template/value.ts";
import { expandOverride, type OverrideContext } from "./override-values.ts";

/** A string whose template fails. `path` leads to it. */
export class TypedOverrideError extends Error {
  override readonly name = "TypedOverrideError";
  constructor(message: string, readonly path: ReadonlyArray<string | number>) {
    super(message);
  }
}

/**
 * The values as JSON. In strings the environment's variables are put in and templates with Sprig's functions are
 * evaluated, as in `overrideValues`; what comes of it is a string, and keys stay as they are. Throws
 * {@link TypedOverrideError}.
 */
export function expandTyped(
  value: unknown,
  context: OverrideContext,
  path: ReadonlyArray<string | number> = [],
): Json {
  if (isMap(value as never)) {
    const entries = [...value as Map<string, unknown>];
    return Object.fromEntries(entries.map(([key, each]) => [key, expandTyped(each, context, [...path, key])]));
  }
  if (Array.isArray(value)) return value.map((each, index) => expandTyped(each, context, [...path, index]));
  if (value instanceof Int) return Number(value.value);
  if (typeof value !== "string") return value as Json;
  try {
    return expandOverride(path.join("."), value, context);
  } catch (error) {
    throw new TypedOverrideError((error as Error).message, path);
  }
}

/** The tops of the values with what stands for each in an event: it may be a secret of the environment. */
export function shownOverrides(values: { readonly [key: string]: Json }): Map<string, string> {
  return new Map(Object.keys(values).map((key) => [key, "****"]));
}

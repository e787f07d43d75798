/** The values that a custom resource gives its chart. */
import type { KubeObject } from "../kube/object.ts";
import { fromJson, type GoMap, type Json } from "../template/value.ts";

type Values = { readonly [key: string]: Json };

/** The `spec` as values; no spec is no values. Undefined when it is no map. */
export function specValues(cr: KubeObject): Values | undefined {
  const spec = cr.spec ?? {};
  return isTable(spec) ? spec : undefined;
}

/** `over` over `base`: maps are merged deeply, everything else is replaced. Neither is changed. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const present = Object.hasOwn(merged, key) ? merged[key] : null;
    merged[key] = isTable(present) && isTable(value) ? mergeValues(present, value) as Json : value;
  }
  return merged;
}

/** As Go values: Kubernetes decodes whole numbers as int64. */
export function goValues(values: Values): GoMap {
  return fromJson(values as Json) as GoMap;
}

function isTable(json: unknown): json is { [key: string]: Json } {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

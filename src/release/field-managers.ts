/**
 * Handing the fields that a client applied on its own side over to server-side apply, so that a field which leaves the
 * chart leaves the object too (client-go's csaupgrade).
 */
import type { KubeObject, ManagedFieldsEntry } from "../kube/object.ts";
import type { Json } from "../template/value.ts";
import { chartLabel } from "./ownership.ts";

/**
 * A JSON patch that hands the fields over; null when there is nothing to do. Fails on a changed object (409).
 *
 * Former clients are those named, and whoever set operator-sdk's label: the Go operator goes by its executable's name,
 * which people choose.
 */
export function migrationPatch(
  live: KubeObject,
  former: ReadonlyArray<string>,
  manager: string,
): ReadonlyArray<{ op: string; path: string; value: unknown }> | null {
  const entries = live.metadata.managedFields ?? [];
  const isFormer = (entry: ManagedFieldsEntry) =>
    entry.operation === "Update" && !entry.subresource &&
    (former.includes(entry.manager ?? "") || setsChartLabel(entry));
  const handed = entries.filter(isFormer);
  if (handed.length === 0) return null;
  const isOwn = (entry: ManagedFieldsEntry) =>
    entry.operation === "Apply" && !entry.subresource && entry.manager === manager;
  const own = entries.find(isOwn);
  const base = own ?? { ...handed[0], manager, operation: "Apply" as const };
  const fieldsV1 = handed.reduce<Json>((fields, entry) => union(fields, entry.fieldsV1 ?? {}), base.fieldsV1 ?? {});
  const rest = entries.filter((entry) => !isFormer(entry) && entry !== own);
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...rest, { ...base, fieldsV1 }] },
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ];
}

/** kubectl names itself after what it was used for, and writes a person's wishes. */
function setsChartLabel({ manager = "", fieldsV1 }: ManagedFieldsEntry): boolean {
  const { "f:metadata": metadata } = fieldsV1 as { "f:metadata"?: { "f:labels"?: Record<string, Json> } } ?? {};
  return metadata?.["f:labels"]?.[`f:${chartLabel}`] !== undefined && !manager.startsWith("kubectl");
}

function union(one: Json, other: Json): Json {
  if (!isTable(one) || !isTable(other)) return one;
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) result[key] = key in result ? union(result[key], value) : value;
  return result;
}

function isTable(json: Json): json is { [key: string]: Json } {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

/** What differs between what was applied and what is there. */
import type { Json } from "../template/value.ts";

/**
 * Whether all of `wanted` is in `live`: maps may have more keys, lists may not have more items. Null asks for nothing,
 * and the API server leaves out what is empty or zero. It writes some values in its own way (`1000m` becomes `1`); then
 * the answer is false, and applying again changes nothing.
 */
export function contains(live: Json | undefined, wanted: Json): boolean {
  if (wanted === null) return true;
  if (live === undefined) return isZero(wanted);
  if (typeof wanted !== "object") return live === wanted;
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && live.length === wanted.length &&
      wanted.every((item, index) => contains(live[index], item));
  }
  if (live === null || typeof live !== "object" || Array.isArray(live)) return false;
  return Object.entries(wanted).every(([key, value]) =>
    contains(Object.hasOwn(live, key) ? live[key] : undefined, value)
  );
}

function isZero(json: Json): boolean {
  if (json === null || typeof json !== "object") return !json;
  return Object.values(json).every((value) => value === null || isZero(value));
}

/** JSON pointers of the fields that differ, without what the API server keeps for itself, sorted. */
export function changedFields(before: Json, after: Json): string[] {
  const fields: string[] = [];
  collect(before, after, "", fields);
  return fields.filter((field) => !ignored.some((path) => field === path || field.startsWith(`${path}/`))).sort();
}

const ignored = ["/metadata/managedFields", "/metadata/resourceVersion", "/metadata/generation", "/status"];

function collect(before: Json | undefined, after: Json | undefined, path: string, fields: string[]): void {
  if (before === after) return;
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    fields.push(path);
    return;
  }
  const [one, other] = [before as { [key: string]: Json }, after as { [key: string]: Json }];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    collect(one[key], other[key], `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, fields);
  }
}

function isContainer(json: Json | undefined): json is Json[] | { [key: string]: Json } {
  return json !== null && typeof json === "object";
}

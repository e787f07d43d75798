/** The release record as Helm's drivers write it: base64 of gzip of JSON. */
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import type { HookRecord, ReleaseInfo, ReleaseRecord } from "./record.ts";

const recordFields = [
  "name",
  "info",
  "chart",
  "config",
  "manifest",
  "hooks",
  "version",
  "namespace",
  "apply_method",
  "helmwright",
];
const infoFields = [
  "first_deployed",
  "last_deployed",
  "deleted",
  "description",
  "status",
  "rollback_revision",
  "notes",
];
const hookFields = [
  "name",
  "kind",
  "path",
  "manifest",
  "events",
  "last_run",
  "weight",
  "delete_policies",
  "output_log_policies",
];

/**
 * The record's JSON in the order of Helm's struct, unknown fields last. Go's encoder leaves empty fields out
 * (`omitempty`) and so does this.
 */
export function recordToJson(record: ReleaseRecord): string {
  const { labels: _, resourceVersion: __, ...stored } = record;
  const json = ordered(stored, recordFields);
  json.info = ordered(record.info, infoFields);
  if (record.hooks !== undefined && record.hooks.length > 0) {
    json.hooks = record.hooks.map((hook) => ordered(hook, hookFields));
  }
  return JSON.stringify(json);
}

/** Reads what {@link recordToJson} or Helm wrote. Times that old Helm versions stored as "" are dropped. */
export function recordFromJson(text: string): ReleaseRecord {
  const json = JSON.parse(text);
  if (json === null || typeof json !== "object" || Array.isArray(json) || typeof json.name !== "string") {
    throw new SyntaxError("it holds no release");
  }
  const info: ReleaseInfo = json.info ?? {};
  for (const time of ["first_deployed", "last_deployed", "deleted"]) if (info[time] === "") delete info[time];
  for (const hook of (json.hooks ?? []) as HookRecord[]) {
    hook.last_run ??= { phase: "" };
    for (const time of ["started_at", "completed_at"]) if (hook.last_run[time] === "") delete hook.last_run[time];
  }
  return { ...json, info, version: json.version ?? 0, namespace: json.namespace ?? "" };
}

/** The record as bytes: gzip of its JSON, without base64. */
export function compressRecord(record: ReleaseRecord): Uint8Array {
  return gzipSync(recordToJson(record), { level: 9 });
}

/** Reads {@link compressRecord}'s bytes, or plain JSON, which Helm stored before it compressed. Throws on anything else. */
export function decompressRecord(bytes: Uint8Array): ReleaseRecord {
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
  return recordFromJson(new TextDecoder().decode(compressed ? gunzipSync(bytes) : bytes));
}

/** What stands in a Secret's or ConfigMap's `release` key, before the API's own base64. */
export function encodeRecord(record: ReleaseRecord): string {
  return Buffer.from(compressRecord(record)).toString("base64");
}

/** Reads {@link encodeRecord}'s text. Throws when it is no record. */
export function decodeRecord(text: string): ReleaseRecord {
  return decompressRecord(Buffer.from(text, "base64"));
}

/** Known fields first and without the empty ones; unknown ones as they are. */
function ordered(object: object, known: readonly string[]): Record<string, unknown> {
  const { ...rest } = object as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const key of known) {
    if (!isEmpty(rest[key])) result[key] = rest[key];
    delete rest[key];
  }
  return { ...result, ...rest };
}

/** What Go's `omitempty` leaves out. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The labels that Helm's drivers put on a record's object, which queries select by. */
import type { ReleaseRecord, ReleaseStatus } from "./record.ts";
import type { ReleaseKey } from "./storage.ts";

const system = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt", "key", "type"]);

/** `sh.helm.release.v1.web.v3`. */
export function recordKey(name: string, version: number): string {
  return `sh.helm.release.v1.${name}.v${version}`;
}

/** Helm's own labels and the record's; `stamp` is `createdAt` or `modifiedAt`, whose value is in seconds. */
export function recordLabels(
  record: ReleaseRecord,
  stamp: "createdAt" | "modifiedAt",
  now: number,
): Record<string, string> {
  return {
    ...record.labels,
    name: record.name,
    owner: "helm",
    status: record.info.status ?? "unknown",
    version: String(record.version),
    [stamp]: String(Math.floor(now / 1000)),
  };
}

/** The labels that are the user's: those that no driver sets. */
export function userLabels(labels: Record<string, string> | undefined): Record<string, string> | undefined {
  const own = Object.entries(labels ?? {}).filter(([key]) => !system.has(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** Selects all revisions of a release. */
export function historySelector(release: ReleaseKey): string {
  return `name=${release.name},owner=helm`;
}

/** Revision and status as the labels tell them; null for an object that is no record. */
export function readLabels(
  labels: Record<string, string> | undefined,
): { readonly version: number; readonly status: ReleaseStatus } | null {
  const version = Number(labels?.version);
  if (!Number.isSafeInteger(version) || version < 1) return null;
  return { version, status: (labels?.status ?? "unknown") as ReleaseStatus };
}

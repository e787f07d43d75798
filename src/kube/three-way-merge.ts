/**
 * The three-way merge with which Helm 3 and kubectl's client-side apply change an object: what the earlier manifest had
 * and the new one has not goes, what the new one has is set, and the rest of the live object stays. Lists of Kubernetes'
 * own kinds that have a merge key are merged item by item, all others are replaced. Pure.
 */
import { parseApiVersion } from "./object.ts";

/** Any object of JSON. */
type Table = { readonly [key: string]: unknown };

/**
 * The live object as it is to become. A kind that is not Kubernetes' own has no merge keys, and like Helm this heeds its
 * earlier manifest only for maps.
 */
export function threeWayMerge(earlier: Table, wanted: Table, live: Table): Table {
  const { group } = parseApiVersion(String(wanted.apiVersion ?? ""));
  const isBuiltIn = !group.includes(".") || group.endsWith(".k8s.io");
  return mergeTables(earlier, wanted, live, isBuiltIn ? String(wanted.kind ?? "") : null, "");
}

/** A JSON merge patch (RFC 7386) that makes the one object the other; null when they are equal. */
export function mergePatch(from: unknown, to: unknown): Table | null {
  if (!isTable(from) || !isTable(to)) return null;
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (!Object.hasOwn(to, key)) patch[key] = null;
    else if (isTable(from[key]) && isTable(to[key])) {
      const inner = mergePatch(from[key], to[key]);
      if (inner !== null) patch[key] = inner;
    } else if (!isEqual(from[key], to[key])) patch[key] = to[key];
  }
  return Object.keys(patch).length === 0 ? null : patch;
}

function mergeTables(earlier: Table, wanted: Table, live: Table, kind: string | null, parent: string): Table {
  const merged: Record<string, unknown> = { ...live };
  for (const key of Object.keys(earlier)) if (!Object.hasOwn(wanted, key) || wanted[key] === null) delete merged[key];
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeValue(earlier[key], value, live[key], kind, parent, key);
  }
  return merged;
}

function mergeValue(
  earlier: unknown,
  wanted: unknown,
  live: unknown,
  kind: string | null,
  parent: string,
  field: string,
): unknown {
  if (isTable(wanted)) {
    return isTable(live)
      ? mergeTables(isTable(earlier) ? earlier : {}, wanted, live, kind, field)
      : withoutNulls(wanted);
  }
  if (!Array.isArray(wanted) || !Array.isArray(live) || kind === null) return wanted;
  const before = Array.isArray(earlier) ? earlier : [];
  if (field === "finalizers") return mergeSets(before, wanted, live);
  const key = mergeKey(kind, parent, field);
  return key === undefined ? wanted : mergeLists(before, wanted, live, key, kind, field);
}

/** Items of the new manifest in its order, then those of others. */
function mergeLists(
  earlier: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<unknown>,
  live: ReadonlyArray<unknown>,
  key: string,
  kind: string,
  field: string,
): unknown[] {
  const keyOf = (item: unknown) => isTable(item) ? JSON.stringify(item[key]) : undefined;
  const find = (list: ReadonlyArray<unknown>, item: unknown) => list.find((each) => keyOf(each) === keyOf(item));
  const merged = wanted.map((item) => mergeValue(find(earlier, item), item, find(live, item), kind, field, ""));
  const others = live.filter((item) => find(wanted, item) === undefined && find(earlier, item) === undefined);
  return [...merged, ...others];
}

function mergeSets(earlier: ReadonlyArray<unknown>, wanted: ReadonlyArray<unknown>, live: ReadonlyArray<unknown>) {
  return [...wanted, ...live.filter((item) => !wanted.includes(item) && !earlier.includes(item))];
}

/** By field; Kubernetes' types say so in their `patchMergeKey` tags. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  imagePullSecrets: "name",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  schedulingGates: "name",
  resourceClaims: "name",
  ownerReferences: "uid",
  webhooks: "name",
  validations: "name",
  conditions: "type",
  taints: "key",
};

function mergeKey(kind: string, parent: string, field: string): string | undefined {
  if (field === "ports") {
    if (parent === "containers" || parent === "initContainers" || parent === "ephemeralContainers") {
      return "containerPort";
    }
    return kind === "Service" && parent === "spec" ? "port" : undefined;
  }
  if (field === "secrets") return kind === "ServiceAccount" ? "name" : undefined;
  return Object.hasOwn(mergeKeys, field) ? mergeKeys[field] : undefined;
}

/** Null asks for a field to be absent. */
function withoutNulls(value: unknown): unknown {
  if (!isTable(value)) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each)]));
}

function isTable(value: unknown): value is Table {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  }
  if (!isTable(one) || !isTable(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
}

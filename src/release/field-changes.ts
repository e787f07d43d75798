/** What differs between two states of an object, for people to read. */
import type { KubeObject } from "../kube/object.ts";
import type { Json } from "../template/value.ts";
import { mask } from "./mask.ts";

/** A field that differs. `before` is absent for a field that is new, `after` for one that goes. */
export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image`, `metadata.labels["app.kubernetes.io/name"]`. */
  readonly field: string;
  readonly before?: Json;
  readonly after?: Json;
  /** The values are secret: `***` stands for each. */
  readonly masked?: boolean;
}

/** What the API server keeps for itself. */
const ignored = new Set([
  "status",
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.uid",
  "metadata.creationTimestamp",
]);

/** In a Secret, these hold or repeat its values. */
const secretMaps = ["data", "stringData"];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The fields that differ, in the objects' order. Items of lists are matched by their `name` where all have one of their
 * own, else by their place. A Secret's values are masked.
 */
export function fieldChanges(before: KubeObject, after: KubeObject): FieldChange[] {
  const changes: FieldChange[] = [];
  if (before.kind === "Secret" || after.kind === "Secret") {
    for (const map of secretMaps) changes.push(...secretChanges(map, before[map], after[map]));
    collect(withoutSecrets(before), withoutSecrets(after), "", changes);
  } else collect(before as unknown as Json, after as unknown as Json, "", changes);
  return changes;
}

/** The change with `***` for what it has of values. */
export function masked({ field, before, after }: FieldChange): FieldChange {
  return {
    field,
    ...(before === undefined ? {} : { before: mask }),
    ...(after === undefined ? {} : { after: mask }),
    masked: true,
  };
}

function secretChanges(map: string, before: unknown, after: unknown): FieldChange[] {
  const changes: FieldChange[] = [];
  collect(isTable(before) ? before : {}, isTable(after) ? after : {}, map, changes);
  return changes.map(masked);
}

function withoutSecrets(object: KubeObject): Json {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {};
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !secretMaps.includes(key)));
  return { ...rest, metadata: { ...object.metadata, annotations } } as unknown as Json;
}

function collect(before: Json | undefined, after: Json | undefined, path: string, changes: FieldChange[]): void {
  if (before === after || ignored.has(path)) return;
  if (isTable(before) && isTable(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      collect(own(before, key), own(after, key), join(path, key), changes);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) collectItems(before, after, path, changes);
  else {
    changes.push({
      field: path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
}

function collectItems(before: Json[], after: Json[], path: string, changes: FieldChange[]): void {
  const [one, other] = [byName(before), byName(after)];
  if (one !== null && other !== null) {
    for (const name of new Set([...one.keys(), ...other.keys()])) {
      collect(one.get(name), other.get(name), `${path}[name=${name}]`, changes);
    }
    return;
  }
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    collect(before[i], after[i], `${path}[${i}]`, changes);
  }
}

/** The items by their names; null when one has none, or two have the same. */
function byName(items: Json[]): Map<string, Json> | null {
  const named = new Map<string, Json>();
  for (const item of items) {
    if (!isTable(item) || typeof item.name !== "string" || named.has(item.name)) return null;
    named.set(item.name, item);
  }
  return named;
}

function own(table: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][-\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isTable(json: unknown): json is { [key: string]: Json } {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

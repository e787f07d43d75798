/** The shapes of Kubernetes' objects, as far as Helmwright looks into them. */
import type { Json } from "../template/value.ts";

/** Group, version and kind; the core group is "". */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: "Apply" | "Update";
  apiVersion?: string;
  fieldsType?: string;
  fieldsV1?: Json;
  subresource?: string;
  time?: string;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** Any object: what an API server returns, and what a manifest holds. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // deno-lint-ignore no-explicit-any
  [field: string]: any;
}

/** A list as the API server returns it. */
export interface KubeList {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: KubeObject[];
}

/** `apps/v1` to group and version; `v1` has the core group. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Group and version to `apps/v1`, or `v1` for the core group. */
export function formatApiVersion(gvk: { group: string; version: string }): string {
  return gvk.group === "" ? gvk.version : `${gvk.group}/${gvk.version}`;
}

export function gvkOf(object: { apiVersion: string; kind: string }): Gvk {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind };
}

/** `apps/v1/Deployment web/front`, for messages and keys. */
export function describe(object: { apiVersion: string; kind: string; metadata: ObjectMeta }): string {
  const { namespace, name, generateName } = object.metadata;
  const id = name ?? `${generateName ?? ""}*`;
  return `${object.apiVersion}/${object.kind} ${namespace ? `${namespace}/` : ""}${id}`;
}

/** How an object tells which release and which custom resource it belongs to. */
import { type KubeObject, type OwnerReference, parseApiVersion } from "../kube/object.ts";
import type { ReleaseKey } from "../storage/storage.ts";

/** operator-sdk's label with the chart's name; dependents are watched by it. */
export const chartLabel = "helm.sdk.operatorframework.io/chart";
/** `namespace/name` and `Kind.group` of the custom resource, where an owner reference is not allowed. */
export const primaryAnnotation = "operator-sdk/primary-resource";
export const primaryTypeAnnotation = "operator-sdk/primary-resource-type";

const managedByLabel = "app.kubernetes.io/managed-by";
const releaseNameAnnotation = "meta.helm.sh/release-name";
const releaseNamespaceAnnotation = "meta.helm.sh/release-namespace";
const policyAnnotation = "helm.sh/resource-policy";

const marks = [
  "/metadata/ownerReferences",
  ...[chartLabel, managedByLabel].map((label) => `/metadata/labels/${label.replace("/", "~1")}`),
  ...[primaryAnnotation, primaryTypeAnnotation, releaseNameAnnotation, releaseNamespaceAnnotation]
    .map((annotation) => `/metadata/annotations/${annotation.replace("/", "~1")}`),
];

/** Whether a JSON pointer leads to what {@link withOwner} sets. An object without labels gets them as one field. */
export function isMark(pointer: string): boolean {
  return marks.some((mark) => mark.startsWith(pointer) || pointer.startsWith(mark));
}

/** Who owns the objects of a release. */
export interface Owner {
  readonly release: ReleaseKey;
  readonly cr: KubeObject;
}

/** The controller reference to a custom resource; undefined when it has no uid, as in a dry run. */
export function ownerReference(cr: KubeObject): OwnerReference | undefined {
  const { name, uid } = cr.metadata;
  if (name === undefined || uid === undefined) return undefined;
  return { apiVersion: cr.apiVersion, kind: cr.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The object as it is sent to the API server: with the chart's label, and with an owner reference or, where Kubernetes
 * does not allow one or the object `outlives` its release, with operator-sdk's annotations. `managed` adds what Helm puts
 * on a release's objects, though not on hooks and on what lies in crds/.
 */
export function withOwner(
  object: KubeObject,
  { release, cr }: Owner,
  chartName: string,
  { managed, outlives }: { readonly managed: boolean; readonly outlives: boolean },
): KubeObject {
  const labels: Record<string, string> = { ...object.metadata.labels, [chartLabel]: chartName };
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  if (managed) {
    labels[managedByLabel] = "Helm";
    annotations[releaseNameAnnotation] = release.name;
    annotations[releaseNamespaceAnnotation] = release.namespace;
  }
  const metadata = { ...object.metadata, labels };
  const reference = ownerReference(cr);
  if (reference !== undefined && allowsReference(cr, object) && !outlives && !isKept(object)) {
    metadata.ownerReferences = [reference];
  } else {
    annotations[primaryAnnotation] = `${cr.metadata.namespace ?? ""}/${cr.metadata.name}`;
    annotations[primaryTypeAnnotation] = primaryType(cr);
  }
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  return { ...object, metadata };
}

/** A cluster-scoped owner may own everything, a namespaced one what is in its namespace. */
function allowsReference(cr: KubeObject, object: KubeObject): boolean {
  return !cr.metadata.namespace || cr.metadata.namespace === object.metadata.namespace;
}

function primaryType(cr: KubeObject): string {
  const { group } = parseApiVersion(cr.apiVersion);
  return group === "" ? cr.kind : `${cr.kind}.${group}`;
}

/** Whether `helm.sh/resource-policy: keep` lets the object outlive its release. */
export function isKept(object: KubeObject): boolean {
  return String(object.metadata.annotations?.[policyAnnotation] ?? "").trim().toLowerCase() === "keep";
}

/**
 * Why a live object is not the release's, in Helm's words; null when it is. What the custom resource owns counts as the
 * release's too: operator-sdk makes lost objects anew without Helm's label and annotations.
 */
export function foreign(live: KubeObject, { release, cr }: Owner): string | null {
  const { labels, annotations, ownerReferences } = live.metadata;
  if (cr.metadata.uid !== undefined && ownerReferences?.some((reference) => reference.uid === cr.metadata.uid)) {
    return null;
  }
  const primary = `${cr.metadata.namespace ?? ""}/${cr.metadata.name}`;
  if (annotations?.[primaryAnnotation] === primary && annotations[primaryTypeAnnotation] === primaryType(cr)) {
    return null;
  }
  const problems = [
    mismatch("label", labels, managedByLabel, "Helm"),
    mismatch("annotation", annotations, releaseNameAnnotation, release.name),
    mismatch("annotation", annotations, releaseNamespaceAnnotation, release.namespace),
  ].filter((problem) => problem !== null);
  return problems.length === 0 ? null : `invalid ownership metadata; ${problems.join("; ")}`;
}

function mismatch(
  what: string,
  actual: Record<string, string> | undefined,
  key: string,
  expected: string,
): string | null {
  const value = actual?.[key];
  if (value === expected) return null;
  return value === undefined
    ? `${what} validation error: missing key "${key}": must be set to "${expected}"`
    : `${what} validation error: key "${key}" must equal "${expected}": current value is "${value}"`;
}

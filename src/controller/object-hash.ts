/** How drift sees an object. */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import { ownedHash } from "../kube/owned-fields.ts";
import { fieldManager } from "../release/session.ts";

/**
 * A hash of the fields that the release applied, with their values, and of what others claim. An object that was never
 * applied on the server's side, such as one that an older operator made, is seen by its {@link contentHash}.
 */
export function driftHash(object: KubeObject): string {
  const owned = ownedHash(object, fieldManager);
  if (owned === undefined) return contentHash(object);
  const claims = claimsOf(object);
  return claims.length === 0 ? owned : digest([owned, ...claims]);
}

/** In whose name a HorizontalPodAutoscaler scales. */
const autoscaler = "kube-controller-manager";

/**
 * Who else applies which fields, and who scales: what the release leaves to them it owns no more, and has to look again
 * when they give it up or somebody else takes it. Not their values, which are theirs to change.
 */
function claimsOf({ metadata: { managedFields = [] }, spec }: KubeObject): string[] {
  return managedFields.flatMap(({ manager, operation, subresource, fieldsV1 }) => {
    // But for the number of whoever scales without being an autoscaler of Kubernetes: that may be drift.
    if (subresource === "scale") return [JSON.stringify([manager, manager === autoscaler ? "" : spec?.replicas])];
    const isOther = operation === "Apply" && !subresource && manager !== fieldManager;
    return isOther ? [JSON.stringify([manager, fieldsV1])] : [];
  }).sort();
}

/** A hash of an object's labels, annotations and owners, and of its generation or, if it has none, of all but its status. */
export function contentHash(object: KubeObject): string {
  const { generation, labels, annotations, ownerReferences } = object.metadata;
  const { status: _, metadata: __, ...content } = object;
  const rest = generation === undefined ? content : generation;
  return digest([rest, labels, annotations, ownerReferences]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}

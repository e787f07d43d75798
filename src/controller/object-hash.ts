/** How drift sees an object. */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import { ownedHash } from "../kube/owned-fields.ts";
import { fieldManager } from "../release/session.ts";

/**
 * A hash of the fields that the release applied, with their values. An object that was never applied on the server's
 * side, such as one that an older operator made, is seen by its {@link contentHash}.
 */
export function driftHash(object: KubeObject): string {
  return ownedHash(object, fieldManager) ?? contentHash(object);
}

/** A hash of an object's labels, annotations and owners, and of its generation or, if it has none, of all but its status. */
export function contentHash(object: KubeObject): string {
  const { generation, labels, annotations, ownerReferences } = object.metadata;
  const { status: _, metadata: __, ...content } = object;
  const rest = generation === undefined ? content : generation;
  return createHash("sha256").update(JSON.stringify([rest, labels, annotations, ownerReferences])).digest("base64url");
}

/** What a watch of custom resources keeps of each, and which changes need a reconcile. Pure. */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import { hasFinalizer } from "./annotations.ts";

/** kubectl's copy of what was applied changes with the rest. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A custom resource reduced to a text that stays the same while nothing changes that concerns its release: its spec,
 * its annotations, whether it is being deleted, and whether the finalizer is on it. Status and labels do not count.
 */
export function fingerprint(cr: KubeObject): string {
  const { uid = "", creationTimestamp = "", deletionTimestamp = "", annotations = {} } = cr.metadata;
  const told = Object.entries(annotations).filter(([name]) => name !== lastApplied).sort();
  const digest = createHash("sha256").update(JSON.stringify([cr.spec, told])).digest("base64").slice(0, 22);
  const parts: Fingerprint = [uid, creationTimestamp, deletionTimestamp, hasFinalizer(cr), digest];
  return JSON.stringify(parts);
}

type Fingerprint = [uid: string, created: string, deleted: string, hasFinalizer: boolean, digest: string];

export interface Verdict {
  readonly needsReconcile: boolean;
  /** What is asked for has changed, so that earlier failures say nothing about the next try. */
  readonly isNew: boolean;
  /** It is being deleted, and was not before. */
  readonly deletionBegan: boolean;
  /** Seconds since 1970. */
  readonly created: number;
}

/** What a change of fingerprint means. The finalizer's coming is the operator's own doing; its going is not. */
export function judgeChange(value: string, previous: string | undefined): Verdict {
  const [uid, created, deleted, finalizer, digest] = JSON.parse(value) as Fingerprint;
  const old = previous === undefined ? undefined : JSON.parse(previous) as Fingerprint;
  const isNew = old === undefined || old[0] !== uid || old[2] !== deleted || old[4] !== digest;
  return {
    needsReconcile: isNew || (old[3] && !finalizer),
    isNew,
    deletionBegan: deleted !== "" && old?.[2] !== deleted,
    created: Date.parse(created) / 1000 || 0,
  };
}

/** `Storage`: where release records are kept, as Helm's storage and its drivers do. */
import { Context, Data, type Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { OwnerReference } from "../kube/object.ts";
import type { ReleaseRecord, ReleaseStatus } from "./record.ts";

/** A record that cannot be read or written, apart from what the API server answers. */
export class StorageError extends Data.TaggedError("StorageError")<{
  /** `sh.helm.release.v1.web.v3`. */
  readonly key: string;
  readonly detail: string;
}> {
  override get message(): string {
    return `Cannot use the release record "${this.key}": ${this.detail}`;
  }
}

/** A revision of that number exists already: another writer was faster. */
export class ReleaseExists extends Data.TaggedError("ReleaseExists")<{ readonly key: string }> {
  override get message(): string {
    return `release: already exists: ${this.key}`;
  }
}

/** The revision was written or deleted since it was read: another operator, or `helm`, works on the release. */
export class ReleaseTaken extends Data.TaggedError("ReleaseTaken")<{ readonly key: string }> {
  override get message(): string {
    return `another operation works on the release: "${this.key}" was written meanwhile`;
  }
}

export type StorageFailure = StorageError | ReleaseExists | ReleaseTaken | KubeError;

export interface ReleaseKey {
  readonly namespace: string;
  readonly name: string;
}

/** A revision as its object's labels tell it, without its content. */
export interface Revision {
  readonly version: number;
  readonly status: ReleaseStatus;
  /** Of its object: another one means that it was written since. */
  readonly resourceVersion?: string;
}

export class Storage extends Context.Service<Storage, {
  /** All revisions of a release, the oldest first; empty when there is none. */
  readonly history: (release: ReleaseKey) => Effect.Effect<ReadonlyArray<ReleaseRecord>, StorageFailure>;
  /** Revision numbers and statuses, the oldest first: one request that moves no record's content. */
  readonly revisions: (release: ReleaseKey) => Effect.Effect<ReadonlyArray<Revision>, KubeError>;
  /** One revision; null when it is not there. */
  readonly get: (release: ReleaseKey, version: number) => Effect.Effect<ReleaseRecord | null, StorageFailure>;
  /**
   * Fails with ReleaseExists when the revision is there. `owner` becomes the record's owner reference. Gives the record
   * with its resourceVersion, as `update` does.
   */
  readonly create: (record: ReleaseRecord, owner?: OwnerReference) => Effect.Effect<ReleaseRecord, StorageFailure>;
  /**
   * Rewrites a revision, in place; its object keeps its owner. Fails with ReleaseTaken when the revision is not there,
   * or when the record has a resourceVersion that is not the object's any more.
   */
  readonly update: (record: ReleaseRecord) => Effect.Effect<ReleaseRecord, StorageFailure>;
  /** Succeeds when the revision is not there. */
  readonly delete: (release: ReleaseKey, version: number) => Effect.Effect<void, StorageFailure>;
}>()("helmwright/storage/Storage") {}

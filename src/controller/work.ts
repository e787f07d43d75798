/** One reconcile of one custom resource: the resource as it was read, its status as it becomes, and the writes to it. */
import { Clock, Data, Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import { gvkOf, type KubeObject } from "../kube/object.ts";
import { maskManifest } from "../release/mask.ts";
import type { ManagerFailure } from "../release/failure.ts";
import type { ReleaseRecord } from "../release/manager.ts";
import type { PlanStatus } from "../release/plan-text.ts";
import { withFinalizer, withoutFinalizer } from "./annotations.ts";
import {
  type Condition,
  type ConditionType,
  removeCondition,
  sameStatus,
  setCondition,
  setDeployedRelease,
  setPlan,
  type Status,
  statusOf,
  statusPatch,
} from "./status.ts";

/** How much of the manifest `status.deployedRelease` holds: Secrets' data too, with it masked, or nothing. */
export type StatusManifest = "full" | "masked" | "none";

/** A longer manifest is left out of the status, in characters: etcd takes 1.5 MB for a whole object. */
const manifestLimit = 512 * 1024;

/** The reconcile failed and was told of; it is to be tried again. */
export class ReconcileFailed extends Data.TaggedError("ReconcileFailed")<{
  readonly cause: ManagerFailure | KubeError;
}> {
  override get message(): string {
    return this.cause.message;
  }
}

export class Work {
  status: Status;
  #saved: Status;

  constructor(
    private readonly kube: KubeClient["Service"],
    /** As it is in the cluster, as far as this reconcile knows. */
    public cr: KubeObject,
  ) {
    this.status = this.#saved = statusOf(cr);
  }

  set(condition: Condition): Effect.Effect<void> {
    return Effect.map(Clock.currentTimeMillis, (millis) => {
      this.status = setCondition(this.status, condition, new Date(millis));
    });
  }

  /** Takes the condition away; false when there was none. */
  remove(type: ConditionType): boolean {
    const count = this.status.conditions.length;
    this.status = removeCondition(this.status, type);
    return this.status.conditions.length < count;
  }

  /** Puts the release in the status, or takes it away. */
  deployed(release: ReleaseRecord | null, mode: StatusManifest): void {
    if (release === null) this.status = setDeployedRelease(this.status, null);
    else {
      const manifest = manifestFor(release.manifest ?? "", mode);
      const { name } = release;
      this.status = setDeployedRelease(this.status, manifest === null ? { name } : { name, manifest });
    }
  }

  /** Takes away how ready the release is, if Helmwright once said so. */
  withoutReadiness(): void {
    const { resources, observedGeneration } = this.status;
    if (resources === undefined || observedGeneration === undefined) return;
    this.status = { ...this.status, observedGeneration: null, resources: null, resourcesOmitted: null };
    this.remove("Ready");
  }

  /** Puts a plan in the status, or takes it and its condition away. */
  planned(plan: PlanStatus | null): void {
    this.status = setPlan(this.status, plan);
  }

  /** Writes the status if it changed. A resource that is gone needs none. */
  get save(): Effect.Effect<void, KubeError> {
    return this.#save({});
  }

  /** {@link save}, which fails with a conflict when the resource has changed since it was read. */
  get saveUnchanged(): Effect.Effect<void, KubeError> {
    return Effect.suspend(() => this.#save({ metadata: { resourceVersion: this.cr.metadata.resourceVersion } }));
  }

  #save(precondition: object): Effect.Effect<void, KubeError> {
    return Effect.gen({ self: this }, function* () {
      if (sameStatus(this.#saved, this.status)) return;
      const { status } = this;
      const { hasStatus } = yield* this.kube.resource(gvkOf(this.cr));
      const options = hasStatus ? { subresource: "status" } : {};
      // Without a status of its own every write is a new generation: none could ever be the observed one.
      const written = hasStatus ? status : { ...status, observedGeneration: undefined };
      const body = { ...precondition, ...statusPatch(written) };
      yield* this.kube.patch(refOf(this.cr), body, "application/merge-patch+json", options).pipe(
        Effect.catchIf(isGone, () => Effect.void),
      );
      this.#saved = status;
    });
  }

  /** Adds the finalizer, so that the resource stays until its release is uninstalled. */
  get addFinalizer(): Effect.Effect<void, KubeError> {
    return this.#setFinalizers(withFinalizer);
  }

  /** Removes the finalizer; a resource that was deleted goes with it. */
  get removeFinalizer(): Effect.Effect<void, KubeError> {
    return this.#setFinalizers(withoutFinalizer);
  }

  /** Only over the version that was read: another controller's finalizer must not get lost. */
  #setFinalizers(change: (cr: KubeObject) => string[]): Effect.Effect<void, KubeError> {
    const attempt = Effect.gen({ self: this }, function* () {
      const { resourceVersion } = this.cr.metadata;
      const body = { metadata: { resourceVersion, finalizers: change(this.cr) } };
      this.cr = yield* this.kube.patch(refOf(this.cr), body, "application/merge-patch+json");
    });
    const readAgain = Effect.gen({ self: this }, function* () {
      const cr = yield* this.kube.get(refOf(this.cr));
      if (cr !== null) this.cr = cr;
    });
    return attempt.pipe(
      Effect.tapError((error) => isConflict(error) ? readAgain : Effect.void),
      Effect.retry({ times: 5, while: isConflict }),
      Effect.catchIf(isGone, () => Effect.void),
    );
  }
}

function manifestFor(manifest: string, mode: StatusManifest): string | null {
  if (mode === "none") return null;
  const text = mode === "full" ? manifest : maskManifest(manifest);
  return text.length > manifestLimit
    ? `# The manifest is left out: its ${text.length} characters are too many for a status.\n`
    : text;
}

function refOf({ apiVersion, kind, metadata: { namespace, name = "" } }: KubeObject) {
  return { apiVersion, kind, namespace, name };
}

function isGone(error: KubeError): boolean {
  return error._tag === "ApiError" && error.code === 404;
}

function isConflict(error: KubeError): boolean {
  return error._tag === "ApiError" && error.code === 409;
}

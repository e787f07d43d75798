/**
 * Brings one custom resource's release to what the resource asks for.
 *
 * Guarantees: the finalizer is on the resource before anything is installed, and goes only after the uninstall succeeded;
 * the status tells of every failure with its cause, and is written only when it changes; any step may be the last, the
 * next reconcile goes on from what is there. Level-based: it reads the resource again, whatever the event said.
 */
import { Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { KubeObject, ObjectMeta } from "../kube/object.ts";
import type { ManagerFactory } from "../release/manager.ts";
import { hasFinalizer, requestsOf } from "./annotations.ts";
import { deploy } from "./deploy.ts";
import type { Recorder } from "./events.ts";
import { uninstall } from "./uninstall.ts";
import { type ReconcileFailed, type StatusManifest, Work } from "./work.ts";

/** What a reconcile reports, for metrics. */
export interface ReconcileMetrics {
  readonly action: (action: string, succeeded: boolean) => void;
  readonly repaired: (objects: number) => void;
}

export interface ReconcilerContext {
  readonly kube: KubeClient["Service"];
  readonly managers: ManagerFactory["Service"];
  readonly record: Recorder;
  readonly metrics: ReconcileMetrics;
  /** After each change of a release: the places of its objects may be new. */
  readonly released: (cr: KubeObject) => Effect.Effect<void>;
  readonly overrideValues: ReadonlyMap<string, string>;
  readonly suppressOverrideValues: boolean;
  readonly statusManifest: StatusManifest;
  /** Milliseconds; 0 is never. */
  readonly reconcilePeriod: number;
}

/** What to reconcile. */
export interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta & { readonly name: string };
  /** False when it has left the label selector of the watch. */
  readonly isSelected: boolean;
  /** Ends when the resource is deleted meanwhile: then an install or upgrade is broken off, to be uninstalled next. */
  readonly deletion: Effect.Effect<void>;
}

/** Milliseconds until the resource is to be reconciled again although nothing changed; 0 for never. */
export type RequeueAfter = number;

/** Reconciles one custom resource. A failure has been logged and written to its status. */
export const reconcile = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  { apiVersion, kind, metadata: { namespace, name }, isSelected, deletion }: Target,
): Effect.fn.Return<RequeueAfter, ReconcileFailed | KubeError> {
  yield* Effect.logDebug("Reconciling");
  const cr = yield* context.kube.get({ apiVersion, kind, namespace, name });
  if (cr === null) return 0;
  const work = new Work(context.kube, cr);
  const isDeleted = cr.metadata.deletionTimestamp !== undefined;
  if (!isSelected && !isDeleted) return yield* release(work);
  const requests = requestsOf(cr);
  for (const problem of requests.problems) yield* Effect.logWarning(problem);
  const period = requests.reconcilePeriod ?? context.reconcilePeriod;
  if (!isDeleted) return yield* Effect.as(Effect.raceFirst(deploy(context, work, requests), deletion), period);
  if (hasFinalizer(cr)) return yield* uninstall(context, work, requests);
  yield* Effect.logInfo("Resource is terminated, skipping reconciliation");
  return 0;
});

/**
 * The resource has left the label selector. Its release stays, for another operator to take over; the finalizer goes,
 * or nobody could ever delete the resource.
 */
function release(work: Work): Effect.Effect<RequeueAfter, KubeError> {
  if (!hasFinalizer(work.cr)) return Effect.succeed(0);
  return Effect.logInfo("Resource is no longer selected, leaving its release alone").pipe(
    Effect.andThen(work.removeFinalizer),
    Effect.as(0),
  );
}

/**
 * Brings one custom resource's release to what the resource asks for.
 *
 * Guarantees: the finalizer is on the resource before anything is installed, and goes only after the uninstall succeeded;
 * the status tells of every failure with its cause, and is written only when it changes; any step may be the last, the
 * next reconcile goes on from what is there. Level-based: it reads the resource again, whatever the event said.
 */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { ObjectMeta } from "../kube/object.ts";
import { driftProblems } from "../release/drift-policy.ts";
import { hasFinalizer, pauseAnnotation, requestsOf } from "./annotations.ts";
import type { ReconcilerContext, RequeueAfter } from "./context.ts";
import { deploy } from "./deploy.ts";
import { planOnly } from "./plan-only.ts";
import { uninstall } from "./uninstall.ts";
import { type ReconcileFailed, Work } from "./work.ts";

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
  for (const problem of [...requests.problems, ...driftProblems(cr), ...context.remediation.policy(cr).problems]) {
    yield* Effect.logWarning(problem);
    yield* context.record(cr, { type: "Warning", reason: "InvalidAnnotation", message: problem });
  }
  if (requests.paused) return yield* pause(context, work);
  if (work.remove("Paused")) yield* work.save;
  const period = requests.reconcilePeriod ?? context.reconcilePeriod;
  if (!isDeleted) {
    const way = requests.planOnly ? planOnly(context, work) : deploy(context, work, requests);
    return yield* Effect.as(Effect.raceFirst(way, deletion), period);
  }
  context.remediation.forget(cr);
  if (hasFinalizer(cr)) {
    yield* context.readiness.forget(`${namespace ?? ""}/${name}`);
    return yield* uninstall(context, work, requests);
  }
  yield* Effect.logInfo("Resource is terminated, skipping reconciliation");
  return 0;
});

/**
 * Nothing is done until the annotation goes, whose going is a change that brings the resource back here. A deletion
 * waits too: the finalizer stays.
 */
const pause = Effect.fnUntraced(function* (
  { readiness }: ReconcilerContext,
  work: Work,
): Effect.fn.Return<RequeueAfter, KubeError> {
  const isDeleted = work.cr.metadata.deletionTimestamp !== undefined;
  if (isDeleted && !hasFinalizer(work.cr)) return 0;
  yield* Effect.logInfo("Reconciling is paused");
  const message = `Reconciling is paused by the annotation ${pauseAnnotation}` +
    (isDeleted ? "; the resource is being deleted, and its release is uninstalled when the annotation is removed" : "");
  yield* work.set({ type: "Paused", status: "True", reason: "Paused", message });
  if (!readiness.isLive(work)) yield* readiness.notDeployed(work, "Unknown", "Paused", message);
  yield* work.save;
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

/** Uninstalling a release (helm.sh/helm/v4/pkg/action/uninstall.go). */
import { Effect } from "effect";
import { sortByKind, uninstallOrder } from "../render/kind-order.ts";
import type { KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { formerObjects } from "./build.ts";
import { claim } from "./fence.ts";
import { type Draft, runHooks } from "./hooks.ts";
import { type ManagerFailure, ReleaseNotFound } from "./failure.ts";
import { objectKey, refOf } from "./manifest.ts";
import { foreign, isKept } from "./ownership.ts";
import { withStatus } from "./records.ts";
import { removeObjects } from "./remove.ts";
import { chartNameOf, inAction, type Session, StepError, type StepFailure, timestamp } from "./session.ts";
import { readState, type ReleaseState, unsettledRecords } from "./state.ts";

/** Set to `true`, this keeps the custom resource until every object of its release is gone. */
export const uninstallWaitAnnotation = "helm.sdk.operatorframework.io/uninstall-wait";

/**
 * Runs the delete hooks, deletes the release's objects in Helm's order and purges its records. What the policy keeps
 * stays, as does what belongs to another release. An uninstall that was interrupted is gone through again, without the
 * hooks that succeeded. Fails with ReleaseNotFound when there is no record.
 *
 * When the custom resource is to wait, the records stay until {@link cleanup} finds everything gone; uninstalling again
 * meanwhile changes nothing.
 */
export function uninstall(session: Session): Effect.Effect<ReleaseRecord, ManagerFailure | ReleaseNotFound> {
  return Effect.gen(function* () {
    const state = yield* readState(session);
    const { last } = state;
    if (last === null || (yield* isOfOtherChart(session, last))) {
      return yield* new ReleaseNotFound({ releaseName: session.release.name });
    }
    if (last.info.status === "uninstalled") {
      if (!waits(session)) yield* purge(session, state);
      return last;
    }
    const draft: Draft = { record: yield* underway(session, last) };
    yield* runHooks(session, draft, "pre-delete");
    yield* Effect.mapError(removeObjects(session, yield* releaseObjects(session, state)), (error) =>
      new StepError({
        object: error.object,
        detail: `failed to delete release: ${session.release.name}: ${error.detail}`,
        cause: error.cause,
      }));
    yield* runHooks(session, draft, "post-delete");
    const done = withStatus(draft.record, "uninstalled", "Uninstallation complete");
    if (waits(session)) yield* session.storage.update(done);
    else yield* purge(session, state);
    return done;
  }).pipe(inAction("uninstall", session));
}

/**
 * Whether every object of an uninstalled release is gone; deletes again what is not. When all are gone, records that
 * were kept for this are purged.
 */
export function cleanup(session: Session, release: ReleaseRecord): Effect.Effect<boolean, ManagerFailure> {
  return Effect.gen(function* () {
    const objects = yield* formerObjects(session, release.manifest ?? "");
    const remaining: KubeObject[] = [];
    for (const object of inOrder(objects)) {
      if (isKept(object)) continue;
      const live = yield* session.kube.get(refOf(object));
      if (live !== null && !isKept(live) && foreign(live, session) === null) remaining.push(object);
    }
    if (remaining.length > 0) {
      yield* removeObjects(session, remaining);
      return false;
    }
    const state = yield* readState(session);
    if (state.last?.info.status === "uninstalled") yield* purge(session, state);
    return true;
  }).pipe(inAction("uninstall", session));
}

/**
 * Whether the name is that of somebody else's release, which the custom resource never had. When the chart cannot be
 * loaded nobody can tell, and what the name says is taken.
 */
function isOfOtherChart(session: Session, last: ReleaseRecord): Effect.Effect<boolean> {
  return session.source.pipe(
    Effect.map(({ chart }) => chart.metadata.name !== chartNameOf(last)),
    Effect.catch(() => Effect.succeed(false)),
  );
}

/** The record under way; one that a crash left so is taken as it is. */
function underway(session: Session, last: ReleaseRecord): Effect.Effect<ReleaseRecord, StepFailure> {
  if (last.info.status === "uninstalling" && last.helmwright !== undefined) return claim(session, last);
  return Effect.gen(function* () {
    const begun = withStatus(last, "uninstalling", "Deletion in progress (or silently failed)");
    const { ran: _, running: __, ...facts } = last.helmwright ?? { inputs: "" };
    const record = {
      ...begun,
      info: { ...begun.info, deleted: yield* timestamp },
      helmwright: { ...facts, holder: session.holder } as ReleaseRecord["helmwright"],
    };
    return yield* session.storage.update(record);
  });
}

/** The objects of every revision that may have some in the cluster, in the order in which they are deleted. */
function releaseObjects(session: Session, state: ReleaseState): Effect.Effect<KubeObject[], StepFailure> {
  return Effect.gen(function* () {
    const { deployed } = state;
    const records = [...(deployed === null ? [] : [deployed]), ...(yield* unsettledRecords(session, state))];
    const objects = new Map<string, KubeObject>();
    for (const record of records) {
      for (const object of yield* formerObjects(session, record.manifest ?? "")) objects.set(objectKey(object), object);
    }
    return inOrder([...objects.values()]);
  });
}

function inOrder(objects: ReadonlyArray<KubeObject>): KubeObject[] {
  return sortByKind(objects, uninstallOrder);
}

function purge({ storage, release }: Session, { revisions }: ReleaseState): Effect.Effect<void, StepFailure> {
  return Effect.forEach(revisions, ({ version }) => storage.delete(release, version), { discard: true });
}

function waits({ cr }: Session): boolean {
  const value = cr.metadata.annotations?.[uninstallWaitAnnotation] ?? "";
  return ["1", "t", "T", "true", "TRUE", "True"].includes(value);
}

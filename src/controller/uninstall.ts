/** The way of a custom resource that is being deleted: uninstall its release, then let it go. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { type ManagerFailure, ReleaseNotFound } from "../release/failure.ts";
import type { Manager, ReleaseRecord } from "../release/manager.ts";
import { type Requests, withoutFinalizer } from "./annotations.ts";
import type { ReconcilerContext, RequeueAfter } from "./context.ts";
import { ReconcileFailed, type Work } from "./work.ts";

/** How often objects that are slow to go are looked at, milliseconds. */
const waitInterval = 2_000;

/** Uninstalls and removes the finalizer. A release that was never installed, or is gone already, counts as uninstalled. */
export const uninstall = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  { uninstallWait }: Requests,
): Effect.fn.Return<RequeueAfter, ReconcileFailed | KubeError> {
  const fail = (error: ManagerFailure) => uninstallFailed(context, work, error);
  const manager = yield* context.managers.newManager(uninstallable(work.cr)).pipe(Effect.catch(fail));
  return yield* Effect.gen(function* () {
    const release = yield* manager.uninstallRelease.pipe(
      Effect.catchIf((error) => error instanceof ReleaseNotFound, () => Effect.succeed(null)),
      Effect.catch((error) => fail(error as ManagerFailure)),
    );
    work.remove("ReleaseFailed");
    work.remove("Ready");
    if (release === null) yield* Effect.logInfo("Release not found");
    else {
      context.metrics.action("uninstall", true);
      yield* Effect.logInfo("Uninstalled release");
      yield* context.record(work.cr, {
        type: "Normal",
        reason: "Uninstalled",
        message: `Uninstalled release ${release.name}`,
      });
    }
    if (uninstallWait) {
      const isGone = yield* waitForObjects(work, manager, release ?? rememberedRelease(work)).pipe(Effect.catch(fail));
      if (!isGone) return waitInterval;
    }
    yield* letGo(work);
    return 0;
  }).pipe(Effect.annotateLogs("release", manager.releaseName));
});

/** A resource whose spec is no map can be uninstalled all the same. */
function uninstallable(cr: KubeObject): KubeObject {
  const { spec } = cr;
  return spec !== null && typeof spec === "object" && !Array.isArray(spec) ? cr : { ...cr, spec: {} };
}

/** The status says that objects are waited for until none is left. */
const waitForObjects = Effect.fnUntraced(function* (work: Work, manager: Manager, release: ReleaseRecord | null) {
  if (release === null) return true;
  yield* work.set({
    type: "Deployed",
    status: "False",
    reason: "UninstallSuccessful",
    message: "Waiting until all resources are deleted.",
  });
  yield* work.save;
  const isGone = yield* manager.cleanupRelease(release);
  if (!isGone) yield* Effect.logInfo("Waiting until all resources are deleted");
  return isGone;
});

/** The uninstalled release as the status remembers it; Secrets' data does not matter for finding the objects. */
function rememberedRelease({ cr, status }: Work): ReleaseRecord | null {
  const { name, manifest } = status.deployedRelease ?? {};
  if (name === undefined || !manifest) return null;
  return { name, manifest, namespace: cr.metadata.namespace ?? "", version: 0, info: {} };
}

/** Removes the finalizer. The status is worth writing only when others still hold the resource. */
const letGo = Effect.fnUntraced(function* (work: Work) {
  if (withoutFinalizer(work.cr).length > 0) {
    yield* work.set({ type: "Deployed", status: "False", reason: "UninstallSuccessful" });
    work.deployed(null, "none");
    yield* work.save;
  }
  yield* Effect.logInfo("Removing finalizer");
  yield* work.removeFinalizer;
});

const uninstallFailed = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  cause: ManagerFailure,
): Effect.fn.Return<never, ReconcileFailed | KubeError> {
  context.metrics.action("uninstall", false);
  yield* Effect.annotateLogs(Effect.logError("Failed to uninstall release"), { error: cause.message });
  // Another operator works on the release, and writes the status.
  if (cause._tag === "ReleaseTaken") return yield* new ReconcileFailed({ cause });
  yield* context.record(work.cr, { type: "Warning", reason: "UninstallFailed", message: cause.message });
  yield* work.set({ type: "ReleaseFailed", status: "True", reason: "UninstallError", message: cause.message });
  yield* work.save.pipe(
    Effect.catch((error) => Effect.logError(`Failed to update status after failure: ${error.message}`)),
  );
  return yield* new ReconcileFailed({ cause });
});

/** The way of a custom resource that is to have a release: install, upgrade, or put back what drifted. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { ManagerFailure } from "../release/failure.ts";
import type { Manager, ReleaseRecord } from "../release/manager.ts";
import { hasFinalizer, type Requests } from "./annotations.ts";
import { tellDrift, tellRepairs } from "./drift.ts";
import { type EventReason, overrideEvents } from "./events.ts";
import type { ReconcilerContext } from "./context.ts";
import type { ConditionReason } from "./status.ts";
import { runTests } from "./release-test.ts";
import {
  countFailure,
  countForgotten,
  isOfRelease,
  keepCount,
  prefixes,
  recovered,
  remedy,
  rest,
  tellExhausted,
} from "./remedy.ts";
import { ReconcileFailed, type Work } from "./work.ts";

/** Brings the release up to date and writes the status. */
export const deploy = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  requests: Requests,
): Effect.fn.Return<void, ReconcileFailed | KubeError> {
  if (!hasFinalizer(work.cr)) {
    yield* Effect.logDebug("Adding finalizer");
    yield* work.addFinalizer;
  }
  yield* work.set({ type: "Initialized", status: "True" });
  work.planned(null);
  const wasInstalled = work.status.deployedRelease !== undefined;
  const manager = yield* context.managers.newManager(work.cr).pipe(
    Effect.catch((error) => notCompared(context, work, error, wasInstalled)),
  );
  yield* context.follow(work.cr, manager.references);
  yield* Effect.gen(function* () {
    yield* manager.sync.pipe(
      Effect.catch((error) => notCompared(context, work, error, wasInstalled || manager.isInstalled())),
    );
    work.remove("Irreconcilable");
    if (!manager.isInstalled() || manager.isUpdateRequired()) {
      const inputs = yield* Effect.catch(manager.inputs, () => Effect.succeed(null));
      if (inputs !== null) yield* countForgotten(context, work, manager, inputs);
      if (inputs !== null && context.remediation.isExhausted(work.cr, inputs)) {
        yield* rest(context, work, manager, inputs, requests.rollbackForce);
        return yield* work.save;
      }
      if (manager.isInstalled()) yield* upgrade(context, work, manager, requests, inputs);
      else yield* install(context, work, manager, requests, inputs);
    } else yield* repair(context, work, manager);
    recovered(context, work);
    yield* context.released(work.cr);
    yield* Effect.catch(runTests(context, work, manager), (error) => Effect.logWarning(error.message));
    yield* work.save;
  }).pipe(Effect.annotateLogs("release", manager.releaseName));
});

const install = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  { rollbackForce }: Requests,
  inputs: string | null,
) {
  yield* tellOverrides(context, work);
  const release = yield* context.readiness.during(work, "Installing", manager.installRelease()).pipe(
    Effect.catch((error) => {
      context.metrics.action("install", false);
      return actionFailed(context, work, manager, error, { reason: "InstallError", inputs, force: rollbackForce });
    }),
  );
  context.metrics.action("install", true);
  yield* Effect.logInfo("Installed release");
  yield* tell(context, work, "Installed", `Installed release ${release.name}`);
  work.remove("Drifted");
  yield* succeeded(context, work, release, "InstallSuccessful");
});

const upgrade = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  { upgradeForce, rollbackForce }: Requests,
  inputs: string | null,
) {
  yield* tellOverrides(context, work);
  const action = manager.updateRelease({ force: upgradeForce });
  const { updated } = yield* context.readiness.during(work, "Upgrading", action).pipe(
    Effect.catch((error) => {
      context.metrics.action("upgrade", false);
      return actionFailed(context, work, manager, error, { reason: "UpgradeError", inputs, force: rollbackForce });
    }),
  );
  context.metrics.action("upgrade", true);
  yield* Effect.annotateLogs(Effect.logInfo("Upgraded release"), { force: upgradeForce });
  yield* tell(context, work, "Upgraded", `Upgraded release ${updated.name} to revision ${updated.version}`);
  work.remove("Drifted");
  yield* succeeded(context, work, updated, "UpgradeSuccessful");
});

const repair = Effect.fnUntraced(function* (context: ReconcilerContext, work: Work, manager: Manager) {
  // What was asked for and failed is asked for no longer.
  work.remove("ReleaseFailed");
  const { release, repairs, drifted } = yield* manager.reconcileRelease.pipe(
    Effect.catch((error) => irreconcilable(context, work, error, "")),
  );
  yield* tellRepairs(context, work, repairs);
  yield* tellDrift(context, work, drifted);
  yield* Effect.logInfo("Reconciled release");
  yield* succeeded(context, work, release, release.version === 1 ? "InstallSuccessful" : "UpgradeSuccessful");
});

const succeeded = Effect.fnUntraced(function* (
  { statusManifest, readiness }: ReconcilerContext,
  work: Work,
  release: ReleaseRecord,
  reason: ConditionReason,
) {
  work.remove("ReleaseFailed");
  yield* work.set({ type: "Deployed", status: "True", reason, message: release.info.notes });
  work.deployed(release, statusManifest);
  yield* readiness.deployed(work, release);
});

/** What the release is and what it should be could not be told: nothing was changed. */
function notCompared(context: ReconcilerContext, work: Work, error: ManagerFailure, isInstalled: boolean) {
  return isInstalled
    ? irreconcilable(context, work, error, "failed to get candidate release: ")
    : releaseFailed(context, work, error, "InstallError");
}

function irreconcilable(context: ReconcilerContext, work: Work, error: ManagerFailure, prefix: string) {
  const reason = "ReconcileError";
  const message = withPrefix(prefix, error);
  return Effect.gen(function* () {
    yield* work.set({ type: "Irreconcilable", status: "True", reason, message });
    const ready = context.readiness.notDeployed(work, "Unknown", reason, message);
    return yield* failed(context, work, error, "Failed to reconcile release", "ReconcileFailed", ready);
  });
}

function releaseFailed(
  context: ReconcilerContext,
  work: Work,
  error: ManagerFailure,
  reason: "InstallError" | "UpgradeError",
) {
  const message = withPrefix(prefixes[reason], error);
  return Effect.gen(function* () {
    yield* work.set({ type: "ReleaseFailed", status: "True", reason, message });
    const ready = context.readiness.notDeployed(work, "False", reason, message);
    const event = reason === "InstallError" ? "InstallFailed" : "UpgradeFailed";
    return yield* failed(context, work, error, "Release failed", event, ready);
  });
}

/** Counts the failure, and undoes what was done if it got so far that there is something to undo. */
const actionFailed = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  error: ManagerFailure,
  { reason, inputs, force }: {
    readonly reason: "InstallError" | "UpgradeError";
    readonly inputs: string | null;
    readonly force: boolean;
  },
) {
  yield* countFailure(context, work, manager, inputs, error);
  if (error._tag === "ActionError" && isOfRelease(error)) {
    yield* work.set({ type: "ReleaseFailed", status: "True", reason, message: withPrefix(prefixes[reason], error) });
    yield* keepCount(context, work);
    yield* remedy(context, work, manager, force);
  }
  yield* tellExhausted(context, work, inputs, error.message);
  return yield* releaseFailed(context, work, error, reason);
});

const failed = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  cause: ManagerFailure,
  log: string,
  reason: EventReason,
  ready: Effect.Effect<void>,
): Effect.fn.Return<never, ReconcileFailed | KubeError> {
  yield* Effect.annotateLogs(Effect.logError(log), { error: cause.message });
  // An API server that cannot be reached says nothing about the release, and takes no event and no status. Nor has one
  // that another operator works on failed: that one writes the status.
  if (cause._tag === "ConnectionError" || cause._tag === "ReleaseTaken") return yield* new ReconcileFailed({ cause });
  yield* ready;
  yield* context.record(work.cr, { type: "Warning", reason, message: cause.message });
  yield* context.released(work.cr);
  yield* work.save.pipe(
    Effect.catch((error) => Effect.logError(`Failed to update status after failure: ${error.message}`)),
  );
  return yield* new ReconcileFailed({ cause });
});

function tell(context: ReconcilerContext, work: Work, reason: EventReason, message: string) {
  return context.record(work.cr, { type: "Normal", reason, message });
}

function tellOverrides({ overrideValues, suppressOverrideValues, record }: ReconcilerContext, work: Work) {
  return Effect.forEach(overrideEvents(overrideValues, suppressOverrideValues), (event) => record(work.cr, event), {
    discard: true,
  });
}

function withPrefix(prefix: string, error: ManagerFailure): string {
  return error.message.startsWith(prefix) ? error.message : prefix + error.message;
}

/** What a failure leads to: a count in the status, a rollback or an uninstall, and in the end rest. */
import { Effect } from "effect";
import { type ManagerFailure, ReleaseNotFound } from "../release/failure.ts";
import type { Manager } from "../release/manager.ts";
import { passingCause } from "../release/outcome.ts";
import type { ReconcilerContext } from "./context.ts";
import { tellRepairs } from "./drift.ts";
import type { EventReason } from "./events.ts";
import { retryAnnotation } from "./remediation.ts";
import type { Work } from "./work.ts";

/**
 * Counts the failure. Only what the chart or its objects are to blame for counts: an API server that is away or
 * overloaded is waited for without end.
 */
export const countFailure = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  inputs: string | null,
  error: ManagerFailure,
) {
  if (inputs === null || !isOfRelease(error)) return;
  const tried = yield* failedTry(context, work, manager);
  count(context, work, inputs, tried?.began ?? null);
});

/** Counts the try that failed just before this process' predecessor was killed, and says why it failed. */
export const countForgotten = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  inputs: string,
) {
  // The record need be read but once.
  if (context.remediation.knows(work.cr)) return;
  const tried = yield* failedTry(context, work, manager);
  if (tried?.isOfGeneration !== true || !context.remediation.isUncounted(work.cr, tried.began)) return;
  count(context, work, inputs, tried.began);
  const reason = manager.isInstalled() ? "UpgradeError" : "InstallError";
  yield* work.set({ type: "ReleaseFailed", status: "True", reason, message: prefixes[reason] + tried.message });
});

/** How the message of the condition ReleaseFailed begins. */
export const prefixes = { InstallError: "failed to install release: ", UpgradeError: "upgrade failed: " } as const;

/** Whether the chart or its objects are to blame. */
export function isOfRelease(error: ManagerFailure): boolean {
  return (error._tag === "ActionError" || error._tag === "ChartError") && passingCause(error) === null;
}

function count({ remediation }: ReconcilerContext, work: Work, inputs: string, began: string | null): void {
  const failures = remediation.failed(work.cr, inputs, began);
  work.status = { ...work.status, failures: isBounded(remediation, work) ? failures : null };
}

/** Of no interest where the tries have no bound. */
function failedTry({ remediation }: ReconcilerContext, work: Work, manager: Manager) {
  return isBounded(remediation, work)
    ? Effect.catch(manager.failedTry, () => Effect.succeed(null))
    : Effect.succeed(null);
}

function isBounded(remediation: ReconcilerContext["remediation"], { cr }: Work): boolean {
  return remediation.policy(cr).retries !== null;
}

/** Says so when no try is left. `words` say why the last one failed. */
export const tellExhausted = Effect.fnUntraced(function* (
  { remediation, record }: ReconcilerContext,
  work: Work,
  inputs: string | null,
  words: string,
) {
  if (inputs === null || !remediation.isExhausted(work.cr, inputs)) return;
  const count = work.status.failures?.count ?? 0;
  const message =
    `Gave up after ${count} ${count === 1 ? "try" : "tries"}: change the resource, or set the annotation ` +
    `${retryAnnotation} to a new value. ${words}`;
  yield* work.set({ type: "Stalled", status: "True", reason: "RetriesExhausted", message });
  yield* record(work.cr, { type: "Warning", reason: "RetriesExhausted", message });
});

/** The resource is well: nothing is counted any more, and the next save takes away what the status tells. */
export function recovered({ remediation }: ReconcilerContext, work: Work): void {
  remediation.recovered(work.cr);
  work.remove("Stalled");
  if (work.status.failures) work.status = { ...work.status, failures: null };
}

/** Writes the count before the failure is undone, which may take long: who is killed in it is not to try once more. */
export const keepCount = Effect.fnUntraced(function* ({ remediation }: ReconcilerContext, work: Work) {
  const { strategy } = remediation.policy(work.cr);
  if (strategy === "retry" || !isBounded(remediation, work)) return;
  yield* Effect.catch(work.save, (error) => Effect.logWarning(`Cannot write how often it failed: ${error.message}`));
});

/**
 * What still is done for a resource without tries: what was cut off before it could undo the last one, and a release
 * that was rolled back is kept as it was deployed.
 */
export const rest = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  manager: Manager,
  inputs: string,
  force: boolean,
) {
  yield* Effect.logInfo("Not tried again: no try is left");
  const { reason, message = "" } = work.status.conditions.find(({ type }) => type === "ReleaseFailed") ?? {};
  if (reason !== undefined) yield* context.readiness.notDeployed(work, "False", reason, message);
  if ((yield* failedTry(context, work, manager)) !== null) yield* remedy(context, work, manager, force);
  const { strategy } = context.remediation.policy(work.cr);
  if (manager.isInstalled() && strategy === "rollback") yield* repairDrift(context, work, manager);
  if (work.status.conditions.some(({ type }) => type === "Stalled")) return;
  yield* tellExhausted(context, work, inputs, message);
});

const repairDrift = Effect.fnUntraced(function* (context: ReconcilerContext, work: Work, manager: Manager) {
  const { repairs } = yield* manager.reconcileRelease.pipe(
    Effect.catch((error) => Effect.as(Effect.logWarning(`Cannot repair drift: ${error.message}`), { repairs: [] })),
  );
  yield* tellRepairs(context, work, repairs);
  yield* context.released(work.cr);
});

/**
 * Undoes a failed install or upgrade as the policy asks for. That it could not is logged: the first failure is what the
 * status tells.
 */
export const remedy = Effect.fnUntraced(function* (
  { remediation, metrics, record }: ReconcilerContext,
  work: Work,
  manager: Manager,
  force: boolean,
) {
  const { strategy } = remediation.policy(work.cr);
  if (strategy === "retry") return;
  const wasInstalled = manager.isInstalled();
  const action = wasInstalled ? strategy : "uninstall";
  type Done = { readonly reason: EventReason; readonly message: string } | null;
  const effect: Effect.Effect<Done, ManagerFailure | ReleaseNotFound> = action === "rollback"
    ? Effect.map(
      manager.rollBack({ force }),
      (release) => release && { reason: "RolledBack", message: `Rolled back release ${release.name}` },
    )
    : Effect.map(manager.uninstallRelease, (release) => {
      work.deployed(null, "none");
      const failed = wasInstalled ? "upgrade" : "install";
      return { reason: "Uninstalled", message: `Uninstalled release ${release.name} after its failed ${failed}` };
    });
  yield* effect.pipe(
    Effect.flatMap((done) => {
      if (done === null) return Effect.void;
      metrics.action(action, true);
      return record(work.cr, { type: "Normal", ...done });
    }),
    // It failed before anything was recorded.
    Effect.catchIf((error) => error instanceof ReleaseNotFound, () => Effect.void),
    Effect.catch((error) => {
      metrics.action(action, false);
      const what = action === "rollback" ? "rolling back" : "uninstalling";
      return Effect.logError(`Error ${what} release: ${error.message}`);
    }),
  );
});

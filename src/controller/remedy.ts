/** What a failure leads to: a count in the status, a rollback or an uninstall, and in the end rest. */
import { Effect } from "effect";
import type { ManagerFailure, ReleaseNotFound } from "../release/failure.ts";
import type { Manager } from "../release/manager.ts";
import type { ReconcilerContext } from "./context.ts";
import { tellRepairs } from "./drift.ts";
import type { EventReason } from "./events.ts";
import { retryAnnotation } from "./remediation.ts";
import type { Work } from "./work.ts";

/**
 * Counts the failure. Only what the chart or its objects are to blame for counts: an API server that is away is waited for
 * without end.
 */
export function countFailure(
  { remediation }: ReconcilerContext,
  work: Work,
  inputs: string | null,
  error: ManagerFailure,
): void {
  if (inputs === null || (error._tag !== "ActionError" && error._tag !== "ChartError")) return;
  const failures = remediation.failed(work.cr, inputs);
  const isBounded = remediation.policy(work.cr).retries !== null;
  work.status = { ...work.status, failures: isBounded ? failures : null };
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
  remediation.forget(work.cr);
  work.remove("Stalled");
  if (work.status.failures) work.status = { ...work.status, failures: null };
}

/**
 * Writes the count before a rollback, which may take long: who is killed in it is not to try once more. An uninstall is
 * not owed any more when the count is written, so it comes first.
 */
export const keepCount = Effect.fnUntraced(function* ({ remediation }: ReconcilerContext, work: Work) {
  const { strategy, retries } = remediation.policy(work.cr);
  if (strategy !== "rollback" || retries === null) return;
  yield* Effect.catch(work.save, (error) => Effect.logWarning(`Cannot write how often it failed: ${error.message}`));
});

/**
 * What still is done for a resource without tries: a rollback that was cut off before it began, and a release that was
 * rolled back is kept as it was deployed.
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
  const { strategy } = context.remediation.policy(work.cr);
  if (manager.isInstalled() && strategy !== "retry") {
    if (strategy === "rollback") yield* remedy(context, work, manager, force);
    yield* repairDrift(context, work, manager);
  }
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
 * Undoes a failed upgrade as the policy asks for. That it could not is logged: the failure of the upgrade is what the
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
  const action = strategy === "rollback" ? "rollback" : "uninstall";
  type Done = { readonly reason: EventReason; readonly message: string } | null;
  const effect: Effect.Effect<Done, ManagerFailure | ReleaseNotFound> = strategy === "rollback"
    ? Effect.map(
      manager.rollBack({ force }),
      (release) => release && { reason: "RolledBack", message: `Rolled back release ${release.name}` },
    )
    : Effect.map(manager.uninstallRelease, (release) => {
      work.deployed(null, "none");
      return {
        reason: "Uninstalled",
        message: `Uninstalled release ${release.name} after its failed upgrade`,
      };
    });
  yield* effect.pipe(
    Effect.flatMap((done) => {
      if (done === null) return Effect.void;
      metrics.action(action, true);
      return record(work.cr, { type: "Normal", ...done });
    }),
    Effect.catch((error) => {
      metrics.action(action, false);
      const what = action === "rollback" ? "rolling back" : "uninstalling";
      return Effect.logError(`Error ${what} release: ${error.message}`);
    }),
  );
});

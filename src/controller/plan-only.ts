/** The way of a custom resource that asks for a plan: what would be done is written to its status, and nothing is done. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { ManagerFailure } from "../release/failure.ts";
import { hasChanges } from "../release/plan.ts";
import { planStatus, summarize } from "../release/plan-text.ts";
import { planAnnotation } from "./annotations.ts";
import type { ReconcilerContext } from "./context.ts";
import { ReconcileFailed, type Work } from "./work.ts";

/** Plans, and writes the status: `status.plan` and the condition `Planned`. No finalizer is set, no record written. */
export const planOnly = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
): Effect.fn.Return<void, ReconcileFailed | KubeError> {
  const fail = (error: ManagerFailure) => planFailed(context, work, error);
  const manager = yield* context.managers.newManager(work.cr).pipe(Effect.catch(fail));
  yield* context.follow(work.cr, manager.references);
  const plan = yield* manager.plan.pipe(Effect.catch(fail));
  const summary = summarize(plan);
  const message = `Nothing is changed while annotation ${planAnnotation} is set. ${summary}`;
  const isNews = work.status.conditions.every((each) => each.type !== "Planned" || each.message !== message);
  yield* work.set({
    type: "Planned",
    status: "True",
    reason: hasChanges(plan) ? "ChangesPlanned" : "NoChanges",
    message,
  });
  work.planned(planStatus(plan, work.cr.metadata.generation));
  yield* work.save;
  yield* Effect.annotateLogs(Effect.logInfo(`Planned: ${summary}`), "release", manager.releaseName);
  if (isNews) yield* context.record(work.cr, { type: "Normal", reason: "Planned", message: summary });
});

const planFailed = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  cause: ManagerFailure,
): Effect.fn.Return<never, ReconcileFailed | KubeError> {
  yield* Effect.annotateLogs(Effect.logError("Failed to plan"), { error: cause.message });
  if (cause._tag === "ConnectionError") return yield* new ReconcileFailed({ cause });
  yield* context.record(work.cr, { type: "Warning", reason: "PlanFailed", message: cause.message });
  work.planned(null);
  yield* work.set({ type: "Planned", status: "False", reason: "PlanError", message: cause.message });
  yield* work.save.pipe(
    Effect.catch((error) => Effect.logError(`Failed to update status after failure: ${error.message}`)),
  );
  return yield* new ReconcileFailed({ cause });
});

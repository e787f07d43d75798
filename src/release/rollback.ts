/** Rolling back after a failed upgrade (helm.sh/helm/v4/pkg/action/rollback.go). */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { claim } from "./fence.ts";
import type { Draft, HookEvent } from "./hooks.ts";
import type { ManagerFailure } from "./failure.ts";
import { recordDeployed, recordFailure } from "./outcome.ts";
import { perform, type PerformOptions, planFor } from "./perform.ts";
import { finished, rollbackRecord, withFacts } from "./records.ts";
import { inAction, type Session, type StepFailure, timestamp } from "./session.ts";
import { createRecord, type InstalledState, unsettledRecords } from "./state.ts";

export interface RollbackOptions {
  readonly force: boolean;
}

/**
 * Goes back from a failed upgrade to the deployed revision, and gives it. The first time, that makes a new revision, as
 * Helm does. When the same inputs fail again, the deployed revision is applied again under its own number. Does nothing
 * and gives null when no upgrade has failed since the deployed revision.
 */
export function rollBack(
  session: Session,
  state: InstalledState,
  { force }: RollbackOptions,
): Effect.Effect<ReleaseRecord | null, ManagerFailure> {
  const { last, deployed } = state;
  if (last === deployed || last.info.status !== "failed" || last.helmwright?.restored) return Effect.succeed(null);
  const effect = (last.helmwright?.attempts ?? 1) > 1 ? restore(session, state, force) : Effect.gen(function* () {
    const record = withFacts(rollbackRecord(session, last, deployed, yield* timestamp), { holder: session.holder });
    yield* createRecord(session, record, state.revisions);
    return yield* carryOut(session, state, record, force);
  });
  return effect.pipe(inAction("rollback", session, "rollback failed: "));
}

/** Goes on with a rollback whose record a crash left pending. */
export function resumeRollback(session: Session, state: InstalledState): Effect.Effect<ReleaseRecord, ManagerFailure> {
  return Effect.flatMap(claim(session, state.last), (record) => carryOut(session, state, record, true)).pipe(
    inAction("rollback", session, "rollback failed: "),
  );
}

function carryOut(
  session: Session,
  state: InstalledState,
  record: ReleaseRecord,
  force: boolean,
): Effect.Effect<ReleaseRecord, StepFailure> {
  return Effect.gen(function* () {
    const before = yield* unsettledRecords(session, state);
    const plan = yield* planFor(session, record, [state.deployed, ...before], "update");
    const draft: Draft = { record };
    return yield* perform(session, draft, plan, performOptions(before, force)).pipe(
      Effect.andThen(() => recordDeployed(session, draft.record, record.info.description ?? "", state)),
      Effect.tapError((error: StepFailure) => recordFailure(session, draft.record, "Rollback", error)),
    );
  });
}

function restore(
  session: Session,
  state: InstalledState,
  force: boolean,
): Effect.Effect<ReleaseRecord, StepFailure> {
  return Effect.gen(function* () {
    const { last, deployed } = state;
    const before = yield* unsettledRecords(session, state);
    const plan = yield* planFor(session, deployed, [deployed, ...before], "update");
    const draft: Draft = { record: deployed };
    yield* perform(session, draft, plan, performOptions(before, force));
    if (draft.record !== deployed) yield* session.storage.update(finished(draft.record));
    yield* session.storage.update(withFacts(last, { restored: true }));
    return finished(draft.record);
  });
}

function performOptions(before: ReadonlyArray<ReleaseRecord>, force: boolean): PerformOptions {
  return {
    pre: "pre-rollback",
    post: "post-rollback",
    words: (event: HookEvent) => `${event} hooks failed`,
    migrate: before.some(({ apply_method }) => apply_method !== "ssa"),
    force,
  };
}

/** Upgrading a release (helm.sh/helm/v4/pkg/action/upgrade.go). */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { type Inputs, readInputs, renderCandidate } from "./candidate.ts";
import type { Draft } from "./hooks.ts";
import type { ManagerFailure, UpgradeOptions } from "./manager.ts";
import { isPassing, recordDeployed, recordFailed } from "./outcome.ts";
import { perform, planFor } from "./perform.ts";
import { pendingRecord, withFacts } from "./records.ts";
import { inAction, type Session, type StepFailure, timestamp } from "./session.ts";
import { createRecord, type InstalledState, unsettledRecords } from "./state.ts";

/**
 * Upgrades to what the custom resource asks for now. The revision is a new one, except that
 *
 * - an upgrade to the same inputs that a crash interrupted goes on with its record;
 * - an upgrade to inputs that failed in the newest revision takes that revision again: a custom resource that cannot be
 *   released does not fill the history with its attempts.
 */
export function upgrade(
  session: Session,
  state: InstalledState,
  options: UpgradeOptions = {},
): Effect.Effect<{ readonly previous: ReleaseRecord; readonly updated: ReleaseRecord }, ManagerFailure> {
  const { last, deployed } = state;
  return Effect.gen(function* () {
    const inputs = yield* readInputs(session);
    const same = last.helmwright?.inputs === inputs.digest;
    const resumed = same && last.info.status === "pending-upgrade";
    const again = same && last.info.status === "failed" && last !== deployed;
    const record = resumed ? last : yield* freshRecord(session, state, inputs, again);
    const before = [deployed, ...(yield* unsettledRecords(session, state))].filter((earlier) => earlier !== record);
    const plan = yield* planFor(session, record, before, "update");
    if (again) yield* session.storage.update(record);
    else if (!resumed) yield* createRecord(session, record, state.revisions);

    const draft: Draft = { record };
    const updated = yield* perform(session, draft, plan, {
      pre: "pre-upgrade",
      post: "post-upgrade",
      words: (event) => `${event} hooks failed`,
      migrate: before.some(({ apply_method }) => apply_method !== "ssa"),
      force: options.force ?? false,
    }).pipe(
      Effect.andThen(() => recordDeployed(session, draft.record, options.description ?? "Upgrade complete", state)),
      Effect.tapError((error: StepFailure) =>
        isPassing(error)
          ? Effect.void
          : recordFailed(session, draft.record, `Upgrade "${record.name}" failed: ${error.message}`)
      ),
    );
    return { previous: deployed, updated };
  }).pipe(inAction("upgrade", session, "upgrade failed: "));
}

function freshRecord(session: Session, state: InstalledState, inputs: Inputs, again: boolean) {
  const { last, deployed } = state;
  return Effect.gen(function* () {
    const version = again ? last.version : last.version + 1;
    const candidate = yield* renderCandidate(session, inputs, { revision: version, isInstall: false });
    const record = pendingRecord(session, inputs, candidate, {
      version,
      status: "pending-upgrade",
      description: "Preparing upgrade",
      now: yield* timestamp,
      firstDeployed: deployed.info.first_deployed,
    });
    const attempts = 1 + (yield* failedAttempts(session, state, inputs.digest));
    const labelled = last.labels === undefined ? record : { ...record, labels: last.labels };
    return attempts === 1 ? labelled : withFacts(labelled, { attempts });
  });
}

/** How often in a row an upgrade to these inputs has failed, with a rollback between or without. */
function failedAttempts(session: Session, { last, revisions }: InstalledState, inputs: string) {
  return Effect.gen(function* () {
    let failed: ReleaseRecord | null = last;
    const rolledBack = last.info.rollback_revision !== undefined;
    const previous = revisions.at(-2);
    if (rolledBack && previous?.status === "failed") {
      failed = yield* session.storage.get(session.release, previous.version);
    }
    if (failed?.info.status !== "failed" || failed.helmwright?.inputs !== inputs) return 0;
    return failed.helmwright.attempts ?? 1;
  });
}

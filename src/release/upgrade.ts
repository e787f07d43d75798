/** Upgrading a release (helm.sh/helm/v4/pkg/action/upgrade.go). */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { readInputs } from "./candidate.ts";
import { installCrds } from "./crds.ts";
import type { Draft } from "./hooks.ts";
import type { ManagerFailure } from "./failure.ts";
import type { UpgradeOptions } from "./manager.ts";
import { nextRecord } from "./next-record.ts";
import { describeDone, isPassing, recordDeployed, recordFailure } from "./outcome.ts";
import { perform, planFor, removeAdded } from "./perform.ts";
import { inAction, type Session, type StepFailure } from "./session.ts";
import { type InstalledState, unsettledRecords } from "./state.ts";

/** Upgrades to what the custom resource asks for now, in a revision as {@link nextRecord} chooses it. */
export function upgrade(
  session: Session,
  state: InstalledState,
  options: UpgradeOptions = {},
): Effect.Effect<{ readonly previous: ReleaseRecord; readonly updated: ReleaseRecord }, ManagerFailure> {
  const { deployed } = state;
  return Effect.gen(function* () {
    const { crds, cleanupOnFail } = session.settings;
    if (crds === "replace") yield* installCrds(session, yield* session.source);
    const inputs = yield* readInputs(session);
    const { record, store } = yield* nextRecord(session, state, inputs, "pending-upgrade");
    const before = [deployed, ...(yield* unsettledRecords(session, state))];
    const plan = yield* planFor(session, record, before, "update");
    yield* store;

    const draft: Draft = { record };
    const updated = yield* perform(session, draft, plan, {
      pre: "pre-upgrade",
      post: "post-upgrade",
      words: (event) => `${event} hooks failed`,
      migrate: before.some(({ apply_method }) => apply_method !== "ssa"),
      force: options.force ?? false,
    }).pipe(
      Effect.andThen(() =>
        recordDeployed(session, draft.record, describeDone(session, options, "Upgrade complete"), state)
      ),
      Effect.tapError((error: StepFailure) =>
        Effect.gen(function* () {
          yield* recordFailure(session, draft.record, "Upgrade", error);
          if (cleanupOnFail && !isPassing(error)) yield* removeAdded(session, plan);
        })
      ),
    );
    return { previous: deployed, updated };
  }).pipe(inAction("upgrade", session, "upgrade failed: "));
}

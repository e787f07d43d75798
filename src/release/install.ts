/** Installing a release (helm.sh/helm/v4/pkg/action/install.go). */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { readInputs } from "./candidate.ts";
import { installCrds } from "./crds.ts";
import type { Draft } from "./hooks.ts";
import type { ManagerFailure } from "./failure.ts";
import type { InstallOptions } from "./manager.ts";
import { nextRecord } from "./next-record.ts";
import { describeDone, recordDeployed, recordFailure } from "./outcome.ts";
import { perform, planFor } from "./perform.ts";
import { inAction, type Session, type StepFailure } from "./session.ts";
import { type ReleaseState, unsettledRecords } from "./state.ts";

/** Installs the release of a custom resource that has no deployed revision, in a revision as {@link nextRecord} chooses it. */
export function install(
  session: Session,
  state: ReleaseState,
  options: InstallOptions = {},
): Effect.Effect<ReleaseRecord, ManagerFailure> {
  return Effect.gen(function* () {
    yield* installCrds(session, yield* session.source);
    const inputs = yield* readInputs(session);
    const { record, store } = yield* nextRecord(session, state, inputs, "pending-install");
    const before = yield* unsettledRecords(session, state);
    const plan = yield* planFor(session, record, before, "install");
    yield* store;

    const draft: Draft = { record };
    return yield* perform(session, draft, plan, {
      pre: "pre-install",
      post: "post-install",
      words: (event) => `failed ${event}`,
      migrate: before.some(({ apply_method }) => apply_method !== "ssa"),
      force: false,
    }).pipe(
      Effect.andThen(() =>
        recordDeployed(session, draft.record, describeDone(session, options, "Install complete"), state)
      ),
      Effect.tapError((error: StepFailure) => recordFailure(session, draft.record, "Release", error)),
    );
  }).pipe(inAction("install", session, "failed to install release: "));
}

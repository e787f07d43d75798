/** Installing a release (helm.sh/helm/v4/pkg/action/install.go), with operator-sdk's cleaning up after a failure. */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { type Inputs, readInputs, renderCandidate } from "./candidate.ts";
import { installCrds } from "./crds.ts";
import type { Draft } from "./hooks.ts";
import { ActionError, type InstallOptions, type ManagerFailure, ReleaseNotFound } from "./manager.ts";
import { isPassing, recordDeployed, recordFailed } from "./outcome.ts";
import { perform, planFor } from "./perform.ts";
import { pendingRecord } from "./records.ts";
import { inAction, type Session, StepError, type StepFailure, timestamp } from "./session.ts";
import { createRecord, type ReleaseState, unsettledRecords } from "./state.ts";
import { uninstall } from "./uninstall.ts";

/**
 * Installs the release of a custom resource that has no deployed revision. An install that a crash interrupted goes on
 * with its own record, unless the inputs have changed since: then its record is written anew.
 */
export function install(
  session: Session,
  state: ReleaseState,
  options: InstallOptions = {},
): Effect.Effect<ReleaseRecord, ManagerFailure> {
  return Effect.gen(function* () {
    const source = yield* session.source;
    yield* installCrds(session, source);
    const inputs = yield* readInputs(session);
    const interrupted = state.last?.info.status === "pending-install" ? state.last : null;
    const resumed = interrupted !== null && interrupted.helmwright?.inputs === inputs.digest;
    const record = resumed ? interrupted : yield* freshRecord(session, state, inputs, interrupted);
    const before = (yield* unsettledRecords(session, state)).filter((earlier) => earlier !== record);
    const plan = yield* planFor(session, record, before, "install");
    if (interrupted === null) yield* createRecord(session, record, state.revisions);
    else if (!resumed) yield* session.storage.update(record);

    const draft: Draft = { record };
    return yield* perform(session, draft, plan, {
      pre: "pre-install",
      post: "post-install",
      words: (event) => `failed ${event}`,
      migrate: before.length > 0,
      force: false,
    }).pipe(
      Effect.andThen(() => recordDeployed(session, draft.record, options.description ?? "Install complete", state)),
      Effect.catch((error) => failed(session, draft.record, error)),
    );
  }).pipe(inAction("install", session, "failed to install release: "));
}

function freshRecord(
  session: Session,
  { last }: ReleaseState,
  inputs: Inputs,
  interrupted: ReleaseRecord | null,
) {
  return Effect.gen(function* () {
    const version = interrupted?.version ?? (last?.version ?? 0) + 1;
    const candidate = yield* renderCandidate(session, inputs, { revision: version, isInstall: true });
    const description = "Initial install underway";
    const now = yield* timestamp;
    return pendingRecord(session, inputs, candidate, { version, status: "pending-install", description, now });
  });
}

/** Marks the record as failed, and uninstalls what is there when the watch wants it so. */
function failed(
  session: Session,
  record: ReleaseRecord,
  error: StepFailure,
): Effect.Effect<never, StepFailure | ManagerFailure> {
  if (isPassing(error)) return Effect.fail(error);
  return Effect.gen(function* () {
    yield* recordFailed(session, record, `Release "${record.name}" failed: ${error.message}`);
    if (session.settings.uninstallFailedInstall) {
      yield* Effect.mapError(
        uninstall(session),
        (second) =>
          second instanceof ReleaseNotFound ? error : new ActionError({
            action: "install",
            releaseName: record.name,
            object: error instanceof StepError ? error.object : undefined,
            detail: `failed installation (${error.message}) and failed rollback: ${second.message}`,
            cause: error,
          }),
      );
    }
    return yield* Effect.fail(error);
  });
}

/** Finding out what is to be done for a custom resource. */
import { Effect } from "effect";
import { recordKey } from "../storage/labels.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { ReleaseTaken } from "../storage/storage.ts";
import { type Inputs, readInputs, renderCandidate, sameAnswers } from "./candidate.ts";
import { sameRelease } from "./compare.ts";
import { sameInputs } from "./inputs.ts";
import { ActionError, type ManagerFailure } from "./failure.ts";
import { recover } from "./recover.ts";
import { chartNameOf, type Session } from "./session.ts";
import type { InstalledState, ReleaseState } from "./state.ts";

export interface Synced {
  readonly state: ReleaseState;
  readonly updateRequired: boolean;
}

/**
 * Reads and mends the history, and decides whether the deployed revision is what the custom resource asks for. A
 * deployed revision that was rendered from the same inputs is; with other inputs, or none recorded, the chart is
 * rendered and compared. A revision that proves equal is given the digest in its own record, so that this is done once.
 */
export function sync(session: Session): Effect.Effect<Synced, ManagerFailure> {
  return Effect.gen(function* () {
    const state = yield* recover(session);
    yield* refuseOtherChart(session, state);
    yield* refuseOldRequest(session, state);
    const { last, deployed } = state;
    if (last === null || deployed === null) return { state, updateRequired: false };
    const installed = { ...state, last, deployed };
    if (isUnsettled(installed)) return { state, updateRequired: true };
    const inputs = yield* readInputs(session);
    const facts = deployed.helmwright;
    if (sameInputs(facts, inputs.digest) && (yield* sameAnswers(session, inputs, facts))) {
      return { state, updateRequired: false };
    }
    const adopted = yield* adopt(session, inputs, deployed);
    if (adopted === null) return { state, updateRequired: true };
    return {
      state: { ...state, deployed: adopted, last: last === deployed ? adopted : last },
      updateRequired: false,
    };
  });
}

/** Whether something was begun since the deployed revision and neither finished nor undone. */
export function isUnsettled({ last, deployed }: InstalledState): boolean {
  if (last === deployed) return deployed.info.status !== "deployed";
  return !last.helmwright?.restored;
}

/** The deployed record with the digest of the inputs, when these render what it holds; null when they do not. */
function adopt(
  session: Session,
  inputs: Inputs,
  deployed: ReleaseRecord,
): Effect.Effect<ReleaseRecord | null, ManagerFailure> {
  return Effect.gen(function* () {
    const revision = deployed.info.rollback_revision ?? deployed.version;
    const candidate = yield* renderCandidate(session, inputs, { revision, isInstall: revision === 1 });
    if (!sameRelease(candidate.rendered, deployed)) return null;
    const adopted = { ...deployed, helmwright: candidate.facts };
    yield* session.storage.update(adopted);
    return adopted;
  });
}

/**
 * The newest revision may have been made of a later state of the custom resource than the one that was read: another
 * operator was faster. What was read then is to be read again, not to be brought back.
 */
function refuseOldRequest({ cr, release }: Session, { last }: ReleaseState): Effect.Effect<void, ReleaseTaken> {
  const { uid, generation = Infinity } = cr.metadata;
  const made = last?.helmwright?.resource;
  if (last === null || made === undefined || made.uid !== uid || made.generation <= generation) return Effect.void;
  return Effect.fail(new ReleaseTaken({ key: recordKey(release.name, last.version) }));
}

/** A release of that name which is of another chart is somebody else's. */
export function refuseOtherChart(session: Session, { last }: ReleaseState): Effect.Effect<void, ManagerFailure> {
  return Effect.gen(function* () {
    if (last === null) return;
    const { chart } = yield* session.source;
    const existing = chartNameOf(last);
    if (existing === chart.metadata.name) return;
    return yield* new ActionError({
      action: "reconcile",
      releaseName: session.release.name,
      detail: existing === ""
        ? `could not find chart metadata in release with name "${session.release.name}"`
        : `duplicate release name: found existing release with name "${session.release.name}" for chart "${existing}"`,
    });
  });
}

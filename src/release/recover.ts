/**
 * Making sense of a history that a crash left. A revision that Helmwright left pending belongs to nobody alive: its
 * install or upgrade is gone on with by the next action, and its rollback here. One that Helm left pending may have a
 * `helm` at work on it; it is waited for as long as Helm waits, and then marked as failed.
 */
import { Clock, Effect } from "effect";
import { isPending, type ReleaseRecord } from "../storage/record.ts";
import { ActionError, type ManagerFailure, ReleaseNotFound } from "./failure.ts";
import { recordFailed } from "./outcome.ts";
import { withStatus } from "./records.ts";
import { resumeRollback } from "./rollback.ts";
import type { Session } from "./session.ts";
import { readState, type ReleaseState, supersedeOthers } from "./state.ts";
import { uninstall } from "./uninstall.ts";

/** The state after recovery. A pending install or upgrade of Helmwright's stays pending in it. */
export function recover(session: Session): Effect.Effect<ReleaseState, ManagerFailure> {
  return Effect.gen(function* () {
    const found = yield* readableState(session);
    const state = (yield* resolveLast(session, found)) ? yield* readState(session) : found;
    const { deployed, revisions } = state;
    if (deployed === null) return yield* withoutDeployed(session, state);
    if (revisions.filter(({ status }) => status === "deployed").length > 1) {
      yield* supersedeOthers(session, deployed.version, revisions);
    }
    return state;
  });
}

/** Finishes, or gives up, what the newest revision says is under way. Tells whether it changed anything. */
function resolveLast(session: Session, state: ReleaseState): Effect.Effect<boolean, ManagerFailure> {
  const { last, deployed } = state;
  return Effect.gen(function* () {
    if (last === null) return false;
    const { status } = last.info;
    if (status === "uninstalling") {
      yield* Effect.catchIf(uninstall(session), isNotFound, () => Effect.void);
      return true;
    }
    if (isPending(status) && last.helmwright === undefined) {
      yield* failForeign(session, last);
      return true;
    }
    if (status !== "pending-rollback") return false;
    if (deployed === null) yield* recordFailed(session, last, "Rollback interrupted");
    else yield* resumeRollback(session, { ...state, last, deployed });
    return true;
  });
}

/**
 * A newest revision that is pending and cannot be read was cut off while it was stored, before anything else was
 * written: it is dropped.
 */
function readableState(session: Session): Effect.Effect<ReleaseState, ManagerFailure> {
  return Effect.catchTag(readState(session), "StorageError", (error) =>
    Effect.gen(function* () {
      const newest = (yield* session.storage.revisions(session.release)).at(-1);
      if (newest === undefined || !isPending(newest.status)) return yield* error;
      yield* session.storage.delete(session.release, newest.version);
      return yield* readState(session);
    }));
}

function failForeign(session: Session, record: ReleaseRecord): Effect.Effect<void, ManagerFailure> {
  return Effect.gen(function* () {
    const begun = Date.parse(record.info.last_deployed ?? "");
    const age = (yield* Clock.currentTimeMillis) - begun;
    if (age >= 0 && age < session.settings.timeout) {
      return yield* new ActionError({
        action: "reconcile",
        releaseName: record.name,
        detail: "another operation (install/upgrade/rollback) is in progress",
      });
    }
    yield* session.storage.update(withStatus(record, "failed", "Interrupted"));
  });
}

/**
 * Helm supersedes the old revision before it marks the new one as deployed. When it was cut off in between, the newest
 * superseded revision stands for the deployed one.
 */
function withoutDeployed(session: Session, state: ReleaseState): Effect.Effect<ReleaseState, ManagerFailure> {
  return Effect.gen(function* () {
    const superseded = state.revisions.findLast(({ status }) => status === "superseded");
    if (superseded === undefined || state.revisions.some(({ status }) => status === "uninstalled")) return state;
    return { ...state, deployed: yield* session.storage.get(session.release, superseded.version) };
  });
}

function isNotFound(error: ManagerFailure | ReleaseNotFound): error is ReleaseNotFound {
  return error instanceof ReleaseNotFound;
}

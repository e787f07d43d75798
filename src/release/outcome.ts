/** How an action ends in the release's record. */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import type { StorageFailure } from "../storage/storage.ts";
import type { ManagerFailure } from "./failure.ts";
import { finished, withStatus } from "./records.ts";
import { type Session, StepError, type StepFailure } from "./session.ts";
import { type ReleaseState, supersedeOthers } from "./state.ts";

/**
 * The new revision first, then those that it supersedes: a crash between the two leaves two deployed revisions, of
 * which the newer counts.
 */
export function recordDeployed(
  session: Session,
  record: ReleaseRecord,
  description: string,
  { revisions }: ReleaseState,
): Effect.Effect<ReleaseRecord, StorageFailure> {
  return Effect.gen(function* () {
    const deployed = finished(withStatus(record, "deployed", description));
    yield* session.storage.update(deployed);
    yield* supersedeOthers(session, deployed.version, revisions);
    return deployed;
  });
}

/** Marks a revision as failed, and says why in Helm's words. One whose failure may pass stays pending. */
export function recordFailure(
  session: Session,
  record: ReleaseRecord,
  action: "Release" | "Upgrade" | "Rollback",
  error: StepFailure,
): Effect.Effect<void> {
  if (isPassing(error)) return Effect.void;
  return recordFailed(session, record, `${action} "${record.name}" failed: ${error.message}`);
}

/** The reason in the description of such a revision. */
export function reasonOfFailure(description: string): string {
  return description.replace(/^(Release|Upgrade|Rollback) "[^"]*" failed: /, "");
}

/** Marks a revision as failed. That it could not be marked is no news beside why it failed: it stays pending. */
export function recordFailed(session: Session, record: ReleaseRecord, description: string): Effect.Effect<void> {
  return Effect.ignore(session.storage.update(finished(withStatus(record, "failed", description))));
}

/**
 * Whether a failure may pass by itself: the API server, or who it asks, cannot be reached or is overloaded. Then the
 * revision stays pending, and the next reconcile goes on where this one stopped.
 */
export function isPassing(error: StepFailure): boolean {
  if (error instanceof StepError) return isStepFailure(error.cause) && isPassing(error.cause);
  if (error._tag === "ConnectionError") return true;
  if (error._tag !== "ApiError") return false;
  if (error.code === 500) return ownTrouble.test(error.detail);
  return [429, 502, 503, 504].includes(error.code);
}

/** What the API server is to blame for in a failure that may pass by itself; null for every other failure. */
export function passingCause(failure: ManagerFailure): StepFailure | null {
  const cause = failure._tag === "ActionError" ? failure.cause : failure;
  return isStepFailure(cause) && isPassing(cause) ? cause : null;
}

/**
 * A 500 also tells of objects that cannot be typed, which does not pass. An admission webhook that does not answer may be
 * one of the chart's own that is not up yet: undoing the release would take it away.
 */
const ownTrouble = /etcd|leader|timed? ?out|deadline|connection|shutting down|unavailable|failed calling webhook/i;

function isStepFailure(cause: unknown): cause is StepFailure {
  return cause !== null && typeof cause === "object" && "_tag" in cause;
}

/** A deployed revision's description: the action's, or the watch's, or Helm's words. */
export function describeDone({ settings }: Session, options: { readonly description?: string }, words: string): string {
  return options.description ?? (settings.description || words);
}

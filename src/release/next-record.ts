/** The revision that an install or upgrade writes. */
import { Effect } from "effect";
import { isPending, type ReleaseRecord } from "../storage/record.ts";
import type { StorageFailure } from "../storage/storage.ts";
import { type Inputs, renderCandidate, resourceFact, sameAnswers } from "./candidate.ts";
import { claim } from "./fence.ts";
import type { ManagerFailure } from "./failure.ts";
import { recordFailed } from "./outcome.ts";
import { applyMethod, pendingRecord, withFacts } from "./records.ts";
import { type Session, timestamp } from "./session.ts";
import { createRecord, type ReleaseState } from "./state.ts";

export interface NextRecord {
  readonly record: ReleaseRecord;
  /** Writes it. Nothing may be applied before. */
  readonly store: Effect.Effect<void, StorageFailure>;
}

/**
 * A new revision, except that an action to the same inputs which a crash interrupted goes on with its own record, and
 * one that failed in the newest revision takes that revision again, as it was rendered: what cannot be released does
 * not fill the history with its attempts, and draws no random values anew.
 */
export function nextRecord(
  session: Session,
  state: ReleaseState,
  inputs: Inputs,
  status: "pending-install" | "pending-upgrade",
): Effect.Effect<NextRecord, ManagerFailure> {
  const { last, deployed, revisions } = state;
  const same = last !== null && last !== deployed && last.helmwright?.inputs === inputs.digest;
  return Effect.gen(function* () {
    if (same && last.info.status === status) {
      return { record: withFacts(last, { holder: session.holder }), store: Effect.asVoid(claim(session, last)) };
    }
    const now = yield* timestamp;
    if (same && isRetryable(last) && (yield* sameAnswers(session, inputs, last.helmwright!))) {
      const record = withFacts(attemptAgain(session, last, status, now), {
        holder: session.holder,
        ...resourceFact(session.cr),
      });
      return { record, store: Effect.asVoid(session.storage.update(record)) };
    }
    const candidate = yield* renderCandidate(session, inputs, {
      revision: (last?.version ?? 0) + 1,
      isInstall: status === "pending-install",
    });
    const rendered = pendingRecord(session, inputs, candidate, {
      version: (last?.version ?? 0) + 1,
      status,
      description: descriptions[status],
      now,
      firstDeployed: deployed?.info.first_deployed,
    });
    const attempts = 1 + (yield* failedAttempts(session, state, inputs.digest));
    const labelled = last?.labels === undefined
      ? rendered
      : { ...rendered, labels: { ...last.labels, ...rendered.labels } };
    const record = withFacts(labelled, { holder: session.holder, ...(attempts === 1 ? {} : { attempts }) });
    const interrupted = last !== null && isPending(last.info.status)
      ? recordFailed(session, last, "Interrupted")
      : Effect.void;
    return { record, store: Effect.andThen(interrupted, createRecord(session, record, revisions)) };
  });
}

/** In Helm's words. */
const descriptions = { "pending-install": "Initial install underway", "pending-upgrade": "Preparing upgrade" };

/** A failed rollback has another revision's inputs. */
function isRetryable({ info }: ReleaseRecord): boolean {
  return info.status === "failed" && info.rollback_revision === undefined;
}

function attemptAgain(
  { settings }: Session,
  failed: ReleaseRecord,
  status: ReleaseRecord["info"]["status"],
  now: string,
): ReleaseRecord {
  const { restored: _, ...facts } = failed.helmwright!;
  return {
    ...failed,
    info: {
      ...failed.info,
      status,
      description: descriptions[status as keyof typeof descriptions],
      last_deployed: now,
    },
    apply_method: applyMethod(settings),
    hooks: failed.hooks?.map((hook) => ({ ...hook, last_run: { phase: "" } })),
    helmwright: { ...facts, inputs: facts.inputs, attempts: (facts.attempts ?? 1) + 1 },
  };
}

/** How often in a row the newest attempts at these inputs have failed, with a rollback between or without. */
function failedAttempts(
  session: Session,
  { last, revisions }: ReleaseState,
  inputs: string,
): Effect.Effect<number, StorageFailure> {
  return Effect.gen(function* () {
    let failed = last;
    const previous = revisions.at(-2);
    if (last?.info.rollback_revision !== undefined && previous?.status === "failed") {
      failed = yield* session.storage.get(session.release, previous.version);
    }
    if (failed?.info.status !== "failed" || failed.helmwright?.inputs !== inputs) return 0;
    return failed.helmwright.attempts ?? 1;
  });
}

/** A release's history as an action needs it. */
import { Effect, Schedule } from "effect";
import { lastDeployed, toPrune } from "../storage/history.ts";
import { recordKey } from "../storage/labels.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { ReleaseTaken, type Revision, type StorageFailure } from "../storage/storage.ts";
import { ownerReference } from "./ownership.ts";
import { withStatus } from "./records.ts";
import type { Session } from "./session.ts";

export interface ReleaseState {
  /** The oldest first. */
  readonly revisions: ReadonlyArray<Revision>;
  /** The newest revision; null for a release that was never made. */
  readonly last: ReleaseRecord | null;
  /** The newest deployed revision; may be `last` itself. */
  readonly deployed: ReleaseRecord | null;
}

/** The state of a release that has a deployed revision. */
export interface InstalledState extends ReleaseState {
  readonly last: ReleaseRecord;
  readonly deployed: ReleaseRecord;
}

/**
 * One request for the list, and one each for the newest and the deployed record. A record that another process wrote
 * between the two is not what the list says: then all is read again, and in the end given up with ReleaseTaken.
 */
export function readState(session: Session): Effect.Effect<ReleaseState, StorageFailure> {
  return Effect.retry(
    Effect.gen(function* () {
      const revisions = yield* session.storage.revisions(session.release);
      const newest = revisions.at(-1);
      const found = lastDeployed(revisions);
      const last = yield* readRevision(session, newest);
      const deployed = found === newest ? last : yield* readRevision(session, found);
      return { revisions, last, deployed };
    }),
    { schedule: briefly, times: 5, while: (error) => error._tag === "ReleaseTaken" },
  );
}

const briefly = Schedule.jittered(Schedule.exponential("20 millis"));

/** The record of a revision in a list; null for none. Fails with ReleaseTaken when it was written since. */
function readRevision(
  { storage, release }: Session,
  revision: Revision | undefined,
): Effect.Effect<ReleaseRecord | null, StorageFailure> {
  if (revision === undefined) return Effect.succeed(null);
  const { version, resourceVersion } = revision;
  return Effect.flatMap(
    storage.get(release, version),
    (record): Effect.Effect<ReleaseRecord, ReleaseTaken> =>
      record === null || record.resourceVersion !== resourceVersion
        ? Effect.fail(new ReleaseTaken({ key: recordKey(release.name, version) }))
        : Effect.succeed(record),
  );
}

/** Stores a new revision, after making room for it as Helm does. */
export function createRecord(
  session: Session,
  record: ReleaseRecord,
  revisions: ReadonlyArray<Revision>,
): Effect.Effect<void, StorageFailure> {
  const { maxHistory } = session.settings;
  return Effect.gen(function* () {
    const room = maxHistory <= 0 ? [] : toPrune(revisions, Math.max(maxHistory - 1, 1));
    yield* Effect.forEach(room, ({ version }) => session.storage.delete(session.release, version), { discard: true });
    yield* session.storage.create(record, recordOwner(session));
  });
}

/** Marks every other deployed revision as superseded. */
export function supersedeOthers(
  session: Session,
  version: number,
  revisions: ReadonlyArray<Revision>,
): Effect.Effect<void, StorageFailure> {
  const others = revisions.filter((revision) => revision.status === "deployed" && revision.version !== version);
  return Effect.forEach(others, ({ version }) =>
    Effect.gen(function* () {
      const record = yield* session.storage.get(session.release, version);
      if (record !== null) yield* session.storage.update(withStatus(record, "superseded"));
    }), { discard: true });
}

/** The custom resource, where a record in the release's namespace may have it as its owner. */
function recordOwner({ cr, release }: Session) {
  const { namespace } = cr.metadata;
  return namespace === undefined || namespace === release.namespace ? ownerReference(cr) : undefined;
}

/**
 * The records whose objects may be in the cluster beside the deployed revision's: those of actions that failed or were
 * interrupted since. Without a deployed revision they are all that was not uninstalled.
 */
export function unsettledRecords(
  session: Session,
  { revisions, last, deployed }: ReleaseState,
): Effect.Effect<ReadonlyArray<ReleaseRecord>, StorageFailure> {
  const uninstalled = revisions.findLast(({ status }) => status === "uninstalled")?.version ?? 0;
  const settled = Math.max(uninstalled, deployed?.version ?? 0);
  const newer = revisions.filter(({ version }) => version > settled && version !== last?.version);
  return Effect.gen(function* () {
    const older = yield* Effect.forEach(newer, ({ version }) => session.storage.get(session.release, version));
    const records = last === null || last === deployed || last.info.status === "uninstalled" ? older : [...older, last];
    return records.filter((record) => record !== null).filter((record) => !record.helmwright?.restored);
  });
}

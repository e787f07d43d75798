/**
 * The fence around a release: of two that work on it, an old pod and a new one for instance, the one that falls behind
 * stops before its next write.
 *
 * Each write of a revision requires that nobody else wrote it since it was read, and a new revision's number is free or
 * it is not. An object is written only when the newest revision was known to be unchanged a moment ago; else it is
 * looked at first. Who goes on with a revision that another process has under way first gives it that moment to end,
 * then claims it by a write, so that the other falls behind, and lets another moment pass, until the other has noticed.
 */
import { Clock, Deferred, Effect } from "effect";
import type { KubeClient, KubeError, WriteOptions } from "../kube/kube-client.ts";
import { recordKey } from "../storage/labels.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { ReleaseTaken, type Storage, type StorageFailure } from "../storage/storage.ts";
import { withFacts } from "./records.ts";
import type { Session } from "./session.ts";

/** How long the newest revision is taken for unchanged, milliseconds. */
const trust = 1_000;

export interface Fence {
  /** The clients for what runs inside. A write that comes too late never begins. */
  readonly kube: KubeClient["Service"];
  readonly storage: Storage["Service"];
  /** Runs an action, and breaks it off with ReleaseTaken when another writes to the release. One at a time. */
  readonly within: <A, E>(action: Effect.Effect<A, E>) => Effect.Effect<A, E | ReleaseTaken>;
}

/** A revision as it was last read or written through a fence. */
interface Known {
  readonly resourceVersion: string | undefined;
  /** The process that has it under way. */
  readonly holder: string | undefined;
}

/** A fence for one manager. */
export function makeFence({ kube, storage, release, holder }: Session): Fence {
  const known = new Map<number, Known>();
  let confirmedAt = -Infinity;
  let alarm: Deferred.Deferred<never, ReleaseTaken> | null = null;

  const saw = (record: ReleaseRecord | null) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (record === null) return;
      known.set(record.version, { resourceVersion: record.resourceVersion, holder: record.helmwright?.holder });
      if (record.version === newestKnown(known)) confirmedAt = now;
    });
  const surrender = (version: number): Effect.Effect<never, ReleaseTaken> => {
    const taken = new ReleaseTaken({ key: recordKey(release.name, version) });
    return alarm === null ? Effect.fail(taken) : Effect.andThen(Deferred.fail(alarm, taken), Effect.never);
  };
  const orSurrender = (version: number) => (write: Effect.Effect<ReleaseRecord, StorageFailure>) =>
    write.pipe(
      Effect.tap(saw),
      Effect.catchTags({ ReleaseExists: () => surrender(version), ReleaseTaken: () => surrender(version) }),
    );
  const check = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis;
    if (now - confirmedAt < trust) return;
    const newest = (yield* storage.revisions(release)).at(-1);
    const version = newestKnown(known);
    const isSame = (newest?.version ?? 0) === version &&
      newest?.resourceVersion === known.get(version)?.resourceVersion;
    if (!isSame) yield* Effect.orDie(surrender(newest?.version ?? version));
    confirmedAt = now;
  });
  const checked = <A>(write: Effect.Effect<A, KubeError>, options: WriteOptions = {}): Effect.Effect<A, KubeError> =>
    options.dryRun || alarm === null ? write : Effect.andThen(check, write);

  return {
    kube: {
      ...kube,
      create: (object, options) => checked(kube.create(object, options), options),
      replace: (object, options) => checked(kube.replace(object, options), options),
      patch: (ref, body, type, options) => checked(kube.patch(ref, body, type, options), options),
      apply: (object, options) => checked(kube.apply(object, options), options),
      delete: (ref, options) => checked(kube.delete(ref, options)),
    },
    storage: {
      ...storage,
      get: (key, version) => Effect.tap(storage.get(key, version), saw),
      create: (record, owner) => storage.create(record, owner).pipe(orSurrender(record.version)),
      update: (record) =>
        Effect.suspend(() => {
          const before = known.get(record.version);
          const write = orSurrender(record.version)(
            storage.update({ ...record, resourceVersion: before?.resourceVersion }),
          );
          if (before?.holder === undefined || before.holder === holder) return write;
          const moment = Effect.sleep(trust);
          return Effect.tap(Effect.andThen(moment, write), () => moment);
        }),
      delete: (key, version) =>
        Effect.tap(storage.delete(key, version), () => Effect.sync(() => known.delete(version))),
    },
    within: (action) =>
      Effect.gen(function* () {
        const raised = yield* Deferred.make<never, ReleaseTaken>();
        alarm = raised;
        return yield* Effect.raceFirst(action, Deferred.await(raised));
      }),
  };
}

/** Makes a revision that somebody left pending this process's own, by a write, unless it is that already. */
export function claim(session: Session, record: ReleaseRecord): Effect.Effect<ReleaseRecord, StorageFailure> {
  if (record.helmwright?.holder === session.holder) return Effect.succeed(record);
  return session.storage.update(withFacts(record, { holder: session.holder }));
}

function newestKnown(known: ReadonlyMap<number, unknown>): number {
  return Math.max(0, ...known.keys());
}

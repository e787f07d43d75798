/** The part that install, upgrade and rollback share: from a pending record to the objects in the cluster. */
import { Effect } from "effect";
import { describe, type KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { applyObjects } from "./apply.ts";
import { buildObjects, formerObjects } from "./build.ts";
import { type Draft, type HookEvent, runHooks } from "./hooks.ts";
import { hasGeneratedName, objectKey, refOf, resourceString } from "./manifest.ts";
import { foreign } from "./ownership.ts";
import { removeObjects } from "./remove.ts";
import { chartNameOf, type Session, StepError, stepFailed, type StepFailure } from "./session.ts";
import { waitUntilReady } from "./wait-ready.ts";

/** What is to be done with a pending record. */
export interface Plan {
  /** The objects to apply, from the record's manifest. */
  readonly targets: ReadonlyArray<KubeObject>;
  /** The objects of the revisions before, which are deleted unless they are targets. */
  readonly former: ReadonlyArray<KubeObject>;
  /** The keys of targets that are not in the cluster yet. */
  readonly absent: ReadonlySet<string>;
  /** The targets as earlier revisions had them, by key. */
  readonly earlier: ReadonlyMap<string, ReadonlyArray<KubeObject>>;
}

/**
 * Builds the objects and checks, before anything is written, that those which the release did not have yet are not
 * somebody else's.
 */
export function planFor(
  session: Session,
  record: ReleaseRecord,
  before: ReadonlyArray<ReleaseRecord>,
  action: "install" | "update",
): Effect.Effect<Plan, StepFailure> {
  return Effect.gen(function* () {
    const chartName = chartNameOf(record);
    const targets = yield* buildObjects(session, record.manifest ?? "", { chartName, managed: true });
    const former = new Map<string, KubeObject>();
    const earlier = new Map<string, KubeObject[]>();
    const deployed = new Set<string>();
    for (const { manifest, info } of before) {
      for (const object of yield* formerObjects(session, manifest ?? "")) {
        const key = objectKey(object);
        former.set(key, object);
        earlier.set(key, [...earlier.get(key) ?? [], object]);
        if (info?.status === "deployed") deployed.add(key);
      }
    }
    // What only a failed revision had may be there or not.
    const added = targets.filter((object) => !hasGeneratedName(object) && !deployed.has(objectKey(object)));
    const absent = yield* Effect.filter(
      added,
      (object) => {
        const isOwn = session.settings.takeOwnership || former.has(objectKey(object));
        return Effect.map(readTarget(session, object, isOwn ? null : action), (live) => live === null);
      },
      { concurrency: 8 },
    );
    return { targets, former: [...former.values()], absent: new Set(absent.map(objectKey)), earlier };
  });
}

/** The live object; null when there is none. Fails when it is somebody else's, if an action is named that must not be. */
function readTarget(
  session: Session,
  object: KubeObject,
  action: string | null,
): Effect.Effect<KubeObject | null, StepError> {
  return Effect.gen(function* () {
    const name = resourceString(object);
    const live = yield* Effect.mapError(
      session.kube.get(refOf(object)),
      stepFailed(object, `could not get information about the resource ${name}`),
    );
    const reason = live === null || action === null ? null : foreign(live, session);
    if (reason === null) return live;
    return yield* new StepError({
      object: describe(object),
      detail:
        `unable to continue with ${action}: ${name} exists and cannot be imported into the current release: ${reason}`,
    });
  });
}

export interface PerformOptions {
  readonly pre: HookEvent;
  readonly post: HookEvent;
  /** How a failed hook of `pre` or `post` is told, such as `pre-upgrade hooks failed`. */
  readonly words: (event: HookEvent) => string;
  readonly migrate: boolean;
  readonly force: boolean;
}

/** Hooks, objects, deletions, waiting, hooks. Can be interrupted anywhere and done again from the start. */
export function perform(
  session: Session,
  draft: Draft,
  { targets, former, absent, earlier }: Plan,
  { pre, post, words, migrate, force }: PerformOptions,
): Effect.Effect<void, StepFailure> {
  const hooks = (event: HookEvent) =>
    Effect.mapError(
      runHooks(session, draft, event),
      (error) =>
        new StepError({
          object: error._tag === "StepError" ? error.object : undefined,
          detail: `${words(event)}: ${error.message}`,
          cause: error,
        }),
    );
  return Effect.gen(function* () {
    yield* hooks(pre);
    yield* applyObjects(session, targets, { migrate, force, absent, earlier });
    yield* removeFormer(session, draft.record, targets, former);
    yield* waitUntilReady(session, targets);
    yield* hooks(post);
  });
}

/** Deletes what the plan was to add, after it failed. That it could not is no news beside why it failed. */
export function removeAdded(session: Session, { targets, absent }: Plan): Effect.Effect<void> {
  const added = targets.filter((object) => absent.has(objectKey(object))).toReversed();
  return Effect.ignore(removeObjects(session, added));
}

/** Deletes what is not in the new revision, except what became a hook of it. */
function removeFormer(
  session: Session,
  record: ReleaseRecord,
  targets: ReadonlyArray<KubeObject>,
  former: ReadonlyArray<KubeObject>,
): Effect.Effect<void, StepFailure> {
  return Effect.gen(function* () {
    const present = new Set(targets.map(objectKey));
    const gone = former.filter((object) => !present.has(objectKey(object)));
    if (gone.length === 0) return;
    for (const hook of record.hooks ?? []) {
      for (const object of yield* formerObjects(session, hook.manifest ?? "")) present.add(objectKey(object));
    }
    const uids = yield* sharedUids(session, targets, gone);
    yield* removeObjects(session, gone.filter((object) => !present.has(objectKey(object))), uids);
  });
}

/**
 * The uids of targets that have a former object's name and kind: an object which moved to another API group, such as an
 * Ingress from extensions to networking.k8s.io, is one object under two addresses.
 */
function sharedUids(
  session: Session,
  targets: ReadonlyArray<KubeObject>,
  gone: ReadonlyArray<KubeObject>,
): Effect.Effect<ReadonlySet<string>, StepFailure> {
  const names = new Set(gone.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`));
  const moved = targets.filter(({ kind, metadata }) => names.has(`${kind}/${metadata.namespace}/${metadata.name}`));
  return Effect.map(
    Effect.forEach(moved, (object) => session.kube.get(refOf(object))),
    (live) => new Set(live.flatMap((object) => object?.metadata.uid ?? [])),
  );
}

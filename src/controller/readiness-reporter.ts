/**
 * Keeps `status.observedGeneration`, `status.resources` and the condition Ready of a kind's custom resources true: with
 * each reconcile, and between reconciles when a watch shows that an object of the release has become ready or is so no
 * longer. Such a write comes a moment after the first change, and at most once in a while; it never comes when it would
 * change nothing.
 */
import { createHash } from "node:crypto";
import { Clock, Effect, type Scope } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import { formatApiVersion, type Gvk, gvkOf } from "../kube/object.ts";
import { hasGeneratedName, parseManifest } from "../release/manifest.ts";
import type { ReleaseRecord } from "../release/manager.ts";
import type { Dependents } from "./dependents.ts";
import { type ObjectName, type Owner, typeName } from "./ledger.ts";
import { PodWatchman } from "./pod-watchman.ts";
import { bounded, type ReadinessReport, reportOf, resourcesOf } from "./readiness-report.ts";
import type { Condition, ConditionReason } from "./status.ts";
import { Work } from "./work.ts";

/** What a reconcile tells of a release, to be written with its status. */
export interface ReadinessReporter {
  /** Runs an action; if it takes long the status says that it is under way. */
  readonly during: <A, E, R>(
    work: Work,
    reason: "Installing" | "Upgrading",
    action: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E, R>;
  /** The release of the resource's present generation is deployed. */
  readonly deployed: (work: Work, release: ReleaseRecord) => Effect.Effect<void, KubeError>;
  /** It is not, because of a failure, or because reconciling is paused. */
  readonly notDeployed: (
    work: Work,
    status: "False" | "Unknown",
    reason: ConditionReason,
    message: string,
  ) => Effect.Effect<void>;
  /** Whether the status of this generation is kept true by watches. */
  readonly isLive: (work: Work) => boolean;
  /** What is known of how ready the objects are may have changed. `key` is `namespace/name`. */
  readonly changed: (key: string) => Effect.Effect<void>;
  /** The resource is being deleted or is gone: its status is written no more. */
  readonly forget: (key: string) => Effect.Effect<void>;
}

export interface ReporterOptions {
  readonly kube: KubeClient["Service"];
  readonly gvk: Gvk;
  readonly dependents: Pick<Dependents, "book" | "isBusy">;
  /** Whether the releases' objects are watched. */
  readonly isWatched: boolean;
}

/** Milliseconds: from a change to its write, between two writes, after a failed write, until an action takes long. */
const pace = { settle: 250, apart: 2_000, retry: 5_000, long: 1_000 };

/** What was last written for a custom resource. */
interface Shown {
  readonly uid: string | undefined;
  readonly generation: number | undefined;
  /** Why the release of this generation is not deployed; null when it is. */
  readonly obstacle: Condition | null;
  digest: string;
  /** Milliseconds since 1970; -Infinity when a reconcile wrote last, for the first change after it is told soon. */
  wroteAt: number;
  /** When the next look is due; undefined when none is. */
  due: number | undefined;
}

/** A reporter whose looks end with the scope. */
export const makeReadinessReporter = Effect.fnUntraced(function* (
  { kube, gvk, dependents, isWatched }: ReporterOptions,
): Effect.fn.Return<ReadinessReporter, never, Scope.Scope> {
  const scope = yield* Effect.scope;
  const { book } = dependents;
  const type = typeName(gvk.group, gvk.kind);
  const shown = new Map<string, Shown>();
  const manifests = new Map<string, { readonly digest: string; readonly names: ReadonlyArray<ObjectName> }>();
  const pods = new PodWatchman(kube);
  const ownerAt = (key: string): Owner => ({ type, key });

  const report = (key: string, obstacle: Condition | null): ReadinessReport => {
    const resources = resourcesOf(book.members(ownerAt(key)), pods.why);
    if (obstacle === null) return reportOf(resources, isWatched);
    // Before its first success this process does not know what the release consists of: what is written stays.
    return { ...(resources.length > 0 ? bounded(resources) : {}), condition: obstacle };
  };

  const show = Effect.fnUntraced(function* (work: Work, key: string, obstacle: Condition | null) {
    const found = report(key, obstacle);
    const { uid, generation } = work.cr.metadata;
    const due = shown.get(key)?.due;
    shown.set(key, { uid, generation, obstacle, digest: digestOf(textOf(found)), wroteAt: -Infinity, due });
    yield* apply(work, found);
  });

  const schedule = (key: string, at: number): Effect.Effect<void> =>
    Effect.gen(function* () {
      const entry = shown.get(key);
      if (entry === undefined || (entry.due !== undefined && entry.due <= at)) return;
      entry.due = at;
      const wait = at - (yield* Clock.currentTimeMillis);
      const look = Effect.suspend(() => {
        // A sooner look has taken its place, or the resource is another by now.
        if (shown.get(key)?.due !== at) return Effect.void;
        shown.get(key)!.due = undefined;
        return flush(key);
      });
      yield* Effect.forkIn(Effect.andThen(Effect.sleep(Math.max(wait, 0)), look), scope, { startImmediately: true });
    });

  const flush = (key: string): Effect.Effect<void> =>
    Effect.gen(function* () {
      const entry = shown.get(key);
      // The worker writes when it is done, and looks again after that.
      if (entry === undefined || dependents.isBusy(ownerAt(key))) return;
      const nextLook = isWatched ? yield* pods.look(book.members(ownerAt(key))) : null;
      const found = report(key, entry.obstacle);
      const digest = digestOf(textOf(found));
      if (digest !== entry.digest) yield* write(key, entry, found, digest);
      if (nextLook !== null) yield* schedule(key, nextLook);
    });

  /** Only over the version that was read: the worker may have begun to write. */
  const write = (key: string, entry: Shown, found: ReadinessReport, digest: string): Effect.Effect<void> =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      entry.wroteAt = now;
      const slash = key.indexOf("/");
      const [namespace, name] = [key.slice(0, slash) || undefined, key.slice(slash + 1)];
      const cr = yield* kube.get({ apiVersion: formatApiVersion(gvk), kind: gvk.kind, namespace, name });
      if (cr === null || cr.metadata.uid !== entry.uid || cr.metadata.deletionTimestamp !== undefined) return;
      const { hasStatus } = yield* kube.resource(gvk);
      // A newer generation is the worker's to report.
      if (hasStatus && cr.metadata.generation !== entry.generation) return;
      const work = new Work(kube, cr);
      yield* apply(work, found);
      yield* work.saveUnchanged;
      entry.digest = digest;
    }).pipe(
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logDebug(`Cannot write how ready ${key} is, trying again: ${error.message}`),
          Effect.flatMap(Clock.currentTimeMillis, (now) => schedule(key, now + pace.retry)),
        )
      ),
    );

  /** The release's objects; the same manifest is read once. */
  const namesOf = Effect.fnUntraced(function* (key: string, { manifest = "", namespace }: ReleaseRecord) {
    const digest = digestOf(manifest);
    const known = manifests.get(key);
    if (known?.digest === digest) return known.names;
    pods.forget(book.members(ownerAt(key)));
    const names: ObjectName[] = [];
    for (const object of parseManifest(manifest)) {
      if (hasGeneratedName(object)) continue;
      const { apiVersion, kind, metadata } = object;
      const { namespaced } = yield* kube.resource(gvkOf(object));
      names.push({
        apiVersion,
        kind,
        ...(namespaced ? { namespace: metadata.namespace || namespace } : {}),
        name: metadata.name ?? "",
      });
    }
    manifests.set(key, { digest, names });
    return names;
  });

  return {
    during: (work, reason, action) => {
      const message = `${reason === "Installing" ? "Installing" : "Upgrading"} the release`;
      const tell = Effect.gen(function* () {
        yield* Effect.sleep(pace.long);
        yield* work.set({ type: "Ready", status: "False", reason, message });
        yield* work.save;
      }).pipe(Effect.catch((error) => Effect.logDebug(`Cannot write that an action is under way: ${error.message}`)));
      return Effect.scoped(Effect.andThen(Effect.forkScoped(tell), action));
    },
    deployed: (work, release) =>
      Effect.gen(function* () {
        const key = keyOf(work);
        book.consists(ownerAt(key), yield* namesOf(key, release));
        yield* show(work, key, null);
      }),
    notDeployed: (work, status, reason, message) => show(work, keyOf(work), { type: "Ready", status, reason, message }),
    isLive: (work) => {
      const entry = shown.get(keyOf(work));
      const { uid, generation } = work.cr.metadata;
      return isWatched && entry?.obstacle === null && entry.uid === uid && entry.generation === generation;
    },
    changed: (key) =>
      Effect.gen(function* () {
        const entry = shown.get(key);
        if (entry === undefined) return;
        const now = yield* Clock.currentTimeMillis;
        yield* schedule(key, Math.max(now + pace.settle, entry.wroteAt + pace.apart));
      }),
    forget: (key) =>
      Effect.sync(() => {
        shown.delete(key);
        manifests.delete(key);
        pods.forget(book.members(ownerAt(key)));
        book.forget(ownerAt(key));
      }),
  };
});

/** For who needs operator-sdk's exact status: tells nothing, and takes away what was told when this was not so. */
export const noReadinessReporter: ReadinessReporter = {
  during: (_, __, action) => action,
  deployed: (work) => Effect.sync(() => work.withoutReadiness()),
  notDeployed: (work) => Effect.sync(() => work.withoutReadiness()),
  isLive: () => false,
  changed: () => Effect.void,
  forget: () => Effect.void,
};

function apply(work: Work, { condition, ...list }: ReadinessReport): Effect.Effect<void> {
  const { generation } = work.cr.metadata;
  work.status = { ...work.status, observedGeneration: generation ?? null, ...list };
  return work.set(condition);
}

function textOf({ condition, resources, resourcesOmitted }: ReadinessReport): string {
  const { status, reason, message } = condition;
  return JSON.stringify([status, reason, message, resources, resourcesOmitted]);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function keyOf({ cr: { metadata: { namespace = "", name } } }: Work): string {
  return `${namespace}/${name}`;
}

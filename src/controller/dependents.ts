/**
 * Watches of releases' objects. A watch is opened when a release first has an object of its kind, sees only objects with
 * the chart's label, and keeps a hash of each. Drift puts the owner into its controller's queue.
 */
import { Clock, Effect, FiberMap, type Scope, Stream } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import { type KubeObject, parseApiVersion } from "../kube/object.ts";
import { reflect } from "../kube/watch-source.ts";
import {
  chartLabel,
  type Drift,
  keyOf,
  Ledger,
  nameOf,
  type ObjectName,
  type Owner,
  ownerId,
  type Place,
  typeName,
} from "./ledger.ts";
import { contentHash, driftHash } from "./object-hash.ts";
import { observe, type Observer } from "./observed-client.ts";
import { judge, ReadinessBook } from "./readiness-book.ts";

/** A controller, as far as dependents concern it. */
export interface OwnerController {
  readonly group: string;
  readonly kind: string;
  /** Whether drift of its resources' objects is its business. */
  readonly watchesDependents: boolean;
  /** Whether its resources lie in namespaces, as far as is known. */
  readonly isNamespaced: () => boolean;
  readonly isBusy: (key: string) => boolean;
  /** Puts the owner into the queue, after a delay in milliseconds. */
  readonly enqueue: (key: string, delay: number) => Effect.Effect<void>;
  /** What is known of how ready the owner's objects are may have changed. */
  readonly readinessChanged: (key: string) => Effect.Effect<void>;
}

export interface Dependents {
  /** The client for all writes to objects of releases: what goes through it is not taken for drift. */
  readonly observed: KubeClient["Service"];
  /** How ready the objects are. */
  readonly book: ReadinessBook;
  readonly isBusy: (owner: Owner) => boolean;
  /** From now on, drift of the controller's objects comes to it. */
  readonly register: (controller: OwnerController) => Effect.Effect<void>;
  /** Opens the watches for the objects of the owner that are not open yet. */
  readonly watch: (owner: Owner) => Effect.Effect<void>;
  /**
   * These objects of the owner are known to have drifted and stay so. The fields that drifted are not the release's any
   * more: any change of such an object puts the owner into its queue, to see whether it is still another.
   */
  readonly watchClosely: (owner: Owner, objects: ReadonlyArray<ObjectName>) => Effect.Effect<void>;
  /** Drift of the owner was repaired, or told of: what undoes that again and again is heard ever later. */
  readonly attended: (owner: Owner) => Effect.Effect<void>;
  /** The work on the owner is over: drift that was seen meanwhile is told now. */
  readonly settle: (owner: Owner) => Effect.Effect<void>;
  /** The owner is gone. */
  readonly forget: (owner: Owner) => Effect.Effect<void>;
}

/** Drift this often within the time is somebody else's habit: it is mended ever more slowly. Milliseconds. */
const habit = { times: 3, within: 600_000, first: 1_000, longest: 300_000 };

/**
 * Dependents of all controllers. `byNamespace` watches in the namespaces where objects lie, instead of the whole
 * cluster. The watches end with the scope.
 */
export const makeDependents = Effect.fnUntraced(function* (
  byNamespace: boolean,
): Effect.fn.Return<Dependents, never, Scope.Scope | KubeClient> {
  const kube = yield* KubeClient;
  const watches = yield* FiberMap.make<string, void>();
  // The watches outlive the reconcile that opens them, and log as themselves.
  const run = yield* FiberMap.runtime(watches)<KubeClient>();
  const controllers = new Map<string, OwnerController>();
  const ledger = new Ledger((type) => controllers.get(type)?.isNamespaced() ?? true);
  const habits = new Map<string, { times: number; last: number }>();
  const book = new ReadinessBook();
  const clock = yield* Clock.Clock;
  const closely = new Map<string, ReadonlyArray<string>>();
  const watchedClosely = new Set<string>();
  const hashOf = (object: KubeObject) =>
    watchedClosely.has(keyOf(nameOf(object))) ? contentHash(object) : driftHash(object);
  const watchClosely = (owner: Owner, objects: ReadonlyArray<ObjectName>) => {
    const id = ownerId(owner);
    for (const key of closely.get(id) ?? []) watchedClosely.delete(key);
    const keys = objects.map(keyOf);
    for (const key of keys) watchedClosely.add(key);
    if (keys.length > 0) closely.set(id, keys);
    else closely.delete(id);
  };
  const verdictOf = (object: KubeObject) => judge(object, clock.currentTimeMillisUnsafe());

  const timesOf = (id: string, now: number) => {
    const known = habits.get(id);
    return known !== undefined && now - known.last < habit.within ? known.times : 0;
  };

  const isBusy = ({ type, key }: Owner) => controllers.get(type)?.isBusy(key) ?? false;

  const tell = Effect.fnUntraced(function* ({ owner, change }: Drift, what: string) {
    const controller = controllers.get(owner.type);
    // A watch that another controller opened may show objects of one that wants to see none.
    if (!controller?.watchesDependents) return;
    const id = `${owner.type}|${owner.key}`;
    const times = timesOf(id, yield* Clock.currentTimeMillis);
    const delay = times < habit.times ? 0 : Math.min(habit.first * 2 ** (times - habit.times), habit.longest);
    yield* Effect.annotateLogs(Effect.logDebug(`Dependent ${what} was ${change}`), { owner: id, delay });
    yield* controller.enqueue(owner.key, delay);
  });

  const follow = (place: Place): Effect.Effect<void, never, KubeClient> => {
    const { apiVersion, kind, chart, namespace } = place;
    const gvk = { ...parseApiVersion(apiVersion), kind };
    const selection = { labelSelector: `${chartLabel}=${chart}`, ...(namespace === "" ? {} : { namespace }) };
    const look = (object: KubeObject) => ({
      version: object.metadata.resourceVersion ?? "",
      hash: hashOf(object),
      verdict: verdictOf(object),
    });
    return Stream.runForEach(reflect(gvk, selection, look), (change) => {
      if (change.type !== "Applied" && change.type !== "Deleted") return Effect.void;
      const name = { apiVersion, kind, ...change.key };
      const seen = change.type === "Applied" ? change.value : null;
      const drift = ledger.saw(name, seen, isBusy);
      const changed = book.saw(name, seen?.verdict ?? null);
      return Effect.andThen(
        drift === null ? Effect.void : tell(drift, `${apiVersion}/${kind} ${change.key.name}`),
        changed === null ? Effect.void : tellReadiness(changed),
      );
    });
  };

  const tellReadiness = ({ type, key }: Owner) => controllers.get(type)?.readinessChanged(key) ?? Effect.void;
  const observer: Observer = {
    saw: (object) => {
      if (ledger.expect(object, hashOf)) book.saw(nameOf(object), verdictOf(object));
    },
    missed: (name) => void book.saw(name, null),
    deletes: (name) => {
      ledger.deletes(name);
      book.saw(name, null);
    },
  };

  const open = Effect.fnUntraced(function* (place: Place, owner: Owner) {
    const wide = byNamespace ? place : { ...place, namespace: "" };
    const key = JSON.stringify(wide);
    if (FiberMap.hasUnsafe(watches, key)) return;
    const { apiVersion, kind } = wide;
    const fields = { ownerType: owner.type, apiVersion, kind };
    yield* Effect.annotateLogs(Effect.logInfo("Watching dependent resource"), fields);
    run(key, follow(wide), { onlyIfMissing: true });
  });

  return {
    observed: observe(kube, observer),
    book,
    isBusy,
    register: (controller) =>
      Effect.sync(() => void controllers.set(typeName(controller.group, controller.kind), controller)),
    watch: (owner) => Effect.forEach(ledger.placesOf(owner), (place) => open(place, owner), { discard: true }),
    watchClosely: (owner, objects) => Effect.sync(() => watchClosely(owner, objects)),
    attended: ({ type, key }) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const id = `${type}|${key}`;
        habits.set(id, { times: timesOf(id, now) + 1, last: now });
      }),
    settle: (owner) =>
      Effect.suspend(() => {
        const drift = ledger.settle(owner);
        return Effect.andThen(drift === null ? Effect.void : tell(drift, "object"), tellReadiness(owner));
      }),
    forget: (owner) =>
      Effect.sync(() => {
        ledger.forget(owner);
        book.forget(owner);
        watchClosely(owner, []);
        habits.delete(`${owner.type}|${owner.key}`);
      }),
  };
});

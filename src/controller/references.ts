/**
 * Watches of the ConfigMaps and Secrets that releases take values from. Each watch is of one object by its name, is sent
 * metadata only, and is open while a custom resource refers to the object, whether that exists or not. A version other
 * than the one that was read puts the custom resource into its controller's queue.
 */
import { Effect, FiberMap, type Scope, Stream } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";
import { reflect } from "../kube/watch-source.ts";
import type { ReadReference } from "../release/values-from.ts";
import type { Dependents, OwnerController } from "./dependents.ts";
import { type Owner, typeName } from "./ledger.ts";

export interface References {
  /** From now on, changes that concern the controller's objects come to it. */
  readonly register: (controller: OwnerController) => Effect.Effect<void>;
  /** The owner's references are these, as they were read now. */
  readonly follow: (owner: Owner, read: ReadonlyArray<ReadReference>) => Effect.Effect<void>;
  /** The owner is gone. */
  readonly forget: (owner: Owner) => Effect.Effect<void>;
}

/** One object that is watched. */
interface Followed {
  /** The resourceVersion that the watch showed last; null for no such object, undefined until it has listed. */
  seen: string | null | undefined;
  /** Who refers to it, and which version each has read. */
  readonly followers: Map<string, { readonly owner: Owner; readonly version: string | null }>;
}

type Place = Omit<ReadReference, "resourceVersion">;

/** References of all controllers. The watches end with the scope. */
export const makeReferences: Effect.Effect<References, never, Scope.Scope | KubeClient> = Effect.gen(function* () {
  const watches = yield* FiberMap.make<string, void>();
  const run = yield* FiberMap.runtime(watches)<KubeClient>();
  const controllers = new Map<string, OwnerController>();
  const followed = new Map<string, Followed>();

  const tell = ({ type, key }: Owner, place: Place) =>
    Effect.gen(function* () {
      const { kind, namespace, name } = place;
      yield* Effect.annotateLogs(Effect.logDebug(`Values in ${kind} ${namespace}/${name} have changed`), {
        owner: `${type}|${key}`,
      });
      yield* controllers.get(type)?.enqueue(key, 0) ?? Effect.void;
    });

  const show = (id: string, place: Place, version: string | null): Effect.Effect<void> =>
    Effect.suspend(() => {
      const object = followed.get(id);
      if (object === undefined) return Effect.void;
      object.seen = version;
      const behind = [...object.followers.values()].filter((follower) => follower.version !== version);
      return Effect.forEach(behind, ({ owner }) => tell(owner, place), { discard: true });
    });

  const watch = (id: string, place: Place): Effect.Effect<void, never, KubeClient> => {
    const { kind, namespace, name } = place;
    const selection = { namespace, fieldSelector: `metadata.name=${name}`, metadataOnly: true };
    const changes = reflect(
      { group: "", version: "v1", kind },
      selection,
      ({ metadata }) => metadata.resourceVersion ?? "",
    );
    return Stream.runForEach(changes, (change) => {
      if (change.type === "Applied") return show(id, place, change.value);
      if (change.type === "Deleted") return show(id, place, null);
      const isAbsent = change.type === "Synced" && followed.get(id)?.seen === undefined;
      return isAbsent ? show(id, place, null) : Effect.void;
    });
  };

  const leave = (owner: string, stays: (id: string) => boolean) =>
    Effect.forEach([...followed], ([id, { followers }]) => {
      if (stays(id) || !followers.delete(owner) || followers.size > 0) return Effect.void;
      followed.delete(id);
      return FiberMap.remove(watches, id);
    }, { discard: true });

  return {
    register: (controller) =>
      Effect.sync(() => void controllers.set(typeName(controller.group, controller.kind), controller)),
    follow: (owner, read) =>
      Effect.gen(function* () {
        const ownerId = idOf(owner);
        const wanted = new Map(read.map((each) => [placeId(each), each]));
        yield* leave(ownerId, (id) => wanted.has(id));
        for (const [id, { resourceVersion, ...place }] of wanted) {
          const object = followed.get(id) ?? { seen: undefined, followers: new Map() };
          followed.set(id, object);
          const isNew = !object.followers.has(ownerId);
          object.followers.set(ownerId, { owner, version: resourceVersion });
          if (!FiberMap.hasUnsafe(watches, id)) run(id, watch(id, place), { onlyIfMissing: true });
          // Whoever followed already is told by the watch; whoever comes later may have missed what it showed.
          else if (isNew && object.seen !== undefined && object.seen !== resourceVersion) yield* tell(owner, place);
        }
      }),
    forget: (owner) => leave(idOf(owner), () => false),
  };
});

/** Dependents whose controllers and departures the references are told of too. */
export function withReferences(dependents: Dependents, references: References): Dependents {
  return {
    ...dependents,
    register: (controller) => Effect.andThen(dependents.register(controller), references.register(controller)),
    forget: (owner) => Effect.andThen(dependents.forget(owner), references.forget(owner)),
  };
}

function idOf({ type, key }: Owner): string {
  return `${type}|${key}`;
}

function placeId({ kind, namespace, name }: Place): string {
  return `${kind} ${namespace}/${name}`;
}

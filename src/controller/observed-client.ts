/** A KubeClient that tells what it does, so that the operator knows its own doing when a watch shows it. */
import { Effect } from "effect";
import type { KubeClient, WriteOptions } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { ObjectName } from "./ledger.ts";

type Client = KubeClient["Service"];

/** Who is told. */
export interface Observer {
  /** The object came back from a read or a write. */
  readonly saw: (object: KubeObject) => void;
  /** It was not there. */
  readonly missed: (name: ObjectName) => void;
  /** It is about to be deleted. */
  readonly deletes: (name: ObjectName) => void;
}

/**
 * The client with its writes noted, and with the objects that it reads, which are checked or written next. Dry runs and
 * writes of subresources are not writes of the object.
 */
export function observe(kube: Client, { saw, missed, deletes }: Observer): Client {
  const expect = (object: KubeObject) => Effect.sync(() => saw(object));
  const noted = <E>(write: Effect.Effect<KubeObject, E>, options: WriteOptions = {}): Effect.Effect<KubeObject, E> =>
    options.dryRun || options.subresource !== undefined ? write : Effect.tap(write, expect);
  return {
    ...kube,
    get: (ref) => Effect.tap(kube.get(ref), (object) => Effect.sync(() => object === null ? missed(ref) : saw(object))),
    create: (object, options) => noted(kube.create(object, options), options),
    replace: (object, options) => noted(kube.replace(object, options), options),
    patch: (ref, body, type, options) => noted(kube.patch(ref, body, type, options), options),
    apply: (object, options) => noted(kube.apply(object, options), options),
    delete: (ref, options) => Effect.andThen(Effect.sync(() => deletes(ref)), kube.delete(ref, options)),
  };
}

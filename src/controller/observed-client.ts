/** A KubeClient that tells the ledger of every write, so that the operator knows its own doing when it sees it. */
import { Effect } from "effect";
import type { KubeClient, WriteOptions } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Ledger } from "./ledger.ts";

type Client = KubeClient["Service"];

/** The client with its writes noted. Dry runs, and writes of subresources, are no writes of the object. */
export function observeWrites(kube: Client, ledger: Ledger, hash: (object: KubeObject) => string): Client {
  const noted = <E>(write: Effect.Effect<KubeObject, E>, options: WriteOptions = {}): Effect.Effect<KubeObject, E> =>
    options.dryRun || options.subresource !== undefined
      ? write
      : Effect.tap(write, (object) => Effect.sync(() => ledger.wrote(object, hash(object))));
  return {
    ...kube,
    create: (object, options) => noted(kube.create(object, options), options),
    replace: (object, options) => noted(kube.replace(object, options), options),
    patch: (ref, body, type, options) => noted(kube.patch(ref, body, type, options), options),
    apply: (object, options) => noted(kube.apply(object, options), options),
    delete: (ref, options) => Effect.andThen(Effect.sync(() => ledger.deletes(ref)), kube.delete(ref, options)),
  };
}

/** A KubeClient that tells the ledger what it does, so that the operator knows its own doing when a watch shows it. */
import { Effect } from "effect";
import type { KubeClient, WriteOptions } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Ledger } from "./ledger.ts";

type Client = KubeClient["Service"];

/**
 * The client with its writes noted, and with the objects that it reads, which are checked or written next. Dry runs and
 * writes of subresources are not writes of the object.
 */
export function observe(kube: Client, ledger: Ledger, hash: (object: KubeObject) => string): Client {
  const expect = (object: KubeObject | null) =>
    Effect.sync(() => {
      if (object !== null) ledger.expect(object, hash);
    });
  const noted = <E>(write: Effect.Effect<KubeObject, E>, options: WriteOptions = {}): Effect.Effect<KubeObject, E> =>
    options.dryRun || options.subresource !== undefined ? write : Effect.tap(write, expect);
  return {
    ...kube,
    get: (ref) => Effect.tap(kube.get(ref), expect),
    create: (object, options) => noted(kube.create(object, options), options),
    replace: (object, options) => noted(kube.replace(object, options), options),
    patch: (ref, body, type, options) => noted(kube.patch(ref, body, type, options), options),
    apply: (object, options) => noted(kube.apply(object, options), options),
    delete: (ref, options) => Effect.andThen(Effect.sync(() => ledger.deletes(ref)), kube.delete(ref, options)),
  };
}

/** A KubeClient whose writes, once begun, are ended: an interruption comes between two steps of an action. */
import { Effect } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";

type Client = KubeClient["Service"];

/** The client with writes that cannot be interrupted. Reads, watches and waiting can be, as before. */
export function steadyWrites(kube: Client): Client {
  return {
    ...kube,
    create: (object, options) => Effect.uninterruptible(kube.create(object, options)),
    replace: (object, options) => Effect.uninterruptible(kube.replace(object, options)),
    patch: (ref, body, type, options) => Effect.uninterruptible(kube.patch(ref, body, type, options)),
    apply: (object, options) => Effect.uninterruptible(kube.apply(object, options)),
    delete: (ref, options) => Effect.uninterruptible(kube.delete(ref, options)),
  };
}

/** Answers to the `lookup` calls of templates, as Helm's engine answers them. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import { type KubeObject, parseApiVersion } from "../kube/object.ts";
import type { LookupQuery } from "../render/release-facts.ts";
import type { Session } from "./session.ts";

/** The object, the list when the query has no name, or null when there is none. A kind that is not served fails. */
export function lookup({ kube }: Session, query: LookupQuery): Effect.Effect<KubeObject | null, KubeError> {
  return Effect.gen(function* () {
    const { apiVersion, kind, name } = query;
    const gvk = { ...parseApiVersion(apiVersion), kind };
    const { namespaced } = yield* kube.resource(gvk);
    const namespace = query.namespace === "" ? undefined : query.namespace;
    if (name !== "") {
      return namespaced && namespace === undefined ? null : yield* kube.get({ apiVersion, kind, namespace, name });
    }
    const list = yield* kube.list(gvk, namespaced ? { namespace } : {});
    return { apiVersion, kind: `${kind}List`, metadata: { ...list.metadata }, items: list.items };
  });
}

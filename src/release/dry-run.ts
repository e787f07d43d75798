/** A KubeClient that changes nothing. */
import { Effect } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";
import type { Gvk, KubeObject } from "../kube/object.ts";

/** The client with dry runs for writes, which never change anything. It answers for the kinds of new CRDs. */
export function dryRunning(
  kube: KubeClient["Service"],
  crds: ReadonlyArray<KubeObject> = [],
): KubeClient["Service"] {
  const isNew = ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
    crds.some((crd) => crd.spec?.names?.kind === kind && apiVersion.startsWith(`${crd.spec.group}/`));
  const resource = (gvk: Gvk): ReturnType<typeof kube.resource> => {
    const crd = crds.find(({ spec }) => spec?.names?.kind === gvk.kind && spec.group === gvk.group);
    if (crd === undefined) return kube.resource(gvk);
    const { names, scope } = crd.spec;
    return Effect.succeed({
      ...gvk,
      plural: String(names.plural),
      namespaced: scope === "Namespaced",
      hasStatus: false,
      verbs: [],
    });
  };
  return {
    ...kube,
    resource,
    get: (ref) => isNew(ref) ? Effect.succeed(null) : kube.get(ref),
    create: (object, options) =>
      isNew(object) ? Effect.succeed(object) : kube.create(object, { ...options, dryRun: true }),
    replace: (object, options) => kube.replace(object, { ...options, dryRun: true }),
    patch: (ref, body, type, options) => kube.patch(ref, body, type, { ...options, dryRun: true }),
    apply: (object, options) =>
      isNew(object) ? Effect.succeed(object) : kube.apply(object, { ...options, dryRun: true }),
    delete: () => Effect.succeed(true),
  };
}

/** Why a workload's pods do not come up. Pure. */
import type { Gvk, KubeObject } from "../kube/object.ts";
import { reasonOf } from "../release/pod-reason.ts";
import { formatSelector } from "../watches/label-selector.ts";

/** Kinds that make pods and have a selector for them. */
const workloads = new Set([
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "batch/Job",
  "/ReplicationController",
]);

/** What every starting container says. */
const starting = /^container \S+ waits: (ContainerCreating|PodInitializing)\b/;
/** The most of a reason that is told, in characters. */
export const longest = 250;

/** The label selector of a workload's pods; undefined for what makes none. */
export function podSelector({ group, kind }: Gvk, spec: KubeObject["spec"]): string | undefined {
  if (!workloads.has(`${group}/${kind}`)) return undefined;
  const selector = kind === "ReplicationController" ? { matchLabels: spec?.selector } : spec?.selector;
  try {
    return formatSelector(toMap(selector) as Map<string, unknown>) || undefined;
  } catch {
    return undefined;
  }
}

function toMap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toMap);
  if (value === null || typeof value !== "object") return value;
  return new Map(Object.entries(value).map(([key, each]) => [key, toMap(each)]));
}

/**
 * What holds most of the pods up, such as `container main waits: ImagePullBackOff (Back-off pulling image x) in 2 of 3
 * pods`. Undefined when nothing is wrong but that they are starting.
 */
export function podTrouble(pods: ReadonlyArray<KubeObject>): string | undefined {
  const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const counts = new Map<string, number>();
  for (const pod of living) {
    const trouble = troubleOf(pod);
    if (trouble !== undefined) counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
  }
  const [worst] = [...counts].sort(([, one], [, other]) => other - one);
  if (worst === undefined) return undefined;
  return living.length === 1 ? worst[0] : `${worst[0]} in ${worst[1]} of ${living.length} pods`;
}

function troubleOf(pod: KubeObject): string | undefined {
  const reason = reasonOf(pod);
  return reason === null || starting.test(reason) ? undefined : reason.slice(0, longest);
}

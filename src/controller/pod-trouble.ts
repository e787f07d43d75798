/** Why a workload's pods do not come up, in the words of their containers. Pure. */
import type { Gvk, KubeObject } from "../kube/object.ts";
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
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

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

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
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

function troubleOf({ status }: KubeObject): string | undefined {
  const conditions: PodCondition[] = status?.conditions ?? [];
  const unscheduled = conditions.find((each) => each.type === "PodScheduled" && each.status === "False");
  if (unscheduled?.reason === "Unschedulable") return withDetail("no node takes the pod", unscheduled.message);
  const containers: ContainerStatus[] = [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []];
  for (const { name, state } of containers) {
    const { reason, message } = state?.waiting ?? {};
    if (reason && !ordinary.has(reason)) return withDetail(`container ${name} waits: ${reason}`, message);
  }
  for (const { name, state } of containers) {
    const { reason, exitCode = 0 } = state?.terminated ?? {};
    if (exitCode !== 0) return withDetail(`container ${name} ended with exit code ${exitCode}`, reason);
  }
  const notReady = conditions.find((each) => each.type === "Ready" && each.status === "False");
  return status?.phase === "Running" && notReady ? withDetail("a pod is not ready", notReady.message) : undefined;
}

function withDetail(text: string, detail: string | undefined): string {
  return detail ? `${text} (${detail.slice(0, 200)})` : text;
}

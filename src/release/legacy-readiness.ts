/** Readiness by the rules of Helm 3 (`--wait=legacy`): the objects that it knew, and everything else is ready. */
import type { KubeObject } from "../kube/object.ts";
import type { Progress } from "./wait.ts";

/** How far an object is, as Helm 3 saw it. Deployments may miss what their update strategy lets them miss. */
export function legacyProgress(live: KubeObject): Progress {
  const rule = rules[live.kind];
  const waitsFor = rule?.(live) ?? null;
  return waitsFor === null ? { status: "Current", message: "" } : { status: "InProgress", message: waitsFor };
}

/** What an object waits for; null when it is ready. */
type Rule = (live: KubeObject) => string | null;

const rules: Readonly<Record<string, Rule>> = {
  Pod: ({ status }) => {
    const conditions: { type: string; status: string }[] = status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "Ready" && status === "True") ? null : "Pod is not ready";
  },
  PersistentVolumeClaim: ({ status }) => status?.phase === "Bound" ? null : "PersistentVolumeClaim is not bound",
  Service: ({ spec, status }) => {
    if (spec?.type === "ExternalName") return null;
    if (!spec?.clusterIP) return "Service does not have cluster IP address";
    if (spec.type !== "LoadBalancer" || spec.externalIPs?.length > 0) return null;
    return status?.loadBalancer?.ingress?.length > 0 ? null : "Service does not have load balancer ingress IP address";
  },
  Deployment: (live) => {
    const { spec, status } = live;
    if (spec?.paused) return null;
    const replicas = spec?.replicas ?? 1;
    const needed = replicas - allowance(spec?.strategy?.rollingUpdate?.maxUnavailable, replicas);
    return observed(live) ?? enough("Deployment", status?.readyReplicas, needed);
  },
  DaemonSet: (live) => {
    const { spec, status } = live;
    const wanted = status?.desiredNumberScheduled ?? 0;
    if (spec?.updateStrategy?.type === "OnDelete") return null;
    const needed = wanted - allowance(spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted);
    return observed(live) ?? enough("DaemonSet's update", status?.updatedNumberScheduled, wanted) ??
      enough("DaemonSet", status?.numberReady, needed);
  },
  StatefulSet: (live) => {
    const { spec, status } = live;
    if (spec?.updateStrategy?.type === "OnDelete") return null;
    const replicas = spec?.replicas ?? 1;
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    return observed(live) ?? enough("StatefulSet's update", status?.updatedReplicas, replicas - partition) ??
      enough("StatefulSet", status?.readyReplicas, replicas);
  },
};

function observed({ metadata, status }: KubeObject): string | null {
  return (status?.observedGeneration ?? 0) < (metadata.generation ?? 0) ? "its controller has not seen it yet" : null;
}

function enough(what: string, ready: number | undefined, needed: number): string | null {
  return (ready ?? 0) >= needed ? null : `${what} is not ready: ${ready ?? 0} out of ${needed} expected pods are ready`;
}

/** Kubernetes' IntOrString, rounded down as `maxUnavailable` is. */
function allowance(value: number | string | undefined, of: number): number {
  if (typeof value === "number") return Math.min(value, of);
  const percent = /^(\d+)%$/.exec(value ?? "")?.[1];
  return percent === undefined ? 0 : Math.floor((Number(percent) * of) / 100);
}

/**
 * How far an object is from what its spec asks for, as kstatus computes it for Helm's `--wait`. Pure.
 *
 * The statuses and the beginnings of the messages are kstatus' own; where the object says why, the message goes on with
 * it in brackets.
 */
import { gvkOf, type KubeObject } from "./object.ts";
import {
  type Condition,
  conditionsOf,
  current,
  failed,
  inProgress,
  type Readiness,
  withStatus,
} from "./readiness-status.ts";
import { daemonSet, deployment, job, pod, replicaSet, statefulSet } from "./readiness-workloads.ts";

export type { Readiness } from "./readiness-status.ts";

/**
 * The readiness of a live object. `now`, in milliseconds since 1970, tells how old a pod that finds no node is.
 *
 * Of a custom resource it looks at deletionTimestamp, observedGeneration, and the conditions Reconciling, Stalled and
 * Ready; one without any of them is current.
 */
export function readiness(object: KubeObject, now: number = Date.now()): Readiness {
  const decided = generic(object);
  if (decided) return decided;
  const { group, kind } = gvkOf(object);
  const rule = rules[group === "" ? kind : `${group}/${kind}`];
  return rule ? rule(object, now) : byReadyCondition(object);
}

/** What holds for every kind, before the kind's own rule. */
function generic(object: KubeObject): Readiness | undefined {
  if (object.metadata.deletionTimestamp) return { status: "Terminating", message: "Resource scheduled for deletion" };
  const { generation } = object.metadata;
  const observed = object.status?.observedGeneration;
  if (generation !== undefined && observed !== undefined && observed !== generation) {
    return inProgress(`${object.kind} generation is ${generation}, but latest observed generation is ${observed}`);
  }
  for (const condition of conditionsOf(object)) {
    if (condition.status !== "True") continue;
    if (condition.type === "Reconciling") return inProgress(condition.message ?? "");
    if (condition.type === "Stalled") return failed(condition.message ?? "");
  }
  return undefined;
}

function byReadyCondition(object: KubeObject): Readiness {
  const ready = conditionsOf(object).find(({ type }) => type === "Ready");
  if (!ready) return current("Resource is current");
  return ready.status === "True" ? current("Resource is Ready") : inProgress(ready.message ?? "");
}

type Rule = (object: KubeObject, now: number) => Readiness;

const always: Rule = () => current("Resource is always ready");

const rules: Readonly<Record<string, Rule>> = {
  "ConfigMap": always,
  "Secret": always,
  "batch/CronJob": always,
  "Pod": pod,
  "Service": service,
  "PersistentVolumeClaim": claim,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "apps/ReplicaSet": replicaSet,
  "batch/Job": job,
  "policy/PodDisruptionBudget": () => current("AllowedDisruptions has been computed."),
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
  "apiregistration.k8s.io/APIService": apiService,
};

function claim(object: KubeObject): Readiness {
  const phase = object.status?.phase ?? "unknown";
  return phase === "Bound" ? current("PVC is Bound") : inProgress(`PVC is not Bound. phase: ${phase}`);
}

function service({ spec }: KubeObject): Readiness {
  return spec?.type === "LoadBalancer" && !spec.clusterIP
    ? inProgress("ClusterIP not set. Service type: LoadBalancer")
    : current("Service is ready");
}

function definition(object: KubeObject): Readiness {
  const conditions = conditionsOf(object);
  const refused = (condition: Condition) => failed(condition.message ?? condition.reason ?? "");
  const names = withStatus(conditions, "NamesAccepted", "False");
  if (names) return refused(names);
  const notEstablished = withStatus(conditions, "Established", "False");
  if (notEstablished && notEstablished.reason !== "Installing") return refused(notEstablished);
  return withStatus(conditions, "Established", "True")
    ? current("CRD is established")
    : inProgress("Install in progress");
}

/** kstatus has no rule for it; without its server every client's discovery fails. */
function apiService(object: KubeObject): Readiness {
  const available = conditionsOf(object).find(({ type }) => type === "Available");
  if (available?.status === "True") return current("APIService is available");
  return inProgress(`APIService is not available${available?.message ? ` (${available.message})` : ""}`);
}

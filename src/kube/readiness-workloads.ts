/** The readiness of pods and of what makes pods. Pure. */
import type { KubeObject } from "./object.ts";
import { conditionsOf, current, failed, inProgress, type Readiness, withStatus } from "./readiness-status.ts";

/** The first of these that does not hold, as `Label: has/wanted`. */
type Count = readonly [label: string, has: number, wanted: number];

function firstShort(counts: ReadonlyArray<Count>): string | undefined {
  const short = counts.find(([, has, wanted]) => has < wanted);
  return short && `${short[0]}: ${short[1]}/${short[2]}`;
}

/** Why pods cannot be made, as a quota or an admission webhook said it. */
function whyNoPods(object: KubeObject): string {
  const failure = withStatus(conditionsOf(object), "ReplicaFailure", "True");
  return failure?.message ? ` (${failure.message})` : "";
}

/** What Kubernetes takes for "no deadline". */
const noDeadline = 2 ** 31 - 1;

export function deployment(object: KubeObject): Readiness {
  const { spec = {}, status = {} } = object;
  const conditions = conditionsOf(object);
  const progressing = conditions.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(`Progress deadline exceeded${whyNoPods(object)}`);
  }
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = status;
  const short = firstShort([["Replicas", replicas, wanted], ["Updated", updatedReplicas, wanted]]);
  if (short) return inProgress(short + whyNoPods(object));
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);
  const notReady = firstShort([["Available", availableReplicas, updatedReplicas], ["Ready", readyReplicas, wanted]]);
  if (notReady) return inProgress(notReady + whyNoPods(object));
  const rolledOut = (spec.progressDeadlineSeconds ?? noDeadline) === noDeadline ||
    (progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable");
  if (!rolledOut) return inProgress("ReplicaSet not Available");
  if (!withStatus(conditions, "Available", "True")) return inProgress("Deployment not Available");
  return current(`Deployment is available. Replicas: ${replicas}`);
}

export function replicaSet(object: KubeObject): Readiness {
  if (withStatus(conditionsOf(object), "ReplicaFailure", "True")) {
    return inProgress(`Replica Failure condition. Check Pods${whyNoPods(object)}`);
  }
  const wanted = object.spec?.replicas ?? 1;
  const { replicas = 0, fullyLabeledReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = object.status ?? {};
  const short = firstShort([
    ["Labelled", fullyLabeledReplicas, wanted],
    ["Available", availableReplicas, wanted],
    ["Ready", readyReplicas, wanted],
  ]);
  if (short) return inProgress(short);
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);
  return current(`ReplicaSet is available. Replicas: ${replicas}`);
}

export function statefulSet({ spec = {}, status = {} }: KubeObject): Readiness {
  if (spec.updateStrategy?.type === "OnDelete") return current("StatefulSet is using the ondelete update strategy");
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0 } = status;
  const short = firstShort([["Replicas", replicas, wanted], ["Ready", readyReplicas, wanted]]);
  if (short) return inProgress(short);
  if (replicas > wanted) return inProgress(`Pending termination: ${replicas - wanted}`);
  const partition: number | undefined = spec.updateStrategy?.rollingUpdate?.partition;
  if (partition !== undefined) {
    const behind = firstShort([["updated", updatedReplicas, wanted - partition]]);
    return behind ? inProgress(behind) : current(`Partition rollout complete. updated: ${updatedReplicas}`);
  }
  const behind = firstShort([["current", currentReplicas, wanted]]);
  if (behind) return inProgress(behind);
  if ((status.currentRevision ?? "") !== (status.updateRevision ?? "")) {
    return inProgress("Waiting for updated revision to match current");
  }
  return current(`All replicas scheduled as expected. Replicas: ${replicas}`);
}

export function daemonSet({ kind, metadata, status = {} }: KubeObject): Readiness {
  if (metadata.generation === undefined) return inProgress(`${kind} metadata.generation not found`);
  if (status.observedGeneration === undefined) return inProgress(`${kind} status.observedGeneration not found`);
  const wanted: number | undefined = status.desiredNumberScheduled;
  if (wanted === undefined) return inProgress("Missing .status.desiredNumberScheduled");
  const short = firstShort([
    ["Current", status.currentNumberScheduled ?? 0, wanted],
    ["Updated", status.updatedNumberScheduled ?? 0, wanted],
    ["Available", status.numberAvailable ?? 0, wanted],
    ["Ready", status.numberReady ?? 0, wanted],
  ]);
  return short ? inProgress(short) : current(`All replicas scheduled as expected. Replicas: ${wanted}`);
}

/** A Job is current as soon as it runs; who waits for its end looks at its conditions. */
export function job(object: KubeObject): Readiness {
  const { spec = {}, status = {} } = object;
  const completions = spec.completions ?? spec.parallelism ?? 1;
  const { succeeded = 0, failed: failures = 0, active = 0 } = status;
  const conditions = conditionsOf(object);
  if (withStatus(conditions, "Complete", "True")) {
    return current(`Job Completed. succeeded: ${succeeded}/${completions}`);
  }
  const failure = withStatus(conditions, "Failed", "True");
  if (failure) {
    const why = [failure.reason, failure.message].filter(Boolean).join(": ");
    return failed(`Job Failed. failed: ${failures}/${completions}${why ? ` (${why})` : ""}`);
  }
  if (!status.startTime) return inProgress("Job not started");
  return current(`Job in progress. success:${succeeded}, active: ${active}, failed: ${failures}`);
}

/** A pod that no node takes may still be placed for so long. */
const scheduleMilliseconds = 15_000;

export function pod(object: KubeObject, now: number): Readiness {
  const conditions = conditionsOf(object);
  switch (object.status?.phase ?? "") {
    case "Succeeded":
      return current("Pod has completed successfully");
    case "Failed":
      return current("Pod has completed, but not successfully");
    case "Running": {
      if (withStatus(conditions, "Ready", "True")) return current("Pod is Ready");
      const looping = containersOf(object).filter(({ state }) => state?.waiting?.reason === "CrashLoopBackOff");
      if (looping.length > 0) return failed(`Containers in CrashLoop state: ${looping.map(({ name }) => name).join()}`);
      return inProgress(`Pod is running but is not Ready${whyWaiting(object)}`);
    }
    case "Pending": {
      const unscheduled = withStatus(conditions, "PodScheduled", "False");
      if (unscheduled?.reason !== "Unschedulable") {
        return inProgress(`Pod is in the Pending phase${whyWaiting(object)}`);
      }
      const age = now - Date.parse(object.metadata.creationTimestamp ?? "");
      if (age < scheduleMilliseconds) return inProgress("Pod has not been scheduled");
      return failed(`Pod could not be scheduled${unscheduled.message ? ` (${unscheduled.message})` : ""}`);
    }
    case "":
      return inProgress("Pod phase not available");
    default:
      return inProgress(`unknown phase ${object.status.phase}`);
  }
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

function containersOf({ status }: KubeObject): ContainerStatus[] {
  return status?.containerStatuses ?? [];
}

/** What the first waiting container waits for, such as an image that cannot be pulled. */
function whyWaiting(object: KubeObject): string {
  const statuses = [...object.status?.initContainerStatuses ?? [], ...containersOf(object)];
  const waiting = statuses.find(({ state }) => state?.waiting?.reason);
  if (!waiting?.state.waiting) return "";
  const { reason, message } = waiting.state.waiting;
  return ` (${waiting.name}: ${reason}${message ? `: ${message}` : ""})`;
}

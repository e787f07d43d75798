/** Why a pod does not run, in the kubelet's and the scheduler's words. Pure. */
import type { KubeObject } from "../kube/object.ts";

interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
}

/** What the pod waits for or failed of; null when nothing is wrong with it, as far as it says. */
export function reasonOf(pod: KubeObject): string | null {
  return waitingReason(pod) ?? endedReason(pod) ?? unschedulable(pod) ?? notReady(pod);
}

/** Whether its containers run, and nothing is wrong but that they are not ready: what is, a probe may have said. */
export function isUnready(pod: KubeObject): boolean {
  return notReady(pod) !== null && notReady(pod) === reasonOf(pod);
}

/** `container main waits: ImagePullBackOff (Back-off pulling image "x")`. */
export function waitingReason(pod: KubeObject): string | null {
  const harmless = new Set(["ContainerCreating", "PodInitializing"]);
  const waits = statuses(pod).filter(({ state }) => state?.waiting?.reason !== undefined);
  const found = waits.find(({ state }) => !harmless.has(state!.waiting!.reason!)) ?? waits[0];
  if (found === undefined) return null;
  const { reason, message } = found.state!.waiting!;
  return `container ${found.name} waits: ${reason}${message === undefined ? "" : ` (${message})`}`;
}

/** `container main ended with exit code 1 (Error)`. */
export function endedReason(pod: KubeObject): string | null {
  const ended = statuses(pod).find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (ended?.state?.terminated === undefined) return null;
  const { reason, exitCode } = ended.state.terminated;
  return `container ${ended.name} ended with exit code ${exitCode}${reason === undefined ? "" : ` (${reason})`}`;
}

function unschedulable({ status }: KubeObject): string | null {
  const condition = conditions(status).find(({ type, status }) => type === "PodScheduled" && status === "False");
  return condition === undefined ? null : `${condition.reason ?? "not scheduled"}: ${condition.message ?? ""}`;
}

function notReady({ status }: KubeObject): string | null {
  const condition = conditions(status).find(({ type, status }) => type === "Ready" && status === "False");
  return condition?.message ? condition.message : null;
}

function conditions(status: { conditions?: unknown } | undefined) {
  return (status?.conditions ?? []) as { type: string; status: string; reason?: string; message?: string }[];
}

function statuses({ status }: KubeObject): ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

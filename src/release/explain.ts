/** Why an object does not become ready, where the object itself does not say it. */
import { Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { isUnready, reasonOf } from "./pod-reason.ts";
import type { Session } from "./session.ts";

/**
 * What holds a workload's pods up, such as `pod web-7f: container main waits: ImagePullBackOff`, or what keeps its
 * controller from making them, such as a quota or an admission webhook. Null when nothing is known. Never fails: it is
 * asked when something else has.
 */
export function explain(session: Session, live: KubeObject): Effect.Effect<string | null> {
  const selector = selectorOf(live);
  if (selector === null) return Effect.succeed(null);
  return Effect.gen(function* () {
    const { namespace } = live.metadata;
    const pods = yield* session.kube.list(gvk("Pod"), { namespace, labelSelector: selector });
    const newest = [...pods.items].sort((a, b) => age(b) - age(a));
    for (const pod of newest) {
      const reason = reasonOf(pod);
      if (reason === null) continue;
      const probe = isUnready(pod) ? yield* probeFailure(session.kube, pod) : null;
      return `pod ${pod.metadata.name}: ${reason}${probe === null ? "" : `: ${probe}`}`;
    }
    return newest.length === 0 || live.kind === "Job" ? yield* refusal(session.kube, live) : null;
  }).pipe(Effect.catch(() => Effect.succeed(null)));
}

/**
 * Why a workload's controller can make no pod, such as a quota, a limit or an admission webhook: the newest warning about
 * the object, or about the ReplicaSets of a Deployment.
 */
export function refusal(
  kube: Pick<KubeClient["Service"], "list">,
  { kind, metadata }: Pick<KubeObject, "kind" | "metadata">,
): Effect.Effect<string | null, KubeError> {
  return Effect.map(
    kube.list(gvk("Event"), { namespace: metadata.namespace, fieldSelector: "type=Warning,reason=FailedCreate" }),
    ({ items }) => {
      const isAbout = (name = "") =>
        kind === "Deployment" ? name.startsWith(`${metadata.name}-`) : name === metadata.name;
      const words = newestWords(items.filter(({ involvedObject }) => isAbout(involvedObject?.name)));
      return words === null ? null : words.replace(preamble, "");
    },
  );
}

/** What a probe of the pod's said last, such as `Readiness probe failed: HTTP probe failed with statuscode: 500`. */
export function probeFailure(
  kube: Pick<KubeClient["Service"], "list">,
  { metadata: { namespace, name } }: KubeObject,
): Effect.Effect<string | null, KubeError> {
  const fieldSelector = `type=Warning,reason=Unhealthy,involvedObject.name=${name}`;
  return Effect.map(kube.list(gvk("Event"), { namespace, fieldSelector }), ({ items }) => newestWords(items));
}

function newestWords(events: ReadonlyArray<KubeObject>): string | null {
  const newest = [...events].sort((a, b) => seen(a) - seen(b)).at(-1);
  return typeof newest?.message === "string" ? newest.message.trim() : null;
}

/** What controllers say before the API server's own words. */
const preamble = /^(\(combined from similar events\): )?(Error creating: )?/;

/** Whether words say already why, be it of another pod. */
export function says(words: string, why: string): boolean {
  const anyPod = (text: string) => text.replace(/\bpods "[^"]*"/g, "pods");
  return anyPod(words).includes(anyPod(why));
}

function selectorOf({ kind, spec, metadata }: KubeObject): string | null {
  if (kind === "Job") return `job-name=${metadata.name}`;
  if (!["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].includes(kind)) return null;
  const labels: [string, string][] = Object.entries(spec?.selector?.matchLabels ?? {});
  return labels.length === 0 ? null : labels.map(([key, value]) => `${key}=${value}`).join(",");
}

function gvk(kind: string) {
  return { group: "", version: "v1", kind };
}

function age({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? "") || 0;
}

function seen(event: KubeObject): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "") || 0;
}

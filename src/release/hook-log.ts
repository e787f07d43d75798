/** The logs of hooks, as `helm.sh/hook-output-log-policy` asks for them. */
import { Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { HookRecord } from "../storage/record.ts";

/** The end of what one container of a hook's pod wrote. */
export interface HookLog {
  /** `Job/web-migrate`. */
  readonly hook: string;
  readonly pod: string;
  readonly container: string;
  /** At most {@link logLimit} characters. */
  readonly text: string;
}

/** What reading logs needs of a session. */
interface LogReading {
  readonly kube: KubeClient["Service"];
  readonly hookLog: (log: HookLog) => Effect.Effect<void>;
}

/** Characters of one container's log; what comes before them is left out. */
export const logLimit = 16_384;
/** Lines that are read of it. */
const lineLimit = 500;
/** Pods of one Job whose logs are read. */
const podLimit = 5;

/**
 * Hands on the logs of a hook that has the policy. Only Jobs and Pods have logs. A log that cannot be read is told of,
 * and is no failure of the hook.
 */
export function outputLogs(
  { kube, hookLog }: LogReading,
  hook: HookRecord,
  object: KubeObject,
  policy: "hook-succeeded" | "hook-failed",
): Effect.Effect<void> {
  if (!hook.output_log_policies?.includes(policy)) return Effect.void;
  const name = `${hook.kind}/${hook.name}`;
  return Effect.gen(function* () {
    for (const pod of (yield* podsOf(kube, object)).slice(-podLimit)) {
      const containers: { name: string }[] = [...pod.spec?.initContainers ?? [], ...pod.spec?.containers ?? []];
      for (const { name: container } of containers) {
        const read = kube.podLog(pod.metadata.namespace!, pod.metadata.name!, container, lineLimit);
        yield* read.pipe(
          Effect.flatMap((text) => hookLog({ hook: name, pod: pod.metadata.name!, container, text: end(text) })),
          Effect.catch((error) => cannotRead(`${name}, pod ${pod.metadata.name}, container ${container}`, error)),
        );
      }
    }
  }).pipe(Effect.catch((error) => cannotRead(name, error)));
}

/** Writes the log of a hook to the operator's. */
export function logHook(_: KubeObject, { hook, pod, container, text }: HookLog): Effect.Effect<void> {
  return Effect.annotateLogs(Effect.logInfo(`Log of hook ${hook}:\n${text}`), { pod, container });
}

/** The log's last lines, as many as an event holds. */
export function hookLogEvent({ hook, container, text }: HookLog): string {
  const lines = text.trimEnd();
  return `Log of hook ${hook}, container ${container}:\n${lines.length <= 800 ? lines : `...${lines.slice(-800)}`}`;
}

/** A Job's pods, the oldest first; a Pod itself. */
function podsOf(kube: KubeClient["Service"], object: KubeObject): Effect.Effect<ReadonlyArray<KubeObject>, KubeError> {
  const { namespace, name = "" } = object.metadata;
  if (object.kind === "Pod") {
    return Effect.map(kube.get({ apiVersion: "v1", kind: "Pod", namespace, name }), (pod) => pod === null ? [] : [pod]);
  }
  if (object.kind !== "Job") return Effect.succeed([]);
  const pods = kube.list({ group: "", version: "v1", kind: "Pod" }, { namespace, labelSelector: `job-name=${name}` });
  const age = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? "") || 0;
  return Effect.map(pods, ({ items }) => [...items].sort((a, b) => age(a) - age(b)));
}

function cannotRead(what: string, error: KubeError): Effect.Effect<void> {
  return Effect.logWarning(`Cannot read the log of hook ${what}: ${error.message}`);
}

function end(text: string): string {
  return text.length <= logLimit ? text : `(cut)\n${text.slice(-logLimit)}`;
}

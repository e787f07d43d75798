/** Waiting until a release's objects are ready, and until hooks have run to their end. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import { describe, type KubeObject } from "../kube/object.ts";
import { refOf } from "./manifest.ts";
import { explain, says } from "./explain.ts";
import { endedReason, reasonOf } from "./pod-reason.ts";
import { polling } from "./remove.ts";
import { type Session, StepError } from "./session.ts";

/** How far an object is. */
export interface Progress {
  readonly status: "Current" | "InProgress" | "Failed";
  readonly message: string;
}

/**
 * Waits until `progressOf` calls the object current. Fails when it calls it failed, when the object vanishes, and after
 * the release's timeout; the words are Helm's.
 */
export function waitFor(
  session: Session,
  object: KubeObject,
  progressOf: (live: KubeObject) => Progress,
): Effect.Effect<void, KubeError | StepError> {
  let seen: Progress = { status: "InProgress", message: "not seen yet" };
  let last = object;
  const fail = (status: string, message: string) =>
    Effect.flatMap(
      explain(session, last),
      (why) => notReady(object, status, why === null || says(message, why) ? message : `${message}; ${why}`),
    );
  const look = Effect.gen(function* () {
    const live = yield* session.kube.get(refOf(object));
    if (live === null) return yield* notReady(object, "NotFound", "it is not there any more");
    last = live;
    seen = progressOf(live);
    if (seen.status === "Failed") return yield* fail("Failed", seen.message);
    return seen.status;
  });
  return look.pipe(
    Effect.repeat({ schedule: polling, until: (status) => status === "Current" }),
    Effect.timeoutOrElse({
      duration: session.settings.timeout,
      orElse: () => {
        const waited = `${seen.message} (waited ${session.settings.timeout / 1000} s)`;
        return fail(seen.status, waited);
      },
    }),
    Effect.asVoid,
  );
}

function notReady(object: KubeObject, status: string, message: string): StepError {
  const { namespace, name } = object.metadata;
  return new StepError({
    object: describe(object),
    detail: `resource ${object.kind}/${namespace ?? ""}/${name} not ready. status: ${status}, message: ${message}`,
  });
}

/** How far a hook is: Jobs and Pods run to their end, everything else is done when it is there. */
export function hookProgress(live: KubeObject): Progress {
  if (live.kind === "Job") return jobProgress(live);
  if (live.kind === "Pod") return podProgress(live);
  return { status: "Current", message: "" };
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** A Job that has completed or failed; a suspended one is waited for. */
export function jobProgress(live: KubeObject): Progress {
  const conditions: Condition[] = live.status?.conditions ?? [];
  const is = (type: string) => conditions.find((condition) => condition.type === type && condition.status === "True");
  const failed = is("Failed");
  if (failed !== undefined) {
    return { status: "Failed", message: [failed.reason, failed.message].filter(Boolean).join(": ") };
  }
  if (is("Complete") !== undefined) return { status: "Current", message: "Job Completed" };
  return { status: "InProgress", message: `Job in progress. active: ${live.status?.active ?? 0}` };
}

function podProgress(live: KubeObject): Progress {
  switch (live.status?.phase) {
    case "Succeeded":
      return { status: "Current", message: "Pod succeeded" };
    case "Failed":
      return {
        status: "Failed",
        message: endedReason(live) ?? live.status.message ?? live.status.reason ?? "Pod failed",
      };
    default:
      return { status: "InProgress", message: reasonOf(live) ?? `Pod is ${live.status?.phase ?? "Pending"}` };
  }
}

/** Waiting until the objects of a release are ready, when a watch asks for it. */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import { readiness } from "../kube/readiness.ts";
import { legacyProgress } from "./legacy-readiness.ts";
import { hasGeneratedName } from "./manifest.ts";
import { type Session, type StepError, stepFailed } from "./session.ts";
import { jobProgress, type Progress, waitFor } from "./wait.ts";

/**
 * Waits until every object is as its spec asks, each at most the release's timeout. Paused Deployments are not waited
 * for, nor, but with `watcherWithJobs`, the end of Jobs. Does nothing with `hookOnly`.
 */
export function waitUntilReady(session: Session, objects: ReadonlyArray<KubeObject>): Effect.Effect<void, StepError> {
  const { wait } = session.settings;
  if (wait === "hookOnly") return Effect.void;
  const progressOf = (live: KubeObject): Progress => {
    if (live.kind === "Job" && wait === "watcherWithJobs") return jobProgress(live);
    if (wait === "legacy") return legacyProgress(live);
    const { status, message } = readiness(live);
    return { status: status === "Terminating" ? "InProgress" : status, message };
  };
  return Effect.forEach(
    objects.filter((object) => !hasGeneratedName(object) && !isPaused(object)),
    (object) => Effect.mapError(waitFor(session, object, progressOf), stepFailed(object, "cannot wait for the object")),
    { concurrency: "unbounded", discard: true },
  );
}

function isPaused({ kind, spec }: KubeObject): boolean {
  return kind === "Deployment" && spec?.paused === true;
}

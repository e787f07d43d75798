/** An object as it is to be applied: what is not the release's to set is left as it is. */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import { isAutoscaled } from "./autoscaler.ts";
import { driftPolicy } from "./drift-policy.ts";
import { leaveAlone } from "./left-alone.ts";
import type { Session } from "./session.ts";

/** Takes out of an object what is not the release's to set; gives the object itself when that is nothing. */
export type Leave = (object: KubeObject) => KubeObject;

/**
 * What the object leaves alone in the live one: fields that are to be ignored, fields that another manager was granted,
 * and replicas that a HorizontalPodAutoscaler has set.
 */
export function whatToLeave(session: Session, object: KubeObject, live: KubeObject | null): Effect.Effect<Leave> {
  if (live === null) return Effect.succeed((each) => each);
  const { paths } = driftPolicy(session.settings.drift, session.cr, object);
  return Effect.map(isAutoscaled(session, object, live), (autoscaled) => (each) => {
    const left = leaveAlone(each, live, paths);
    return autoscaled ? withoutReplicas(left) : left;
  });
}

function withoutReplicas(object: KubeObject): KubeObject {
  const { replicas: _, ...spec } = object.spec ?? {};
  return { ...object, spec };
}

/** Replica counts that are not the chart's to set. */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { Session } from "./session.ts";

const autoscalers = { group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler" };

/**
 * Whether a HorizontalPodAutoscaler has set the live object's replicas and is still there: then the chart's number is
 * left out. When autoscalers cannot be listed, the trace that one left in the managed fields is enough.
 */
export function isAutoscaled(
  { kube }: Session,
  object: KubeObject,
  live: KubeObject | null,
): Effect.Effect<boolean> {
  if (live === null || object.spec?.replicas === undefined || !wasScaled(live)) return Effect.succeed(false);
  return kube.list(autoscalers, { namespace: object.metadata.namespace }).pipe(
    Effect.map(({ items }) =>
      items.some(({ spec }) =>
        spec?.scaleTargetRef?.kind === object.kind && spec.scaleTargetRef.name === object.metadata.name
      )
    ),
    Effect.catch(() => Effect.succeed(true)),
  );
}

function wasScaled(live: KubeObject): boolean {
  return (live.metadata.managedFields ?? []).some(({ subresource }) => subresource === "scale");
}

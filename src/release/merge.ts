/** Applying an object on the client's side: a three-way merge here, as Helm 3 and `--server-side=false` do it. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { mergePatch, threeWayMerge } from "../kube/three-way-merge.ts";
import { refOf } from "./manifest.ts";
import { fieldManager, type Session } from "./session.ts";

/**
 * Creates the object, or patches the live one. `earlier` is the object as earlier revisions had it: what it has and the
 * new one has not is removed. An object that changed meanwhile is read again.
 */
export function mergeObject(
  { kube }: Session,
  object: KubeObject,
  live: KubeObject | null,
  earlier: ReadonlyArray<KubeObject>,
): Effect.Effect<KubeObject, KubeError> {
  if (live === null) return kube.create(object, { fieldManager, fieldValidation: "Strict" });
  const attempt = (now: KubeObject): Effect.Effect<KubeObject, KubeError> => {
    const patch = patchFor(object, now, earlier);
    if (patch === null) return Effect.succeed(now);
    const type = "application/merge-patch+json";
    return kube.patch(refOf(now), patch, type, { fieldManager, fieldValidation: "Strict" });
  };
  const again = Effect.flatMap(kube.get(refOf(object)), (now) => attempt(now ?? live));
  return attempt(live).pipe(
    Effect.catchIf(isConflict, () => Effect.retry(again, { times: 5, while: isConflict })),
  );
}

function patchFor(object: KubeObject, live: KubeObject, earlier: ReadonlyArray<KubeObject>) {
  const merged = earlier.length === 0
    ? threeWayMerge({}, object, live)
    : earlier.reduce<ReturnType<typeof threeWayMerge>>((now, each) => threeWayMerge(each, object, now), live);
  const patch = mergePatch(live, merged);
  if (patch === null) return null;
  const { resourceVersion } = live.metadata;
  return { ...patch, metadata: { ...patch.metadata as Record<string, unknown> | undefined, resourceVersion } };
}

function isConflict(error: KubeError): boolean {
  return error._tag === "ApiError" && error.code === 409;
}

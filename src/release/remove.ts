/** Deleting a release's objects. */
import { Effect, Schedule } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import { describe, type KubeObject } from "../kube/object.ts";
import { refOf, resourceString } from "./manifest.ts";
import { foreign, isKept } from "./ownership.ts";
import { fieldManager, joinFailures, type Session, StepError, stepFailed } from "./session.ts";

/** What became of an object that was to be deleted. */
export type Removal = "deleted" | "absent" | "kept" | "foreign";

/**
 * Deletes an object in the background if it is there, belongs to the release and may be deleted. Another object of the
 * same name that appears meanwhile stays.
 */
export function removeObject(
  session: Session,
  object: KubeObject,
  except: ReadonlySet<string> = new Set(),
): Effect.Effect<Removal, StepError> {
  return Effect.gen(function* () {
    const live = yield* session.kube.get(refOf(object));
    if (live === null) return "absent";
    if (foreign(live, session) !== null || except.has(live.metadata.uid ?? "")) return "foreign";
    if (isKept(object) || isKept(live)) {
      yield* disown(session, live);
      return "kept";
    }
    const preconditions = live.metadata.uid === undefined ? undefined : { uid: live.metadata.uid };
    const deleted = yield* session.kube.delete(refOf(object), { preconditions });
    return deleted ? "deleted" : "absent";
  }).pipe(Effect.mapError(stepFailed(object, `failed to delete ${resourceString(object)}`)));
}

/** Takes the owner reference away, for which the garbage collector would delete the object after all. */
function disown({ kube, cr }: Session, live: KubeObject): Effect.Effect<void, KubeError> {
  const { ownerReferences = [], resourceVersion } = live.metadata;
  const others = ownerReferences.filter(({ uid }) => uid !== cr.metadata.uid);
  if (others.length === ownerReferences.length) return Effect.void;
  const patch = { metadata: { ownerReferences: others, resourceVersion } };
  return Effect.asVoid(kube.patch(refOf(live), patch, "application/merge-patch+json", { fieldManager }));
}

/** Deletes in the given order, tries all, and fails with everything that failed. */
export function removeObjects(
  session: Session,
  objects: ReadonlyArray<KubeObject>,
  except?: ReadonlySet<string>,
): Effect.Effect<void, StepError> {
  return Effect.gen(function* () {
    const [, failures] = yield* Effect.partition(objects, (object) => removeObject(session, object, except));
    if (failures.length > 0) return yield* joinFailures(failures);
  });
}

/** Deletes a live object, whomever it belongs to, and waits until it is gone, at most the release's timeout. */
export function removeAndWait(session: Session, live: KubeObject): Effect.Effect<void, KubeError | StepError> {
  return Effect.gen(function* () {
    const { uid } = live.metadata;
    yield* session.kube.delete(refOf(live), uid === undefined ? {} : { preconditions: { uid } });
    yield* session.kube.get(refOf(live)).pipe(
      Effect.repeat({
        schedule: polling,
        until: (now) => now === null || now.metadata.uid !== uid,
      }),
      Effect.timeoutOrElse({
        duration: session.settings.timeout,
        orElse: () =>
          Effect.fail(
            new StepError({
              object: describe(live),
              detail: `${resourceString(live)} still exists ${session.settings.timeout / 1000} s after its deletion`,
            }),
          ),
      }),
    );
  });
}

/** From 50 ms to 2 s. */
export const polling = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("2 seconds")]);

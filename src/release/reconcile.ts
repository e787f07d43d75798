/** Putting the objects of the deployed revision back as they were applied, as operator-sdk's reconcile does. */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import type { Json } from "../template/value.ts";
import { applyTo, migrate } from "./apply.ts";
import { buildObjects } from "./build.ts";
import { changedFields, contains } from "./difference.ts";
import type { ManagerFailure, Repair } from "./manager.ts";
import { hasGeneratedName, refOf } from "./manifest.ts";
import { isMark } from "./ownership.ts";
import { chartNameOf, inAction, joinFailures, type Session, StepError, stepFailed } from "./session.ts";

/**
 * One read an object; only what is not as it was applied is applied again. What others added stays, and so do the
 * replicas that an autoscaler set. Marks of ownership, which an adopted release lacks, are put on and are no repair.
 */
export function reconcile(
  session: Session,
  release: ReleaseRecord,
): Effect.Effect<{ readonly release: ReleaseRecord; readonly repairs: ReadonlyArray<Repair> }, ManagerFailure> {
  return Effect.gen(function* () {
    const chartName = chartNameOf(release);
    const objects = yield* buildObjects(session, release.manifest ?? "", { chartName, managed: true });
    const [repairs, failures] = yield* Effect.partition(
      objects.filter((object) => !hasGeneratedName(object)),
      (object) => repair(session, object, release.apply_method !== "ssa"),
      { concurrency: 8 },
    );
    if (failures.length > 0) return yield* joinFailures(failures);
    return { release, repairs: repairs.filter((done) => done !== null) };
  }).pipe(inAction("reconcile", session));
}

function repair(
  session: Session,
  object: KubeObject,
  clientSide: boolean,
): Effect.Effect<Repair | null, StepError> {
  return Effect.gen(function* () {
    const live = yield* session.kube.get(refOf(object));
    if (live === null) {
      return { object: yield* applyTo(session, object, null, false), change: "created" as const, fields: [] };
    }
    if (contains(live as unknown as Json, object as unknown as Json)) return null;
    const before = clientSide ? yield* migrate(session, live) : live;
    const after = yield* applyTo(session, object, before, false);
    const fields = changedFields(live as unknown as Json, after as unknown as Json).filter((field) => !isMark(field));
    return fields.length === 0 ? null : { object: after, change: "patched" as const, fields };
  }).pipe(Effect.mapError(stepFailed(object, "cannot reconcile the object")));
}

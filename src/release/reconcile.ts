/** Putting the objects of the deployed revision back as they were applied, as operator-sdk's reconcile does. */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import type { Json } from "../template/value.ts";
import { applyTo, migrate } from "./apply.ts";
import { buildObjects } from "./build.ts";
import { whatToLeave } from "./desired.ts";
import { changedFields, contains } from "./difference.ts";
import { driftPolicy } from "./drift-policy.ts";
import type { ManagerFailure } from "./failure.ts";
import type { Reconciled, Repair } from "./manager.ts";
import { hasGeneratedName, refOf } from "./manifest.ts";
import { isMark } from "./ownership.ts";
import { chartNameOf, fieldManager, inAction, joinFailures, type Session, StepError, stepFailed } from "./session.ts";

/**
 * One read an object; only what is not as it was applied is applied again. What others added stays, and so does what
 * {@link whatToLeave} tells. Marks of ownership, which an adopted release lacks, are put on and are no repair.
 */
export function reconcile(session: Session, release: ReleaseRecord): Effect.Effect<Reconciled, ManagerFailure> {
  return Effect.gen(function* () {
    const chartName = chartNameOf(release);
    const objects = yield* buildObjects(session, release.manifest ?? "", { chartName, managed: true });
    const [found, failures] = yield* Effect.partition(
      objects.filter((object) => !hasGeneratedName(object)),
      (object) => reconcileOne(session, object, release.apply_method !== "ssa"),
      { concurrency: 8 },
    );
    if (failures.length > 0) return yield* joinFailures(failures);
    const changed = found.filter((each) => each !== null);
    const { warn: drifted = [], repair: repairs = [] } = Object.groupBy(changed, ({ mode }) => mode);
    return { release, repairs, drifted };
  }).pipe(inAction("reconcile", session));
}

interface Found extends Repair {
  readonly mode: "repair" | "warn";
}

function reconcileOne(
  session: Session,
  object: KubeObject,
  clientSide: boolean,
): Effect.Effect<Found | null, StepError> {
  return Effect.gen(function* () {
    // Also of an object that may drift: whoever watches it learns of it by this.
    const live = yield* session.kube.get(refOf(object));
    const { mode } = driftPolicy(session.settings.drift, session.cr, object);
    if (mode === "off") return null;
    if (live === null) {
      const made = mode === "warn" ? object : yield* applyTo(session, object, null, false);
      return { object: made, change: "created" as const, fields: [], mode };
    }
    if (contains(live as unknown as Json, object as unknown as Json)) return null;
    const wanted = (yield* whatToLeave(session, object, live))(object);
    if (wanted !== object && contains(live as unknown as Json, wanted as unknown as Json)) return null;
    const migrates = clientSide && session.settings.serverSideApply;
    const after = mode === "warn"
      ? yield* session.kube.apply(wanted, { fieldManager, force: true, dryRun: true })
      : yield* applyTo(session, object, migrates ? yield* migrate(session, live) : live, false, [object]);
    const fields = changedFields(live as unknown as Json, after as unknown as Json).filter((field) => !isMark(field));
    return fields.length === 0 ? null : { object: after, change: "patched" as const, fields, mode };
  }).pipe(Effect.mapError(stepFailed(object, "cannot reconcile the object")));
}

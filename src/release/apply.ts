/** Applying a release's objects, in the manifest's order, as Helm 4 does: on the server's side, or on the client's. */
import { Effect, Schedule } from "effect";
import type { ApiError, KubeError } from "../kube/kube-client.ts";
import { formatApiVersion, gvkOf, type KubeObject } from "../kube/object.ts";
import { whatToLeave } from "./desired.ts";
import { migrationPatch } from "./field-managers.ts";
import { hasGeneratedName, objectKey, refOf } from "./manifest.ts";
import { mergeObject } from "./merge.ts";
import { removeAndWait } from "./remove.ts";
import { fieldManager, joinFailures, type Session, StepError, stepFailed } from "./session.ts";

export interface ApplyOptions {
  /** Take over what clients applied on their side: the release's last record is not of server-side apply. */
  readonly migrate: boolean;
  /** Delete and make anew an object that cannot be changed. Never one that holds data. */
  readonly force: boolean;
  /** Keys of objects that are known not to be there, and need not be read. Default none. */
  readonly absent?: ReadonlySet<string>;
  /** Objects as earlier revisions had them, by key: a merge on the client's side removes what they had. Default none. */
  readonly earlier?: ReadonlyMap<string, ReadonlyArray<KubeObject>>;
}

/** How many objects of one kind are written at once. */
const concurrency = 8;

/** Kinds whose deletion loses what nobody can bring back. */
export const precious: ReadonlySet<string> = new Set([
  "PersistentVolumeClaim",
  "PersistentVolume",
  "Namespace",
  "CustomResourceDefinition",
]);

/**
 * Applies objects kind by kind in their order. All of a kind are tried; the first kind with a failure ends it. Fields
 * that another manager holds are taken from it, for the custom resource decides; {@link whatToLeave} says which are not.
 */
export function applyObjects(
  session: Session,
  objects: ReadonlyArray<KubeObject>,
  options: ApplyOptions,
): Effect.Effect<void, StepError> {
  return Effect.forEach(byKind(objects), (batch) =>
    Effect.gen(function* () {
      const [, failures] = yield* Effect.partition(batch, (object) => applyOne(session, object, options), {
        concurrency,
      });
      if (failures.length > 0) return yield* joinFailures(failures);
    }), { discard: true });
}

/** Applies one object; gives the live object before (null when it was not there) and after. */
export function applyOne(
  session: Session,
  object: KubeObject,
  options: ApplyOptions,
): Effect.Effect<{ readonly before: KubeObject | null; readonly after: KubeObject }, StepError> {
  const { namespace, name } = object.metadata;
  const gvk = gvkOf(object);
  const what = `${namespace ?? ""}/${name} ${formatApiVersion(gvk)}, Kind=${gvk.kind}`;
  return Effect.gen(function* () {
    if (hasGeneratedName(object)) {
      return { before: null, after: yield* session.kube.create(object, { fieldManager, fieldValidation: "Strict" }) };
    }
    let before = options.absent?.has(objectKey(object)) ? null : yield* session.kube.get(refOf(object));
    const { serverSideApply } = session.settings;
    if (before !== null && options.migrate && serverSideApply) before = yield* migrate(session, before);
    const earlier = options.earlier?.get(objectKey(object)) ?? [];
    const after = yield* applyTo(session, object, before, options.force, earlier);
    return { before, after };
  }).pipe(Effect.mapError(stepFailed(object, words(session, what))));
}

/** The request itself, for an object whose live state is known. */
export function applyTo(
  session: Session,
  object: KubeObject,
  live: KubeObject | null,
  force: boolean,
  earlier: ReadonlyArray<KubeObject> = [],
): Effect.Effect<KubeObject, KubeError | StepError> {
  const apply = Effect.flatMap(whatToLeave(session, object, live), (leave) => {
    if (session.settings.serverSideApply) {
      return session.kube.apply(leave(object), { fieldManager, force: true, fieldValidation: "Strict" });
    }
    return mergeObject(session, leave(object), live, earlier.map(leave));
  }).pipe(Effect.retry({ schedule: briefly, times: 5, while: isConflict }));
  if (!force || live === null) return apply;
  return Effect.catchTag(apply, "ApiError", (error): Effect.Effect<KubeObject, KubeError | StepError> => {
    if (error.reason !== "Invalid") return Effect.fail(error);
    if (precious.has(object.kind)) {
      return Effect.fail(
        new StepError({ detail: `${error.message}; a ${object.kind} is never deleted to be made anew`, cause: error }),
      );
    }
    return Effect.andThen(removeAndWait(session, live), applyTo(session, object, null, false));
  });
}

/** In Helm's words. */
function words({ settings }: Session, what: string): string {
  return settings.serverSideApply ? `server-side apply failed for object ${what}` : `cannot patch object ${what}`;
}

/** Hands the fields over; what was written meanwhile is read again. */
export function migrate(session: Session, live: KubeObject): Effect.Effect<KubeObject, KubeError> {
  const patch = migrationPatch(live, session.settings.formerManagers, fieldManager);
  if (patch === null) return Effect.succeed(live);
  return session.kube.patch(refOf(live), patch, "application/json-patch+json", { fieldManager }).pipe(
    Effect.catchIf(
      isConflict,
      () =>
        Effect.flatMap(
          session.kube.get(refOf(live)),
          (again) => again === null ? Effect.succeed(live) : migrate(session, again),
        ),
    ),
  );
}

/** With forced ownership a 409 means that somebody wrote meanwhile, or a quota's own conflict: it passes. */
function isConflict(error: KubeError): error is ApiError {
  return error._tag === "ApiError" && error.code === 409;
}

const briefly = Schedule.jittered(Schedule.exponential("20 millis"));

function byKind(objects: ReadonlyArray<KubeObject>): KubeObject[][] {
  const batches: KubeObject[][] = [];
  for (const object of objects) {
    const last = batches.at(-1);
    if (last !== undefined && last[0].kind === object.kind) last.push(object);
    else batches.push([object]);
  }
  return batches;
}

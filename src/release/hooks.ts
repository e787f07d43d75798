/** Hooks, as Helm runs them: by weight, one after the other, each to its end (helm.sh/helm/v4/pkg/action/hooks.go). */
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { HookRecord, ReleaseRecord } from "../storage/record.ts";
import { compareStrings } from "../template/value.ts";
import { applyOne } from "./apply.ts";
import { buildObjects } from "./build.ts";
import { outputLogs } from "./hook-log.ts";
import { refOf } from "./manifest.ts";
import { isPassing } from "./outcome.ts";
import { removeAndWait } from "./remove.ts";
import { chartNameOf, type Session, stepFailed, type StepFailure, timestamp } from "./session.ts";
import { hookProgress, waitFor } from "./wait.ts";

export type HookEvent =
  | "pre-install"
  | "post-install"
  | "pre-upgrade"
  | "post-upgrade"
  | "pre-rollback"
  | "post-rollback"
  | "pre-delete"
  | "post-delete"
  | "test";

/** An object that is being changed: the record of the action under way. */
export interface Draft {
  record: ReleaseRecord;
}

/**
 * Runs the hooks of an event. Each start and each success is written to the record, so that after a crash a hook that
 * succeeded is not run again, and one that was started is waited for. A failure fails the event, after the delete
 * policies were heeded.
 */
export function runHooks(session: Session, draft: Draft, event: HookEvent): Effect.Effect<void, StepFailure> {
  if (session.settings.disableHooks) return Effect.void;
  const hooks = hooksFor(draft.record, event);
  return Effect.gen(function* () {
    for (const [position, hook] of hooks.entries()) {
      const id = `${event} ${hook.kind}/${hook.name}`;
      if (draft.record.helmwright?.ran?.includes(id)) continue;
      yield* runHook(session, draft, hook, id).pipe(
        Effect.tapError((error) =>
          Effect.gen(function* () {
            if (isPassing(error)) return;
            yield* Effect.ignore(logs(session, draft.record, hook, "hook-failed"));
            yield* Effect.ignore(removeByPolicy(session, draft.record, hook, "hook-failed"));
            for (const earlier of hooks.slice(0, position)) {
              yield* Effect.ignore(removeByPolicy(session, draft.record, earlier, "hook-succeeded"));
            }
          })
        ),
      );
    }
    for (const hook of hooks) yield* Effect.ignore(logs(session, draft.record, hook, "hook-succeeded"));
    for (const hook of hooks.toReversed()) yield* removeByPolicy(session, draft.record, hook, "hook-succeeded");
  });
}

/** An event's hooks by weight, then by name; the record's order, which is by kind, decides among equals. */
export function hooksFor(record: ReleaseRecord, event: HookEvent): HookRecord[] {
  return (record.hooks ?? [])
    .filter((hook) => hook.events?.includes(event))
    .sort((a, b) => (a.weight ?? 0) - (b.weight ?? 0) || compareStrings(a.name ?? "", b.name ?? ""));
}

function runHook(session: Session, draft: Draft, hook: HookRecord, id: string): Effect.Effect<void, StepFailure> {
  return Effect.gen(function* () {
    const objects = yield* buildHook(session, draft.record, hook);
    const started = draft.record.helmwright?.running === id && (yield* allThere(session, objects));
    if (!started) {
      yield* removeByPolicy(session, draft.record, hook, "before-hook-creation");
      const started_at = yield* timestamp;
      yield* note(session, draft, hook, { started_at, phase: "Running" }, { running: id });
      yield* Effect.forEach(objects, (object) => applyOne(session, object, { migrate: false, force: false }), {
        discard: true,
      });
    }
    yield* Effect.forEach(objects, (object) =>
      Effect.mapError(
        waitFor(session, object, hookProgress),
        stepFailed(object, `cannot watch hook ${hook.path ?? hook.name}`),
      ), { discard: true });
    const ran = [...(draft.record.helmwright?.ran ?? []), id];
    yield* note(session, draft, hook, { completed_at: yield* timestamp, phase: "Succeeded" }, { ran });
  }).pipe(
    Effect.tapError((error) => isPassing(error) ? Effect.void : noteFailure(session, draft, hook)),
  );
}

function noteFailure(session: Session, draft: Draft, hook: HookRecord): Effect.Effect<void> {
  return Effect.flatMap(
    timestamp,
    (completed_at) => Effect.ignore(note(session, draft, hook, { completed_at, phase: "Failed" }, {})),
  );
}

/** Writes how far a hook is into the record. */
function note(
  session: Session,
  draft: Draft,
  hook: HookRecord,
  run: Partial<HookRecord["last_run"]>,
  progress: { running?: string; ran?: string[] },
): Effect.Effect<void, StepFailure> {
  const { running: _, ...facts } = draft.record.helmwright ?? { inputs: "" };
  draft.record = {
    ...draft.record,
    helmwright: { ...facts, ...progress },
    hooks: draft.record.hooks?.map((other) =>
      other.path === hook.path && other.name === hook.name && other.kind === hook.kind
        ? {
          ...other,
          last_run: { ...(progress.running === undefined ? other.last_run : {}), ...run, phase: run.phase! },
        }
        : other
    ),
  };
  return Effect.asVoid(session.storage.update(draft.record));
}

function logs(session: Session, record: ReleaseRecord, hook: HookRecord, policy: "hook-succeeded" | "hook-failed") {
  return Effect.flatMap(
    buildHook(session, record, hook),
    (objects) => Effect.forEach(objects, (object) => outputLogs(session, hook, object, policy), { discard: true }),
  );
}

function buildHook(session: Session, record: ReleaseRecord, hook: HookRecord) {
  return buildObjects(session, hook.manifest ?? "", { chartName: chartNameOf(record), managed: false });
}

function allThere(session: Session, objects: ReadonlyArray<KubeObject>): Effect.Effect<boolean, StepFailure> {
  return Effect.map(
    Effect.forEach(objects, (object) => session.kube.get(refOf(object))),
    (found) => found.every((live) => live !== null),
  );
}

/**
 * Deletes a hook's objects when it has the policy, and waits until they are gone. Without any policy a hook has
 * `before-hook-creation`. CustomResourceDefinitions are never deleted: all their objects would go.
 */
function removeByPolicy(
  session: Session,
  record: ReleaseRecord,
  hook: HookRecord,
  policy: "before-hook-creation" | "hook-succeeded" | "hook-failed",
): Effect.Effect<void, StepFailure> {
  const policies = hook.delete_policies?.length ? hook.delete_policies : ["before-hook-creation"];
  if (hook.kind === "CustomResourceDefinition" || !policies.includes(policy)) return Effect.void;
  return Effect.gen(function* () {
    for (const object of yield* buildHook(session, record, hook)) {
      const live = yield* session.kube.get(refOf(object));
      if (live !== null) yield* removeAndWait(session, live);
    }
  });
}

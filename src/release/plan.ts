/** What bringing a release up to date would do to the cluster. Nothing is written: the API server is asked in dry runs. */
import { Effect } from "effect";
import { processDependencies } from "../chart/dependencies.ts";
import { ApiError, type ConnectionError, type KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import { applyTo, precious } from "./apply.ts";
import { buildObjects } from "./build.ts";
import { type Inputs, readInputs, renderCandidate, sameAnswers } from "./candidate.ts";
import { sameRelease } from "./compare.ts";
import { crdFiles } from "./crds.ts";
import { driftPolicy } from "./drift-policy.ts";
import { dryRunning } from "./dry-run.ts";
import { migrationPatch } from "./field-managers.ts";
import { type FieldChange, fieldChanges } from "./field-changes.ts";
import { type HookEvent, hooksFor } from "./hooks.ts";
import { sameInputs } from "./inputs.ts";
import type { ManagerFailure } from "./failure.ts";
import { hasGeneratedName, objectKey, parseManifest, refOf } from "./manifest.ts";
import { nextRecord } from "./next-record.ts";
import { foreign, isKept } from "./ownership.ts";
import { planFor } from "./perform.ts";
import { scrubError } from "./scrub.ts";
import { fieldManager, inAction, type Session, StepError } from "./session.ts";
import { readState, type ReleaseState, unsettledRecords } from "./state.ts";
import { isUnsettled, refuseOtherChart } from "./sync.ts";
import { goValues } from "./values.ts";

export interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /**
   * `replace`: it cannot be changed, and would be deleted and made anew by force. `keep`: it leaves the release and stays
   * in the cluster, as its resource policy says.
   */
  readonly change: "create" | "change" | "replace" | "delete" | "keep";
  /** What differs, for `change`. */
  readonly fields: ReadonlyArray<FieldChange>;
  /** Why the API server would refuse it. */
  readonly problem?: string;
}

export interface PlannedHook {
  readonly event: string;
  readonly kind: string;
  readonly name: string;
  readonly weight: number;
}

export interface ReleasePlan {
  readonly release: string;
  readonly namespace: string;
  /** `repair`: no new revision, but objects that differ from what was applied. */
  readonly action: "install" | "upgrade" | "repair" | "none";
  /** The deployed revision; null when there is none. */
  readonly revision: number | null;
  /** Only objects to which something would happen, in the order of the manifest, then those that go. */
  readonly objects: ReadonlyArray<PlannedObject>;
  /** The hooks that would run, in their order. */
  readonly hooks: ReadonlyArray<PlannedHook>;
}

/** Works the plan out. Fails where an install or upgrade would fail before it writes anything. */
export function plan(given: Session): Effect.Effect<ReleasePlan, ManagerFailure> {
  return Effect.gen(function* () {
    const state = yield* readState(given);
    yield* refuseOtherChart(given, state);
    const inputs = yield* readInputs(given);
    const { action, record } = yield* wanted(given, state, inputs);
    const crds = yield* plannedCrds(given, inputs, action);
    const session: Session = { ...given, kube: dryRunning(given.kube, crds.absent) };
    const before = [...(state.deployed === null ? [] : [state.deployed]), ...(yield* unsettledRecords(session, state))];
    const { targets, former, earlier } = yield* planFor(
      session,
      record,
      before,
      action === "install" ? "install" : "update",
    );
    const all = [...crds.objects, ...targets];
    const asClient = inClientsWay(session, before);
    const force = action === "upgrade" && isForced(session);
    const written = yield* Effect.forEach(
      action === "none" ? targets.filter((object) => isRepaired(session, object)) : all,
      (object) => planObject(session, object, { all, asClient, force, earlier: earlier.get(objectKey(object)) ?? [] }),
      { concurrency: 8 },
    );
    const present = new Set([...targets, ...hookObjects(session, record)].map(objectKey));
    const removed = yield* Effect.forEach(
      former.filter((object) => !present.has(objectKey(object))),
      (object) => planRemoval(session, object),
    );
    const objects = [...written, ...removed].flat();
    return {
      release: session.release.name,
      namespace: session.release.namespace,
      action: action === "none" && objects.length > 0 ? "repair" as const : action,
      revision: state.deployed?.version ?? null,
      objects,
      hooks: plannedHooks(session, record, action),
    };
  }).pipe(inAction("reconcile", given));
}

/** Whether following the plan would change anything. */
export function hasChanges({ action }: ReleasePlan): boolean {
  return action !== "none";
}

type Action = "install" | "upgrade" | "none";

/** The revision that would be applied, as `sync` and the actions choose it. */
function wanted(
  session: Session,
  state: ReleaseState,
  inputs: Inputs,
): Effect.Effect<{ readonly action: Action; readonly record: ReleaseRecord }, ManagerFailure> {
  const { last, deployed } = state;
  return Effect.gen(function* () {
    if (last === null || deployed === null) {
      return { action: "install", record: (yield* nextRecord(session, state, inputs, "pending-install")).record };
    }
    if (!isUnsettled({ ...state, last, deployed })) {
      const facts = deployed.helmwright;
      if (sameInputs(facts, inputs.digest) && (yield* sameAnswers(session, inputs, facts))) {
        return { action: "none", record: deployed };
      }
      const revision = deployed.info.rollback_revision ?? deployed.version;
      const { rendered } = yield* renderCandidate(session, inputs, { revision, isInstall: revision === 1 });
      if (sameRelease(rendered, deployed)) return { action: "none", record: deployed };
    }
    return { action: "upgrade", record: (yield* nextRecord(session, state, inputs, "pending-upgrade")).record };
  });
}

interface PlannedCrds {
  /** Those that would be applied. */
  readonly objects: ReadonlyArray<KubeObject>;
  /** Those that are not there yet. */
  readonly absent: ReadonlyArray<KubeObject>;
}

/** What would become of the CRDs in crds/, by the policy. */
function plannedCrds(
  session: Session,
  { chart, values }: Inputs,
  action: Action,
): Effect.Effect<PlannedCrds, ManagerFailure | StepError> {
  const { crds } = session.settings;
  const isDue = action === "install" ? crds !== "skip" : action === "upgrade" && crds === "replace";
  if (!isDue) return Effect.succeed({ objects: [], absent: [] });
  return Effect.gen(function* () {
    const files = yield* Effect.try({
      try: () => crdFiles(processDependencies(chart, goValues(values))),
      catch: (cause) => new StepError({ detail: (cause as Error).message, cause }),
    });
    const built = { chartName: chart.metadata.name, managed: false };
    const objects = (yield* Effect.forEach(files, ({ data }) => buildObjects(session, data, built))).flat();
    const absent = yield* Effect.filter(
      objects,
      (crd) => Effect.map(session.kube.get(refOf(crd)), (live) => live === null),
    );
    return { objects: crds === "replace" ? objects : absent, absent };
  });
}

/** Whether drift of the object would be put back. */
function isRepaired({ settings, cr }: Session, object: KubeObject): boolean {
  return driftPolicy(settings.drift, cr, object).mode === "repair";
}

/**
 * Tells the objects whose fields would be taken over from a client-side apply first. Dry runs do not build on each
 * other: the client's merge shows which fields would go.
 */
function inClientsWay({ settings }: Session, before: ReadonlyArray<ReleaseRecord>): (live: KubeObject) => boolean {
  const migrates = settings.serverSideApply && before.some(({ apply_method }) => apply_method !== "ssa");
  return (live) => migrates && migrationPatch(live, settings.formerManagers, fieldManager) !== null;
}

interface ObjectContext {
  /** All objects that would be applied. */
  readonly all: ReadonlyArray<KubeObject>;
  readonly asClient: (live: KubeObject) => boolean;
  readonly force: boolean;
  /** The object as earlier revisions had it. */
  readonly earlier: ReadonlyArray<KubeObject>;
}

function planObject(
  session: Session,
  object: KubeObject,
  { all, asClient, force, earlier }: ObjectContext,
): Effect.Effect<PlannedObject[], ConnectionError> {
  const generated = hasGeneratedName(object);
  let live: KubeObject | null = null;
  return Effect.gen(function* () {
    if (!generated) live = yield* session.kube.get(refOf(object));
    const way = live !== null && asClient(live)
      ? { ...session, settings: { ...session.settings, serverSideApply: false } }
      : session;
    const after = generated
      ? yield* session.kube.create(object, { fieldValidation: "Strict" })
      : yield* applyTo(way, object, live, false, earlier);
    if (live === null) return [planned(object, "create")];
    const fields = fieldChanges(live, after);
    return fields.length === 0 ? [] : [{ ...planned(object, "change"), fields }];
  }).pipe(Effect.catch((error) => {
    if (error._tag === "ConnectionError") return Effect.fail(error);
    const change = live === null ? "create" : "change";
    if (error instanceof ApiError && error.code === 404 && inNewNamespace(object, all)) {
      return Effect.succeed([planned(object, change)]);
    }
    if (force && live !== null && isInvalid(error) && !precious.has(object.kind)) {
      return Effect.succeed([planned(object, "replace")]);
    }
    const { message } = error._tag === "StepError" ? error : scrubError(object, error);
    return Effect.succeed([{ ...planned(object, change), problem: message }]);
  }));
}

function isInvalid(error: KubeError | StepError): boolean {
  return error instanceof ApiError && error.reason === "Invalid";
}

/** Whether the custom resource asks for upgrades by force. */
function isForced({ cr }: Session): boolean {
  const value = cr.metadata.annotations?.["helm.sdk.operatorframework.io/upgrade-force"] ?? "";
  return ["1", "t", "T", "true", "TRUE", "True"].includes(value);
}

/** The API server cannot check what lies in a namespace that the release makes itself. */
function inNewNamespace({ metadata: { namespace } }: KubeObject, all: ReadonlyArray<KubeObject>): boolean {
  return all.some(({ kind, metadata }) => kind === "Namespace" && metadata.name === namespace);
}

function planRemoval(session: Session, object: KubeObject): Effect.Effect<PlannedObject[], ManagerFailure> {
  return Effect.map(session.kube.get(refOf(object)), (live) => {
    if (live === null || foreign(live, session) !== null) return [];
    return [planned(object, isKept(object) || isKept(live) ? "keep" : "delete")];
  });
}

function planned({ apiVersion, kind, metadata }: KubeObject, change: PlannedObject["change"]): PlannedObject {
  const { namespace, name = `${metadata.generateName}*` } = metadata;
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, change, fields: [] };
}

/** An object that becomes a hook is not deleted. */
function hookObjects({ release }: Session, { hooks = [] }: ReleaseRecord): KubeObject[] {
  return hooks.flatMap(({ manifest = "" }) => parseManifest(manifest)).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? release.namespace },
  }));
}

function plannedHooks(session: Session, record: ReleaseRecord, action: Action): PlannedHook[] {
  if (action === "none" || session.settings.disableHooks) return [];
  return [`pre-${action}`, `post-${action}`].flatMap((event) =>
    hooksFor(record, event as HookEvent).map(({ kind = "", name = "", weight = 0 }) => ({ event, kind, name, weight }))
  );
}

/** `apps/v1/Deployment web/front`. */
export function describePlanned({ apiVersion, kind, namespace, name }: PlannedObject): string {
  return `${apiVersion}/${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}

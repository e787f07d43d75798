/** A custom resource's status, as operator-sdk's Helm operator writes it. Pure: nothing here writes anywhere. */
import type { KubeObject } from "../kube/object.ts";
import type { Readiness } from "../kube/readiness.ts";
import type { PlanStatus } from "../release/plan-text.ts";

/** operator-sdk's, then Helmwright's own. */
export type ConditionType =
  | "Initialized"
  | "Deployed"
  | "ReleaseFailed"
  | "Irreconcilable"
  | "Ready"
  | "Drifted"
  | "Stalled"
  | "Tested"
  | "Paused"
  | "Planned";

export type ConditionReason =
  | "InstallSuccessful"
  | "UpgradeSuccessful"
  | "UninstallSuccessful"
  | "InstallError"
  | "UpgradeError"
  | "ReconcileError"
  | "UninstallError"
  | "Installing"
  | "Upgrading"
  | "ResourcesReady"
  | "ResourceProgressing"
  | "ResourceFailed"
  | "ResourceMissing"
  | "NotWatched"
  | "DriftDetected"
  | "RetriesExhausted"
  | "TestsRunning"
  | "TestsSucceeded"
  | "TestsFailed"
  | "Paused"
  | "ChangesPlanned"
  | "NoChanges"
  | "PlanError";

export interface Condition {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: ConditionReason;
  readonly message?: string;
  /** RFC 3339 in whole seconds. Changes only when `status` does. */
  readonly lastTransitionTime?: string;
}

export interface DeployedRelease {
  readonly name: string;
  readonly manifest?: string;
}

/**
 * The parts of a status that Helmwright writes; other fields and other condition types are left as they are. Of the
 * optional ones, null takes the field away, and one that is not there stays as it is.
 */
export interface Status {
  readonly conditions: ReadonlyArray<Condition>;
  readonly deployedRelease?: DeployedRelease;
  /** The generation of the resource that the conditions speak of. */
  readonly observedGeneration?: number | null;
  /** What the release consists of; those that are not ready come first when there are too many for all. */
  readonly resources?: ReadonlyArray<ResourceStatus> | null;
  /** How many are not in `resources`. */
  readonly resourcesOmitted?: number | null;
  /** What would be done, while only a plan is asked for. */
  readonly plan?: PlanStatus | null;
  /** How often what is asked for has failed, where the tries have a bound. */
  readonly failures?: Failures | null;
}

/** Failures in a row of one thing that was asked for; `asked` is a digest of it. */
export interface Failures {
  readonly count: number;
  readonly asked: string;
  /** When the last of them began, as the release's record says; absent when there is none. */
  readonly began?: string;
}

/** An object of a release, as far as `status.resources` tells of it. */
export interface ResourceStatus {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** kstatus' word; NotFound for one that is not there. */
  readonly status: Readiness["status"] | "NotFound";
  /** Why it is not Current. */
  readonly message?: string;
}

/** Messages are cut here, in characters: a status must stay well below what etcd takes. */
export const messageLimit = 32_768;

/** What the resource's status holds now; empty when it has none or one of another shape. */
export function statusOf(cr: KubeObject): Status {
  const status = cr.status;
  if (status === null || typeof status !== "object") return { conditions: [] };
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  const { deployedRelease, observedGeneration, resources, resourcesOmitted, plan, failures } = status;
  return {
    conditions,
    ...(typeof deployedRelease?.name === "string" ? { deployedRelease } : {}),
    ...(typeof observedGeneration === "number" ? { observedGeneration } : {}),
    ...(Array.isArray(resources) ? { resources } : {}),
    ...(typeof resourcesOmitted === "number" ? { resourcesOmitted } : {}),
    ...(plan ? { plan } : {}),
    ...(typeof failures?.count === "number" && typeof failures.asked === "string" ? { failures } : {}),
  };
}

/**
 * The status with the condition in it: in place of the one of its type, or at the end. `lastTransitionTime` becomes
 * `now` when the condition is new or its status changed, else it stays.
 */
export function setCondition(status: Status, condition: Condition, now: Date): Status {
  const old = status.conditions.find((each) => each.type === condition.type);
  const since = old?.status === condition.status ? old.lastTransitionTime : formatTime(now);
  const { message, ...rest } = condition;
  const next: Condition = {
    ...rest,
    ...(message ? { message: cut(message) } : {}),
    ...(since === undefined ? {} : { lastTransitionTime: since }),
  };
  const conditions = old === undefined
    ? [...status.conditions, next]
    : status.conditions.map((each) => each.type === condition.type ? next : each);
  return { ...status, conditions };
}

/** operator-sdk takes a failure's condition away when it is over, instead of setting it to False. */
export function removeCondition(status: Status, type: ConditionType): Status {
  return { ...status, conditions: status.conditions.filter((each) => each.type !== type) };
}

/** The status with this deployed release, or without one. */
export function setDeployedRelease(status: Status, release: DeployedRelease | null): Status {
  const { deployedRelease: _, ...rest } = status;
  return release === null ? rest : { ...rest, deployedRelease: release };
}

/** The status with this plan, or without one and its condition. */
export function setPlan(status: Status, plan: PlanStatus | null): Status {
  if (plan !== null) return { ...status, plan };
  const rest = removeCondition(status, "Planned");
  return rest.plan === undefined ? rest : { ...rest, plan: null };
}

/** Whether writing `b` over `a` would change nothing. */
export function sameStatus(a: Status, b: Status): boolean {
  return a.deployedRelease?.name === b.deployedRelease?.name &&
    a.deployedRelease?.manifest === b.deployedRelease?.manifest &&
    (a.observedGeneration ?? null) === (b.observedGeneration ?? null) &&
    (a.resourcesOmitted ?? null) === (b.resourcesOmitted ?? null) &&
    JSON.stringify(a.plan ?? null) === JSON.stringify(b.plan ?? null) &&
    sameFailures(a.failures, b.failures) &&
    sameResources(a.resources ?? null, b.resources ?? null) &&
    a.conditions.length === b.conditions.length &&
    a.conditions.every((condition, index) => sameCondition(condition, b.conditions[index]));
}

function sameFailures(a: Status["failures"], b: Status["failures"]): boolean {
  return a?.count === b?.count && a?.asked === b?.asked && a?.began === b?.began;
}

function sameResources(a: Status["resources"] | null, b: Status["resources"] | null): boolean {
  if (!a || !b) return a === b;
  const text = (each: ResourceStatus) =>
    JSON.stringify([each.apiVersion, each.kind, each.namespace, each.name, each.status, each.message]);
  return a.length === b.length && a.every((each, index) => text(each) === text(b[index]));
}

function sameCondition(a: Condition, b: Condition): boolean {
  return a.type === b.type && a.status === b.status && (a.reason ?? "") === (b.reason ?? "") &&
    (a.message ?? "") === (b.message ?? "") && a.lastTransitionTime === b.lastTransitionTime;
}

/** A JSON merge patch that makes the resource's status this one and leaves fields of others alone. */
export function statusPatch({ deployedRelease, ...rest }: Status): { status: Record<string, unknown> } {
  return { status: { ...rest, deployedRelease: deployedRelease ?? null } };
}

function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

function cut(message: string): string {
  return message.length <= messageLimit ? message : `${message.slice(0, messageLimit)}\n(cut)`;
}

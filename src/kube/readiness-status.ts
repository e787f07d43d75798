/** What readiness rules answer, and the conditions that they read. Pure. */
import type { KubeObject } from "./object.ts";

export interface Readiness {
  /** Current: as its spec asks. Failed: it will not become so by itself. Terminating: it is being deleted. */
  readonly status: "Current" | "InProgress" | "Failed" | "Terminating";
  /** For people. */
  readonly message: string;
}

export function current(message: string): Readiness {
  return { status: "Current", message };
}

export function inProgress(message: string): Readiness {
  return { status: "InProgress", message };
}

export function failed(message: string): Readiness {
  return { status: "Failed", message };
}

/** An entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions of a live object; none when its status has another shape. */
export function conditionsOf(object: KubeObject): ReadonlyArray<Condition> {
  const conditions = object.status?.conditions;
  return Array.isArray(conditions) ? conditions : [];
}

export function withStatus(conditions: ReadonlyArray<Condition>, type: string, status: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}

/** The events that a custom resource gets. */
import type { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";

export type EventReason =
  | "OverrideValuesInUse"
  | "Installed"
  | "Upgraded"
  | "RolledBack"
  | "Uninstalled"
  | "DriftRepaired"
  | "DriftDetected"
  | "InstallFailed"
  | "UpgradeFailed"
  | "ReconcileFailed"
  | "UninstallFailed"
  | "InvalidAnnotation"
  | "Planned"
  | "PlanFailed"
  | "RetriesExhausted"
  | "TestsSucceeded"
  | "TestsFailed"
  | "HookLog";

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: EventReason;
  readonly message: string;
}

/** Records an event about a custom resource. Never fails and never waits for the API server. */
export type Recorder = (cr: KubeObject, event: EventText) => Effect.Effect<void>;

/** operator-sdk's event for each chart value that the watches file overrides; `suppress` hides the values. */
export function overrideEvents(overrides: ReadonlyMap<string, string>, suppress: boolean): EventText[] {
  return [...overrides].map(([key, value]) => ({
    type: "Warning",
    reason: "OverrideValuesInUse",
    message: `Chart value ${quote(key)} overridden to ${quote(suppress ? "****" : value)} by operator's watches.yaml`,
  }));
}

/** Go's %q, for ordinary text. */
function quote(text: string): string {
  return JSON.stringify(text);
}

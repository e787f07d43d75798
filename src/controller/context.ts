/** What every step of a reconcile works with, and what it answers. */
import type { Effect } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Manager, ManagerFactory, Repair } from "../release/manager.ts";
import type { Recorder } from "./events.ts";
import type { ReadinessReporter } from "./readiness-reporter.ts";
import type { Remediation } from "./remediation.ts";
import type { StatusManifest } from "./work.ts";

/** What a reconcile reports, for metrics. */
export interface ReconcileMetrics {
  readonly action: (action: string, succeeded: boolean) => void;
  /** An object was put back; `kind` is a kind of the chart's. */
  readonly repaired: (kind: string, change: Repair["change"]) => void;
  /** An object has drifted and was left so. */
  readonly drifted: (kind: string, change: Repair["change"]) => void;
}

export interface ReconcilerContext {
  readonly kube: KubeClient["Service"];
  readonly managers: ManagerFactory["Service"];
  readonly record: Recorder;
  readonly metrics: ReconcileMetrics;
  /** After each change of a release: the places of its objects may be new. */
  readonly released: (cr: KubeObject) => Effect.Effect<void>;
  /** Objects that have drifted and are left so: a change of one reconciles the resource. */
  readonly watchClosely: (cr: KubeObject, objects: ReadonlyArray<KubeObject>) => Effect.Effect<void>;
  /** Drift was repaired, or told of for the first time. */
  readonly attended: (cr: KubeObject) => Effect.Effect<void>;
  /** The ConfigMaps and Secrets that values were read from: a change there reconciles the resource. */
  readonly follow: (cr: KubeObject, references: Manager["references"]) => Effect.Effect<void>;
  /** Keeps the status' word on how ready releases are. */
  readonly readiness: ReadinessReporter;
  /** What failures lead to. */
  readonly remediation: Remediation;
  readonly overrideValues: ReadonlyMap<string, string>;
  readonly suppressOverrideValues: boolean;
  readonly statusManifest: StatusManifest;
  /** Milliseconds; 0 is never. */
  readonly reconcilePeriod: number;
}

/** Milliseconds until the resource is to be reconciled again although nothing changed; 0 for never. */
export type RequeueAfter = number;

/** `Manager`: one custom resource's release, as the reconciler drives it. */
import { Context, type Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import type { ManagerFailure, ReleaseNotFound } from "./failure.ts";
import type { ReleasePlan } from "./plan.ts";
import type { TestReport } from "./test-release.ts";
import type { ReadReference } from "./values-from.ts";

export type { ReleaseRecord, TestReport };

export interface InstallOptions {
  readonly description?: string;
}

export interface UpgradeOptions {
  /** Replace objects that cannot be patched (`helm.sdk.operatorframework.io/upgrade-force`). Default false. */
  readonly force?: boolean;
  readonly description?: string;
}

/** An object of a release, and what a reconcile did to it, or would do if it were not only to tell. */
export interface Repair {
  readonly object: KubeObject;
  readonly change: "created" | "patched";
  /** JSON pointers of the fields that were put back; empty when the object was made anew. */
  readonly fields: ReadonlyArray<string>;
}

/** A try that failed, as its record tells of it. */
export interface FailedTry {
  /** When it began, by which it is told from others. */
  readonly began: string;
  /** Whether it was for the custom resource's present generation. */
  readonly isOfGeneration: boolean;
  /** Why it failed. */
  readonly message: string;
}

/** What a reconcile found. */
export interface Reconciled {
  readonly release: ReleaseRecord;
  readonly repairs: ReadonlyArray<Repair>;
  readonly drifted: ReadonlyArray<Repair>;
}

/**
 * Drives the release of one custom resource. `sync` first: the other members tell what it found.
 * A manager is for one reconcile; nothing else writes to the release meanwhile.
 */
export interface Manager {
  readonly releaseName: string;
  readonly namespace: string;
  /** The ConfigMaps and Secrets that values were read from, or would have been: a change there is a change of values. */
  readonly references: ReadonlyArray<ReadReference>;
  /** Reads the history, resolves a `pending-*` record that a crash left, renders when the inputs changed. */
  readonly sync: Effect.Effect<void, ManagerFailure>;
  /** After sync: whether a deployed revision exists. */
  readonly isInstalled: () => boolean;
  /** After sync: whether the inputs changed and what they render differs from what is deployed. */
  readonly isUpdateRequired: () => boolean;
  /** After sync: the deployed revision, or null. */
  readonly deployedRelease: () => ReleaseRecord | null;
  /** What bringing the release up to date would do to the cluster. Needs no sync, and writes nothing. */
  readonly plan: Effect.Effect<ReleasePlan, ManagerFailure>;
  /** A digest of what the release is rendered from now, lookups apart: another one means that another thing is asked for. */
  readonly inputs: Effect.Effect<string, ManagerFailure>;
  /** The newest try at what the custom resource asks for, if it failed and is recorded; else null. Needs no sync. */
  readonly failedTry: Effect.Effect<FailedTry | null, ManagerFailure>;
  readonly installRelease: (options?: InstallOptions) => Effect.Effect<ReleaseRecord, ManagerFailure>;
  readonly updateRelease: (
    options?: UpgradeOptions,
  ) => Effect.Effect<{ readonly previous: ReleaseRecord; readonly updated: ReleaseRecord }, ManagerFailure>;
  /**
   * Puts the objects of the deployed revision back as they were applied. No new revision. `drifted` are those that are
   * only to be told of.
   */
  readonly reconcileRelease: Effect.Effect<Reconciled, ManagerFailure>;
  /**
   * Rolls back to the last deployed revision after a failed upgrade: in a new revision the first time that these inputs
   * failed, then under the deployed revision's own number. Gives null, with nothing done, when the upgrade failed before
   * it was recorded, or is left pending because the trouble may pass.
   */
  readonly rollBack: (options?: { readonly force?: boolean }) => Effect.Effect<ReleaseRecord | null, ManagerFailure>;
  /** Whether the chart's tests are asked for at all. */
  readonly runsTests: boolean;
  /** Whether the chart's tests are to run on the deployed revision, and have not yet. */
  readonly isTestDue: () => boolean;
  /** Runs them; a failed test is an answer. */
  readonly testRelease: Effect.Effect<TestReport, ManagerFailure>;
  readonly uninstallRelease: Effect.Effect<ReleaseRecord, ManagerFailure | ReleaseNotFound>;
  /** True when every object of the uninstalled release is gone; deletes again what is not. */
  readonly cleanupRelease: (release: ReleaseRecord) => Effect.Effect<boolean, ManagerFailure>;
}

export class ManagerFactory extends Context.Service<ManagerFactory, {
  /**
   * A manager for the custom resource, whose `spec` is the release's values. A chart that cannot be loaded and a spec
   * that is no map fail `sync` and the actions that need them, with ChartError; an uninstall needs neither.
   */
  readonly newManager: (cr: KubeObject) => Effect.Effect<Manager, ManagerFailure>;
}>()("helmwright/release/ManagerFactory") {}

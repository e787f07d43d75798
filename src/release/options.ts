/** What a watch decides about the releases of its custom resources. */
import type { ValuesReference } from "../chart/values-reference.ts";
import type { Json } from "../template/value.ts";
import type { DriftOptions } from "./drift-policy.ts";

/** What happens to the CRDs in a chart's crds/ on install: Helm creates those that are not there. */
export type CrdPolicy = "create" | "replace" | "skip";

/**
 * What an install or upgrade waits for, in Helm's names: nothing but hooks, or that the release's objects are ready
 * (`watcher`), Jobs included (`watcherWithJobs`), or ready by the rules that Helm 3 had (`legacy`).
 */
export type WaitStrategy = "hookOnly" | "watcher" | "watcherWithJobs" | "legacy";

export interface ReleaseOptions {
  /** Merged over the custom resource's `spec`, maps deeply. Default none. */
  readonly overrideValues?: { readonly [key: string]: Json };
  /** ConfigMaps and Secrets in the release's namespace whose values go under `spec`, a later one over an earlier. Default none. */
  readonly valuesFrom?: ReadonlyArray<ValuesReference>;
  /** The namespace of releases whose custom resource is cluster-scoped. Default `default`. */
  readonly namespace?: string;
  /** Revisions that are kept, the deployed one included; 0 keeps all. Default 10, as Helm's. */
  readonly maxHistory?: number;
  /** Milliseconds for each hook, and for each wait. Default 300,000, as Helm's. */
  readonly timeout?: number;
  /** Default `hookOnly`, as operator-sdk. */
  readonly wait?: WaitStrategy;
  /** Default `create`. */
  readonly crds?: CrdPolicy;
  /** Take objects over that exist and belong to nobody or another release. Default false: they fail the action. */
  readonly takeOwnership?: boolean;
  /** Delete what a failed upgrade added. Default false. */
  readonly cleanupOnFail?: boolean;
  /**
   * Whether the API server merges objects (server-side apply), or a three-way merge here does, as Helm 3's. Either takes
   * releases over that were made the other way. Default true.
   */
  readonly serverSideApply?: boolean;
  /** Of deployed revisions; "" leaves Helm's words. Default "". */
  readonly description?: string;
  /** On release records. Default none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether the chart's test hooks are to run after an install or upgrade. Default false. */
  readonly test?: boolean;
  /** What is done about changes that others make to a release's objects. Default: all are put back. */
  readonly drift?: DriftOptions;
  /** Skip the values' JSON schema. Default false. */
  readonly skipSchemaValidation?: boolean;
  /** Do not run hooks. Default false. */
  readonly disableHooks?: boolean;
  /**
   * Field managers of clients that applied on the client's side, whose fields are taken over. Default `helm` and
   * `helm-operator`: the helm CLI's and the Go operator's.
   */
  readonly formerManagers?: ReadonlyArray<string>;
}

export type ReleaseSettings = Required<ReleaseOptions>;

/** Fills in the defaults. */
export function settingsOf(options: ReleaseOptions): ReleaseSettings {
  return {
    overrideValues: {},
    valuesFrom: [],
    namespace: "default",
    maxHistory: 10,
    timeout: 300_000,
    wait: "hookOnly",
    crds: "create",
    takeOwnership: false,
    cleanupOnFail: false,
    serverSideApply: true,
    description: "",
    labels: {},
    test: false,
    drift: { mode: "repair", ignore: [] },
    skipSchemaValidation: false,
    disableHooks: false,
    formerManagers: ["helm", "helm-operator"],
    ...options,
  };
}

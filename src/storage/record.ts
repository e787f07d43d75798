/** The release record: the JSON that Helm keeps for each revision (helm.sh/helm/v4/pkg/release/v1). */
import type { Json } from "../template/value.ts";

export type ReleaseStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

export interface ReleaseInfo {
  /** RFC 3339 with nanoseconds and zone, as Go prints times. */
  first_deployed?: string;
  last_deployed?: string;
  deleted?: string;
  description?: string;
  status?: ReleaseStatus;
  rollback_revision?: number;
  notes?: string;
  [unknown: string]: Json | undefined;
}

export interface HookExecution {
  started_at?: string;
  completed_at?: string;
  phase: "Unknown" | "Running" | "Succeeded" | "Failed" | "";
  [unknown: string]: Json | undefined;
}

export interface HookRecord {
  name?: string;
  kind?: string;
  path?: string;
  manifest?: string;
  events?: string[];
  last_run: HookExecution;
  weight?: number;
  delete_policies?: string[];
  output_log_policies?: string[];
  [unknown: string]: Json | HookExecution | undefined;
}

/** A `lookup` that the rendering made, and a digest of what it found. */
export interface RecordedLookup {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  digest: string;
}

/** What Helmwright adds to a record. */
export interface RecordFacts {
  /** Digest of what the revision was rendered from: chart, values, release. */
  inputs: string;
  /** The custom resource that asked for it, as it was read. Absent when it was not in the cluster. */
  resource?: { uid: string; generation: number };
  /** The lookups of the rendering; absent when there was none. */
  lookups?: RecordedLookup[];
  /** What the rendering asked of the API server's capabilities, and was answered; absent when it asked nothing. */
  capabilities?: { [asked: string]: Json };
  /** While pending: the hooks that succeeded, as `pre-install Job/web-migrate`. */
  ran?: string[];
  /** While pending: the hook that was created and is waited for, named as in `ran`. */
  running?: string;
  /** While pending: the process that works on it. Another that goes on with the revision writes its own name first. */
  holder?: string;
  /** How many times in a row an upgrade to these inputs was tried; absent for 1. */
  attempts?: number;
  /** For a failed upgrade: the deployed revision was applied again, under its own number. */
  restored?: boolean;
  [unknown: string]: Json | RecordedLookup[] | undefined;
}

/** Unknown fields, which a later Helm may write, are kept as they were read. */
export interface ReleaseRecord {
  name: string;
  info: ReleaseInfo;
  /** Helm's JSON of the chart: metadata, lock, templates, values, schema, files. */
  chart?: Json;
  /** The user's values. */
  config?: { [key: string]: Json };
  manifest?: string;
  hooks?: HookRecord[];
  /** The revision, from 1. */
  version: number;
  namespace: string;
  apply_method?: "ssa" | "csa";
  /** Helmwright's own, in a field that Helm ignores. Absent in records that Helm wrote. */
  helmwright?: RecordFacts;
  /** Labels of the Secret beside Helm's own; not part of the JSON. */
  labels?: Record<string, string>;
  /** The version of its object as it was read or written; not part of the JSON. An update that has it is conditional. */
  resourceVersion?: string;
  // deno-lint-ignore no-explicit-any
  [unknown: string]: any;
}

/** Whether the status is one that an interrupted action leaves. */
export function isPending(status: ReleaseStatus | undefined): boolean {
  return status === "pending-install" || status === "pending-upgrade" || status === "pending-rollback";
}

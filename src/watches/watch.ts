/** A watch: which custom resources become releases of which chart, and how. */
import { Data } from "effect";
import { releaseDefaults, type ReleaseFields } from "./release-options.ts";
import type { ValuesReference } from "../chart/values-reference.ts";
import type { Json } from "../template/value.ts";
import { driftDefaults, type DriftFields } from "./drift.ts";

/** One entry of a watches file, checked and with its defaults. */
export interface Watch {
  /** "" is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** A chart's folder or archive (.tgz, .tar.gz), relative to the working folder. */
  readonly chart: string;
  /** Whether the objects of a release are watched and put back when they change. Default true. */
  readonly watchDependentResources: boolean;
  /** Chart values that win over the custom resource's, by Helm's `--set-string` path; expanded already. */
  readonly overrideValues: ReadonlyMap<string, string>;
  /** Chart values that win over the custom resource's and keep their types; expanded already. `overrideValues` win. */
  readonly typedOverrideValues: { readonly [key: string]: Json };
  /** Values under the custom resource's, from ConfigMaps and Secrets in its namespace; a later one wins. */
  readonly valuesFrom: ReadonlyArray<ValuesReference>;
  /** What is done about changes that others make to a release's objects. */
  readonly drift: DriftFields;
  /** Whether the status tells how ready the release is. Null when the file does not say. */
  readonly statusReadiness: boolean | null;
  /** A label selector such as `app=web`; "" takes every custom resource. */
  readonly selector: string;
  /** Milliseconds between reconciles that nothing asked for. Null when the file does not say; 0 is never. */
  readonly reconcilePeriod: number | null;
  /** operator-sdk's; `lookup` always reads the cluster here, so it changes nothing. */
  readonly dryRunOption: string;
  /** How many revisions of a release are kept; 0 keeps all. Default 10, as Helm's. */
  readonly maxHistory: number;
  /** How many custom resources of this kind are worked on at once. Null when the file does not say. */
  readonly maxConcurrentReconciles: number | null;
  /** How its releases are made, and what happens when that fails. */
  readonly release: ReleaseFields;
}

/** The values of a watch that says nothing but its kind and chart. */
export const watchDefaults = {
  watchDependentResources: true,
  overrideValues: new Map<string, string>(),
  typedOverrideValues: {},
  valuesFrom: [],
  drift: driftDefaults,
  statusReadiness: null,
  selector: "",
  reconcilePeriod: null,
  dryRunOption: "",
  maxHistory: 10,
  maxConcurrentReconciles: null,
  release: releaseDefaults,
} as const;

/** Something wrong or strange in a watches file. */
export interface WatchProblem {
  /** From 1; undefined when it is not known. */
  readonly line?: number;
  /** `entry 2 (apps.example.com/v1, Kind=Web)`; "" when it concerns the whole file. */
  readonly entry: string;
  readonly text: string;
}

/** The watches cannot be used; every problem of the file is listed at once. */
export class WatchesError extends Data.TaggedError("WatchesError")<{
  /** The file, or the environment variable that is wrong. */
  readonly source: string;
  readonly problems: ReadonlyArray<WatchProblem>;
}> {
  override get message(): string {
    const lines = this.problems.map((problem) => formatProblem(this.source, problem));
    return lines.length === 1
      ? `Cannot use the watches: ${lines[0]}`
      : `Cannot use the watches:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  }
}

/** `watches.yaml:7: entry 2 (...): chart must be a string`. */
export function formatProblem(source: string, problem: WatchProblem): string {
  const place = problem.line === undefined ? source : `${source}:${problem.line}`;
  return [place, problem.entry, problem.text].filter((part) => part !== "").join(": ");
}

/** `apps.example.com/v1, Kind=Web`, as Kubernetes prints a GVK. */
export function formatGvk(gvk: { group: string; version: string; kind: string }): string {
  return `${gvk.group === "" ? gvk.version : `${gvk.group}/${gvk.version}`}, Kind=${gvk.kind}`;
}

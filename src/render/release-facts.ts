/** What a rendering is given, and what it gives. */
import type { Chart } from "../chart/chart.ts";
import type { Warn } from "../chart/chart-error.ts";
import type { RemoteSchemas } from "../chart/remote-schema.ts";
import type { GoMap, GoValue } from "../template/value.ts";

/** `.Release`. */
export interface ReleaseFacts {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly isInstall: boolean;
  readonly isUpgrade: boolean;
  /** Default `Helm`. */
  readonly service?: string;
}

/** `.Capabilities`. */
export interface CapabilityFacts {
  /** `v1.36.3`. */
  readonly kubeVersion: string;
  readonly apiVersions: ReadonlyArray<string>;
}

/** What templates asked of `.Capabilities`. */
export interface CapabilityUse {
  readonly kubeVersion: boolean;
  /** The versions that `APIVersions.Has` was asked for; `all` when the list itself was looked at. */
  readonly apiVersions: ReadonlyArray<string> | "all";
}

/** One `lookup` call of a template. */
export interface LookupQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty for a list. */
  readonly name: string;
}

/** A key that is equal for equal queries. */
export function lookupKey(query: LookupQuery): string {
  return JSON.stringify([query.apiVersion, query.kind, query.namespace, query.name]);
}

export interface RenderInput {
  readonly chart: Chart;
  /** The user's values, which the chart's own are merged under. Not changed. */
  readonly values: GoMap;
  readonly release: ReleaseFacts;
  readonly capabilities: CapabilityFacts;
  /**
   * Answers to `lookup` by {@link lookupKey}: the object, or an empty map when there is none. `empty` answers every call
   * with an empty map, as `helm template` does. A call that has no answer ends the rendering with
   * `LookupNeeded`, which holds the query: read it and render again.
   */
  readonly lookups: ReadonlyMap<string, GoValue> | "empty";
  /**
   * The remote schemas that the chart's schemas refer to, as far as they were fetched. One that is missing ends the
   * rendering with `SchemaNeeded`: fetch it and render again.
   */
  readonly schemas?: RemoteSchemas;
  /** Skip the values' JSON schema. Default false. */
  readonly skipSchemaValidation?: boolean;
  /** Whether the notes of subcharts follow the chart's own. Default false. */
  readonly subchartNotes?: boolean;
  /** Receives what Helm logs: values that do not fit together, conditions that are no bools, unknown hooks. */
  readonly warn?: Warn;
  readonly limits?: RenderLimits;
}

/** Bounds on one rendering; a template that exceeds one fails with a RenderError that names it. */
export interface RenderLimits {
  /** Milliseconds. Default 60,000. */
  readonly deadline?: number;
  /** UTF-16 units over all templates. Default 64 Mi. */
  readonly output?: number;
  /** Whether others wait for the thread: then making a key, if that takes seconds, exceeds the deadline. Default false. */
  readonly isThreadShared?: boolean;
}

/** A hook, as Helm keeps it in a release record. */
export interface RenderedHook {
  readonly name: string;
  readonly kind: string;
  /** The template's path, `chart/templates/job.yaml`. */
  readonly path: string;
  readonly manifest: string;
  /** `pre-install`, `test`, ... */
  readonly events: ReadonlyArray<string>;
  readonly weight: number;
  readonly deletePolicies: ReadonlyArray<string>;
  readonly outputLogPolicies: ReadonlyArray<string>;
}

/** One object of a rendered file. */
export interface Manifest {
  /** The template's path, `chart/templates/service.yaml`. */
  readonly path: string;
  readonly content: string;
  readonly kind: string;
  readonly apiVersion: string;
}

export interface CrdFile {
  /** `chart/crds/x.yaml`, with the subchart's path. */
  readonly filename: string;
  readonly data: string;
}

/** What Helm would store of a rendering. */
export interface Rendered {
  /** All objects in install order, with `# Source:` lines: byte for byte what `helm get manifest` shows. */
  readonly manifest: string;
  /** What `manifest` is made of, in its order. */
  readonly manifests: ReadonlyArray<Manifest>;
  /** In Helm's order: by kind, weight and name where Helm sorts so. */
  readonly hooks: ReadonlyArray<RenderedHook>;
  /** NOTES.txt rendered; "" when there is none. */
  readonly notes: string;
  /** Objects of crds/, which no template engine touches. */
  readonly crds: ReadonlyArray<CrdFile>;
  /** The lookups that were made, in order, for the input digest. */
  readonly lookups: ReadonlyArray<LookupQuery>;
  /** The capabilities that were asked for; others cannot have changed the rendering. */
  readonly capabilities: CapabilityUse;
  /** The chart after dependency processing, as the release record keeps it. */
  readonly chart: Chart;
}

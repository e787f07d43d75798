/**
 * `KubeClient`: everything that Helmwright asks of an API server.
 *
 * Requests are typed by kind: the client finds the resource's path by discovery, caches it, and asks again once when a
 * kind is unknown (a CRD may have appeared).
 */
import { Context, Data, type Effect, type Stream } from "effect";
import type { Gvk, KubeList, KubeObject } from "./object.ts";

/** The API server answered with a status other than 2xx. */
export class ApiError extends Data.TaggedError("ApiError")<{
  /** HTTP status, such as 404. */
  readonly code: number;
  /** Kubernetes' reason, such as `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, `Expired`. */
  readonly reason: string;
  /** What was asked, such as `apply apps/v1/Deployment web/front`. */
  readonly request: string;
  /** The server's own words. */
  readonly detail: string;
  /** From Retry-After, seconds. */
  readonly retryAfter?: number;
}> {
  override get message(): string {
    return this.detail;
  }
}

/** No answer came: refused, cut, timed out, or the certificate was not accepted. */
export class ConnectionError extends Data.TaggedError("ConnectionError")<{
  readonly request: string;
  readonly detail: string;
  readonly cause?: unknown;
}> {
  override get message(): string {
    return `Cannot ${this.request}: ${this.detail}`;
  }
}

/**
 * The API server serves no such kind; client-go's words: `no matches for kind "X" in version "g/v"`. Of an object that is
 * to be made, also which it is and what to do, in Helm's words.
 */
export class NoMatchError extends Data.TaggedError("NoMatchError")<{
  readonly gvk: Gvk;
  readonly object?: { readonly name?: string; readonly namespace?: string };
}> {
  override get message(): string {
    const { gvk: { group, version, kind }, object } = this;
    const match = `no matches for kind "${kind}" in version "${group === "" ? version : `${group}/${version}`}"`;
    if (object === undefined) return match;
    const { name = "", namespace = "" } = object;
    return `resource mapping not found for name: "${name}" namespace: "${namespace}" from "": ${match}\n` +
      "ensure CRDs are installed first";
  }
}

export type KubeError = ApiError | ConnectionError | NoMatchError;

/** Where a kind is served. */
export interface Resource extends Gvk {
  /** `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Whether `/status` can be written apart. */
  readonly hasStatus: boolean;
  readonly verbs: ReadonlyArray<string>;
}

/** Names one object. `namespace` is ignored for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface ListOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `0` lets the server answer from its watch cache; absent reads the latest. */
  readonly resourceVersion?: string;
  /** Names and metadata only (PartialObjectMetadataList). Default false. */
  readonly metadataOnly?: boolean;
}

export interface WriteOptions {
  readonly fieldManager?: string;
  /** The server validates and answers, and changes nothing. */
  readonly dryRun?: boolean;
  /** `status` for the status subresource. */
  readonly subresource?: string;
  /** What the server does with unknown and duplicate fields. Default: the server's own, `Warn`. Helm asks for `Strict`. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take fields that another manager owns. Default false: a conflict is an ApiError 409. */
  readonly force?: boolean;
}

export type PatchType =
  | "application/json-patch+json"
  | "application/merge-patch+json"
  | "application/strategic-merge-patch+json";

export interface DeleteOptions {
  /** Default Background, as Helm's. */
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: KubeObject }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/** What `.Capabilities` is made of. */
export interface ServerVersions {
  /** `v1.36.3`, with Major `1` and Minor `36`. */
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
  /** `apps/v1` and `apps/v1/Deployment`, as Helm's GetVersionSet lists them. */
  readonly apiVersions: ReadonlyArray<string>;
}

export class KubeClient extends Context.Service<KubeClient, {
  /** The resource that serves a kind; NoMatchError when there is none. */
  readonly resource: (gvk: Gvk) => Effect.Effect<Resource, KubeError>;
  /** Forget what discovery said, for after a CRD was made. */
  readonly invalidate: Effect.Effect<void>;
  readonly versions: Effect.Effect<ServerVersions, KubeError>;
  /** Null when there is no such object (404). */
  readonly get: (ref: ObjectRef) => Effect.Effect<KubeObject | null, KubeError>;
  /** All pages. */
  readonly list: (gvk: Gvk, options?: ListOptions) => Effect.Effect<KubeList, KubeError>;
  /** The same, page by page, for who keeps only a part of each object; all pages show one resourceVersion. */
  readonly listPages: (gvk: Gvk, options?: ListOptions) => Stream.Stream<KubeList, KubeError>;
  readonly create: (object: KubeObject, options?: WriteOptions) => Effect.Effect<KubeObject, KubeError>;
  /** PUT; with a resourceVersion in the object it fails with Conflict when the object has changed. */
  readonly replace: (object: KubeObject, options?: WriteOptions) => Effect.Effect<KubeObject, KubeError>;
  readonly patch: (
    ref: ObjectRef,
    body: unknown,
    type: PatchType,
    options?: WriteOptions,
  ) => Effect.Effect<KubeObject, KubeError>;
  /** Server-side apply. */
  readonly apply: (object: KubeObject, options: ApplyOptions) => Effect.Effect<KubeObject, KubeError>;
  /** False when it was already gone. */
  readonly delete: (ref: ObjectRef, options?: DeleteOptions) => Effect.Effect<boolean, KubeError>;
  /**
   * One watch connection from a resourceVersion, with bookmarks. It ends when the server ends it; an expired
   * resourceVersion fails with ApiError 410.
   */
  readonly watch: (
    gvk: Gvk,
    options: ListOptions & { readonly resourceVersion: string },
  ) => Stream.Stream<WatchEvent, KubeError>;
  /**
   * Waits so many milliseconds before something is tried again that got no answer. While the API server is away, one of
   * those who wait tries now and then; when it is back all go on soon, and are told so by true.
   */
  readonly waitToRetry: (millis: number) => Effect.Effect<boolean>;
  /** A container's log, or its last lines, for hooks with an output log policy. */
  readonly podLog: (
    namespace: string,
    pod: string,
    container: string,
    tailLines?: number,
  ) => Effect.Effect<string, KubeError>;
}>()("helmwright/kube/KubeClient") {}

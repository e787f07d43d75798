/** {@link KubeClient} over a {@link Connection}. */
import { Duration, Effect, Layer, Stream } from "effect";
import { isUnknownPath } from "./api-error.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { makeConnection } from "./connection.ts";
import { Discovery, type DiscoveryOptions } from "./discovery.ts";
import {
  type ApplyOptions,
  type DeleteOptions,
  KubeClient,
  type KubeError,
  type ObjectRef,
  type PatchType,
  type Resource,
  type WriteOptions,
} from "./kube-client.ts";
import { listPages, wholeList } from "./list.ts";
import { describe, type Gvk, gvkOf, type KubeObject } from "./object.ts";
import { collectionPath, objectPath, withQuery, writeQuery } from "./paths.ts";
import { type ApiRequest, parseJson, Requester } from "./requester.ts";
import { watch, type WatchTiming } from "./watch.ts";

export interface ClientOptions extends DiscoveryOptions {
  /** Sent with each request. Default `helmwright`. */
  readonly userAgent?: string;
  /** Limit for one request and its answer; watches have other limits. Default 30 seconds. */
  readonly timeout?: Duration.Input;
  readonly watch?: WatchTiming;
}

/** The client of a cluster. Nothing is asked before the first use; its connections close with the layer's scope. */
export function layer(config: ClusterConfig, options: ClientOptions = {}): Layer.Layer<KubeClient> {
  return Layer.effect(
    KubeClient,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => makeConnection(config, options.userAgent ?? "helmwright")),
        (connection) => Effect.sync(() => connection.close()),
      ),
      (connection) => {
        const requester = new Requester(connection, Duration.toMillis(options.timeout ?? "30 seconds"));
        return makeClient(requester, new Discovery(requester, options), config.namespace, options.watch ?? {});
      },
    ),
  );
}

function makeClient(
  requester: Requester,
  discovery: Discovery,
  defaultNamespace: string,
  timing: WatchTiming,
): KubeClient["Service"] {
  /** Runs `use` with the kind's resource; a path that turns out to be gone is a kind that is not served. */
  const onKind = <A, R>(gvk: Gvk, use: (resource: Resource) => Effect.Effect<A, KubeError, R>) =>
    Effect.flatMap(discovery.resource(gvk), use).pipe(Effect.catch((error) => goneKind(discovery, gvk, error)));

  const json = (request: ApiRequest): Effect.Effect<KubeObject, KubeError> =>
    Effect.flatMap(requester.send(request), (answer) => parseJson(answer, request.describe));

  const pathOf = (resource: Resource, ref: ObjectRef, subresource?: string) =>
    objectPath(resource, ref.namespace || defaultNamespace, ref.name, subresource);

  const write = (
    method: "PUT" | "PATCH",
    verb: string,
    ref: ObjectRef,
    body: unknown,
    options: WriteOptions & { readonly force?: boolean },
    contentType?: string,
  ) =>
    onKind(gvkOf(ref), (resource) => {
      const query = { ...writeQuery(options), force: options.force || undefined };
      const path = withQuery(pathOf(resource, ref, options.subresource), query);
      return json({ method, path, describe: `${verb} ${describeRef(ref)}`, body, contentType });
    });

  return KubeClient.of({
    resource: (gvk) => discovery.resource(gvk),
    invalidate: discovery.invalidate,
    versions: discovery.versions,
    get: (ref) =>
      onKind(
        gvkOf(ref),
        (resource) => json({ method: "GET", path: pathOf(resource, ref), describe: `get ${describeRef(ref)}` }),
      ).pipe(nullIfAbsent),
    list: (gvk, options = {}) => onKind(gvk, (resource) => wholeList(requester, resource, options)),
    listPages: (gvk, options = {}) =>
      Stream.unwrap(Effect.map(discovery.resource(gvk), (resource) => listPages(requester, resource, options))).pipe(
        Stream.catch((error) => Stream.fromEffect(goneKind(discovery, gvk, error))),
      ),
    create: (object, options = {}) =>
      onKind(gvkOf(object), (resource) => {
        const collection = collectionPath(resource, object.metadata.namespace || defaultNamespace);
        const path = withQuery(collection, writeQuery(options));
        return json({ method: "POST", path, describe: `create ${describe(object)}`, body: object });
      }),
    replace: (object, options = {}) => write("PUT", "replace", refOf(object), object, options),
    patch: (ref, body, type: PatchType, options = {}) => write("PATCH", "patch", ref, body, options, type),
    apply: (object, options: ApplyOptions) =>
      write("PATCH", "apply", refOf(object), object, options, "application/apply-patch+yaml"),
    delete: (ref, options = {}) =>
      onKind(gvkOf(ref), (resource) =>
        requester.send({
          method: "DELETE",
          path: pathOf(resource, ref),
          describe: `delete ${describeRef(ref)}`,
          body: deleteBody(options),
        })).pipe(Effect.as(true), Effect.catchIf(isAbsent, () => Effect.succeed(false))),
    watch: (gvk, options) =>
      Stream.unwrap(Effect.map(discovery.resource(gvk), (resource) => watch(requester, resource, options, timing)))
        .pipe(
          Stream.catch((error) => Stream.fromEffect(goneKind(discovery, gvk, error))),
        ),
    waitToRetry: (millis) => requester.outage.wait(millis),
    podLog: (namespace, pod, container, tailLines) => {
      const path = withQuery(`/api/v1/namespaces/${namespace}/pods/${pod}/log`, { container, tailLines });
      return Effect.map(
        requester.send({ method: "GET", path, describe: `read the log of ${namespace}/${pod}`, accept: "*/*" }),
        ({ text }) => text,
      );
    },
  });
}

/** Forgets a kind whose path the server does not know; then it is NoMatchError, or found elsewhere the next time. */
function goneKind(discovery: Discovery, gvk: Gvk, error: KubeError): Effect.Effect<never, KubeError> {
  if (error._tag !== "ApiError" || !isUnknownPath(error)) return Effect.fail(error);
  discovery.forget(gvk);
  return Effect.flatMap(discovery.resource(gvk), () => Effect.fail(error));
}

function isAbsent(error: KubeError): boolean {
  return error._tag === "ApiError" && error.code === 404 && !isUnknownPath(error);
}

function nullIfAbsent(got: Effect.Effect<KubeObject, KubeError>): Effect.Effect<KubeObject | null, KubeError> {
  return Effect.catchIf(got, isAbsent, () => Effect.succeed(null));
}

function deleteBody({ propagationPolicy, gracePeriodSeconds, preconditions }: DeleteOptions) {
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: propagationPolicy ?? "Background",
    gracePeriodSeconds,
    preconditions,
  };
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? "" };
}

function describeRef({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return describe({ apiVersion, kind, metadata: { namespace, name } });
}

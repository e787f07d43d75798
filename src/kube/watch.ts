/** One watch connection. */
import { Cause, Duration, Effect, Random, Stream } from "effect";
import { connectionError } from "./api-error.ts";
import { ConnectionError, type KubeError, type ListOptions, type Resource, type WatchEvent } from "./kube-client.ts";
import { formatApiVersion } from "./object.ts";
import { collectionPath, selectionQuery, withQuery } from "./paths.ts";
import type { Requester } from "./requester.ts";
import { WatchDecoder } from "./watch-events.ts";

/** How long a watch may last and be silent. */
export interface WatchTiming {
  /** The server ends a watch after this time and up to as long again, chosen at random. Default 5 minutes, as client-go. */
  readonly lifetime?: Duration.Input;
  /**
   * A watch on which bookmarks come (the API server sends one about each minute) and which then is silent for this
   * time is taken for dead: a connection can be cut without either side being told. Default 150 seconds.
   */
  readonly silence?: Duration.Input;
  /** How late the server may be in ending a watch before that is taken for dead. Default 15 seconds. */
  readonly lateness?: Duration.Input;
}

const metadataOnlyObject = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/** The events from `options.resourceVersion` on, with bookmarks, until the server ends the watch. */
export function watch(
  requester: Requester,
  resource: Resource,
  options: ListOptions & { readonly resourceVersion: string },
  timing: WatchTiming,
): Stream.Stream<WatchEvent, KubeError> {
  const apiVersion = formatApiVersion(resource);
  const describe = `watch ${apiVersion}/${resource.kind}${options.namespace ? ` in ${options.namespace}` : ""}`;
  const { kind } = resource;
  return Stream.unwrap(Effect.gen(function* () {
    const lifetime = Duration.toMillis(timing.lifetime ?? "5 minutes") * (yield* Random.nextBetween(1, 2));
    const path = withQuery(collectionPath(resource, options.namespace), {
      ...selectionQuery(options),
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.ceil(lifetime / 1000),
    });
    const accept = options.metadataOnly ? `${metadataOnlyObject},application/json` : undefined;
    const response = yield* requester.open({ method: "GET", path, describe, accept });
    const decoder = new WatchDecoder(describe, { apiVersion, kind });
    const lateness = Duration.toMillis(timing.lateness ?? "15 seconds");
    const silence = Duration.toMillis(timing.silence ?? "150 seconds");
    const reader = response.body!.getReader();
    const read = Effect.suspend(() => {
      const limit = decoder.bookmarked ? silence : lifetime + lateness;
      return within(limit, describe, () => reader.read());
    });
    return Stream.fromPull(Effect.succeed(pullEvents(read, decoder, describe)));
  }));
}

type Piece = { readonly done: boolean; readonly value?: Uint8Array };

/** Reads until there is at least one event; ends as the response does, or with the ERROR event. */
function pullEvents(
  read: Effect.Effect<Piece, ConnectionError>,
  decoder: WatchDecoder,
  request: string,
): Effect.Effect<readonly [WatchEvent, ...WatchEvent[]], KubeError | Cause.Done> {
  return Effect.suspend(() => {
    if (decoder.failure) return Effect.fail(decoder.failure);
    return Effect.flatMap(read, ({ done, value }) => {
      if (done || !value) return Cause.done();
      return Effect.flatMap(
        decode(decoder, value, request),
        ([first, ...others]) =>
          first ? Effect.succeed([first, ...others] as const) : pullEvents(read, decoder, request),
      );
    });
  });
}

function decode(decoder: WatchDecoder, bytes: Uint8Array, request: string) {
  return Effect.try({ try: () => decoder.decode(bytes), catch: (cause) => connectionError(request, cause) });
}

function within<A>(limit: number, request: string, run: () => Promise<A>): Effect.Effect<A, ConnectionError> {
  return Effect.timeoutOrElse(
    Effect.tryPromise({ try: run, catch: (cause) => connectionError(request, cause) }),
    {
      duration: Duration.millis(limit),
      orElse: () => Effect.fail(new ConnectionError({ request, detail: `nothing came for ${limit / 1000} s` })),
    },
  );
}

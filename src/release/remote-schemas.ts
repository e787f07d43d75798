/** Rendering charts whose schemas refer to others, on the network or on the machine. */
import { Effect } from "effect";
import { fetchSchema, type RemoteSchema, type RemoteSchemas, SchemaNeeded } from "../chart/remote-schema.ts";

/**
 * Runs `render` with the remote schemas that are known, and again whenever it asks for another, which is fetched.
 *
 * What was fetched goes into `fetched`, for the next rendering; what could not be fetched does not, so that the next
 * rendering tries again.
 */
export function withRemoteSchemas<A, E, R>(
  fetched: Map<string, RemoteSchema>,
  render: (schemas: RemoteSchemas) => Effect.Effect<A, E | SchemaNeeded, R>,
): Effect.Effect<A, E, R> {
  const renderWith = (schemas: RemoteSchemas): Effect.Effect<A, E, R> =>
    Effect.catchIf(
      Effect.suspend(() => render(schemas)),
      (error) => error instanceof SchemaNeeded,
      ({ url }) =>
        Effect.flatMap(Effect.promise((signal) => fetchSchema(url, signal)), (schema) => {
          if ("text" in schema) fetched.set(url, schema);
          return renderWith(new Map([...schemas, [url, schema]]));
        }),
    ) as Effect.Effect<A, E, R>;
  return Effect.suspend(() => renderWith(new Map(fetched)));
}

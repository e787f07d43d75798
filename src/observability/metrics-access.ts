/** Who may read `/metrics`: those whom the API server lets, as controller-runtime's WithAuthenticationAndAuthorization. */
import { Cache, Effect, Exit } from "effect";
import type { Reply, Route } from "./http-server.ts";

/** What is asked of the API server: creating a review, which comes back with its verdict in `status`. */
export type CreateReview = (review: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Record<string, never>;
  readonly spec: Record<string, unknown>;
}) => Effect.Effect<{ readonly [field: string]: any }, Error>;

const allowed: Reply = { status: 200, body: "" };

/** How many tokens are remembered, and how long the API server's verdict on one counts. */
const memory = { tokens: 100, allowed: "1 minute", refused: "10 seconds" } as const;

/**
 * A guard that asks the API server who sends the bearer token (TokenReview) and whether RBAC lets them `get` the path
 * (SubjectAccessReview). 401 without a valid token, 403 without the right, 500 when the API server cannot be asked. The
 * answer is remembered for a while, so that frequent scrapes do not become requests to the API server.
 */
export function metricsGuard(create: CreateReview): Effect.Effect<Route> {
  const verdicts = Cache.makeWith((token: string) => judge(create, token), {
    capacity: memory.tokens,
    timeToLive: (exit) =>
      Exit.isFailure(exit) ? 0 : exit.value.status === allowed.status ? memory.allowed : memory.refused,
  });
  return Effect.map(verdicts, (cache) => (request) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return Effect.succeed(unauthorized);
    return Effect.catch(Cache.get(cache, token), (error) =>
      Effect.as(
        Effect.logError(`Cannot ask the API server who may read metrics: ${error.message}`),
        { status: 500, body: "Authentication failed\n" },
      ));
  });
}

const judge = Effect.fnUntraced(function* (create: CreateReview, token: string): Effect.fn.Return<Reply, Error> {
  const review = (kind: string, group: string, spec: Record<string, unknown>) =>
    Effect.map(create({ apiVersion: `${group}.k8s.io/v1`, kind, metadata: {}, spec }), ({ status }) => status ?? {});
  const { authenticated, user = {} } = yield* review("TokenReview", "authentication", { token });
  if (authenticated !== true) return unauthorized;
  const { allowed: isAllowed } = yield* review("SubjectAccessReview", "authorization", {
    user: user.username,
    uid: user.uid,
    groups: user.groups,
    extra: user.extra,
    nonResourceAttributes: { path: "/metrics", verb: "get" },
  });
  return isAllowed === true ? allowed : forbidden(String(user.username));
});

const unauthorized: Reply = { status: 401, body: "Unauthorized\n" };

function forbidden(user: string): Reply {
  return { status: 403, body: `Authorization denied for user ${user}\n` };
}

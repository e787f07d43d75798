/** Who may read `/metrics`: those whom the API server lets, as controller-runtime's WithAuthenticationAndAuthorization. */
import { Effect } from "effect";
import type { Reply, Route } from "./http-server.ts";

/** What is asked of the API server: creating a review, which comes back with its verdict in `status`. */
export type CreateReview = (review: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Record<string, never>;
  readonly spec: Record<string, unknown>;
}) => Effect.Effect<{ readonly [field: string]: any }, Error>;

const allowed: Reply = { status: 200, body: "" };

/**
 * A guard that asks the API server who sends the bearer token (TokenReview) and whether RBAC lets them `get` the path
 * (SubjectAccessReview). 401 without a valid token, 403 without the right, 500 when the API server cannot be asked.
 */
export function metricsGuard(create: CreateReview): Route {
  const review = (kind: string, group: string, spec: Record<string, unknown>) =>
    Effect.map(create({ apiVersion: `${group}.k8s.io/v1`, kind, metadata: {}, spec }), ({ status }) => status ?? {});
  return (request) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return Effect.succeed(unauthorized);
    return Effect.gen(function* () {
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
    }).pipe(Effect.catch((error) =>
      Effect.as(
        Effect.logError(`Cannot ask the API server who may read metrics: ${error.message}`),
        { status: 500, body: "Authentication failed\n" },
      )
    ));
  };
}

const unauthorized: Reply = { status: 401, body: "Unauthorized\n" };

function forbidden(user: string): Reply {
  return { status: 403, body: `Authorization denied for user ${user}\n` };
}

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { metricsGuard } from "../../src/observability/metrics-access.ts";
import { effectTest } from "../controller/effect-test.ts";

/** A guard before an API server that knows these tokens, and whether their users may read metrics. */
const guarded = (users: Readonly<Record<string, { mayRead: boolean }>>) => {
  const asked: string[] = [];
  let away = false;
  const guard = metricsGuard(({ kind, spec }) =>
    Effect.suspend(() => {
      asked.push(kind);
      if (away) return Effect.fail(new Error("no answer"));
      const name = String(spec.token ?? spec.user);
      const user = users[name];
      return Effect.succeed({
        status: kind === "TokenReview"
          ? { authenticated: user !== undefined, user: { username: name } }
          : { allowed: user.mayRead },
      });
    })
  );
  return Effect.map(guard, (route) => ({
    ask: (authorization?: string) =>
      Effect.map(route({ headers: { authorization } } as IncomingMessage), ({ status }) => status),
    asked: () => asked.splice(0),
    setAway: (is: boolean) => away = is,
  }));
};

effectTest("metricsGuard lets those read whom RBAC allows it", function* () {
  const { ask } = yield* guarded({ prometheus: { mayRead: true }, someone: { mayRead: false } });
  assert.equal(yield* ask(), 401);
  assert.equal(yield* ask("Basic cHJvbWV0aGV1cw=="), 401);
  assert.equal(yield* ask("Bearer unknown"), 401);
  assert.equal(yield* ask("Bearer someone"), 403);
  assert.equal(yield* ask("Bearer prometheus"), 200);
});

effectTest(
  "metricsGuard asks for a token again after a minute, or after ten seconds when it was refused",
  function* () {
    const { ask, asked } = yield* guarded({ prometheus: { mayRead: true } });
    for (const [token, status, seconds] of [["prometheus", 200, 60], ["unknown", 401, 10]] as const) {
      assert.equal(yield* ask(`Bearer ${token}`), status);
      const first = asked();
      yield* TestClock.adjust(`${seconds - 1} seconds`);
      assert.equal(yield* ask(`Bearer ${token}`), status);
      assert.deepEqual(asked(), []);
      yield* TestClock.adjust("2 seconds");
      assert.equal(yield* ask(`Bearer ${token}`), status);
      assert.deepEqual(asked(), first);
    }
  },
);

effectTest("metricsGuard remembers no trouble", function* () {
  const { ask, setAway } = yield* guarded({ prometheus: { mayRead: true } });
  setAway(true);
  assert.equal(yield* ask("Bearer prometheus"), 500);
  setAway(false);
  assert.equal(yield* ask("Bearer prometheus"), 200);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect } from "effect";
import { makeWorkQueue } from "../../src/controller/queue.ts";
import { retryOf } from "../../src/controller/retry.ts";
import { ReconcileFailed } from "../../src/controller/work.ts";
import { ApiError, ConnectionError, type KubeError } from "../../src/kube/kube-client.ts";
import { ActionError, ChartError, type ManagerFailure } from "../../src/release/failure.ts";

const api = (code: number, retryAfter?: number) =>
  new ApiError({
    code,
    reason: "",
    request: "get",
    detail: code === 500 ? "etcdserver: leader changed" : "",
    retryAfter,
  });
const cut = new ConnectionError({ request: "get", detail: "cut" });
const action = (cause?: unknown) => new ActionError({ action: "upgrade", releaseName: "web", detail: "", cause });
const failed = (cause: ManagerFailure) => new ReconcileFailed({ cause });
const means = { waitToRetry: () => Effect.succeed(true), forget: Effect.void };

const cases: Array<[string, ReconcileFailed | KubeError | null, { first?: number; longest?: number }]> = [
  ["a bug", null, { first: 1_000 }],
  ["an answer that may be another the next time", api(409), {}],
  ["a chart that cannot be rendered", failed(new ChartError({ chart: "web", detail: "" })), { first: 1_000 }],
  ["an object that is refused", failed(action(api(422))), { first: 1_000 }],
  ["an action that failed by itself", failed(action()), { first: 1_000 }],
  ["an API server that is away", cut, { first: 1_000, longest: 30_000 }],
  ["an API server that went away in an action", failed(action(cut)), { first: 1_000, longest: 30_000 }],
  ["an API server in trouble", api(503), { first: 0, longest: 30_000 }],
  ["an API server in trouble in an action", failed(action(api(500))), { first: 1_000, longest: 30_000 }],
  ["an API server that says when", failed(api(429, 7)), { first: 7_000, longest: 30_000 }],
];
for (const [name, error, expected] of cases) {
  test(`how ${name} is tried again`, () => {
    const { wait, ...bounds } = retryOf(error, means);
    assert.deepEqual(bounds, expected);
    assert.equal(wait !== undefined, expected.longest !== undefined);
  });
}

test("what waited for an API server that is back begins its backoff anew", () =>
  Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const queue = yield* makeWorkQueue();
    const delays: number[] = [];
    for (let n = 0; n < 3; n++) {
      delays.push(yield* queue.addFailed("a", retryOf(cut, { ...means, forget: queue.forget("a") })));
      yield* queue.done(yield* queue.take);
    }
    assert.ok(delays.every((millis) => millis <= 1_200), String(delays));
  }))));

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Effect, Metric } from "effect";
import { serveHealth, serveMetrics } from "../../src/observability/health-server.ts";
import { controllerMetrics, operatorMetrics } from "../../src/observability/metrics.ts";
import { Readiness } from "../../src/observability/readiness.ts";

const get = (port: number | null, path: string, init?: RequestInit) =>
  Effect.promise(async () => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, body: await response.text(), type: response.headers.get("content-type") };
  });

const run = (effect: Effect.Effect<void, unknown, any>) =>
  Effect.runPromise(
    effect.pipe(
      Effect.scoped,
      Effect.provide(Readiness.layer),
      Effect.provideService(Metric.MetricRegistry, new Map()),
    ) as Effect.Effect<void, unknown>,
  );

describe("the health server", () => {
  it("is healthy at once, and ready when nothing is waited for", () =>
    run(Effect.gen(function* () {
      const readiness = yield* Readiness;
      yield* readiness.set("web-controller", "the first list");
      const port = yield* serveHealth("127.0.0.1:0");
      assert.deepEqual((yield* get(port, "/healthz")).status, 200);
      assert.equal((yield* get(port, "/healthz")).body, "ok");
      const waiting = yield* get(port, "/readyz");
      assert.equal(waiting.status, 503);
      assert.equal(waiting.body, "[-]web-controller: the first list\n");
      yield* readiness.set("web-controller", null);
      assert.equal((yield* get(port, "/readyz")).body, "ok");
      assert.equal((yield* get(port, "/elsewhere")).status, 404);
      assert.equal((yield* get(port, "/healthz", { method: "POST" })).status, 405);
    })));

  it("serves nowhere at 0", () =>
    run(Effect.gen(function* () {
      assert.equal(yield* serveHealth("0"), null);
    })));

  it("says why it cannot listen", () =>
    run(Effect.gen(function* () {
      const port = yield* serveHealth("127.0.0.1:0");
      const taken = yield* Effect.flip(serveHealth(`127.0.0.1:${port}`));
      assert.match(taken.message, /^Cannot listen on "127\.0\.0\.1:\d+": another process uses it/);
      const wrong = yield* Effect.flip(serveHealth("8081"));
      assert.match(wrong.message, /host:port or :port/);
    })));
});

describe("the metrics server", () => {
  it("has controller-runtime's names and the process's own", () =>
    run(Effect.gen(function* () {
      const operator = yield* operatorMetrics({ version: "1.2.3", commit: "abc" });
      operator.leading("web-lock", true);
      const web = yield* controllerMetrics("web-controller", 4);
      web.reconcileStarted();
      web.reconcileEnded("error", 0.2);
      web.queue.depth(3);
      const resource = { name: "a", namespace: "b", group: "g", version: "v1", kind: "Web" };
      web.resourceSeen(resource, 1_700_000_000);
      const { body, type } = yield* get(yield* serveMetrics("127.0.0.1:0"), "/metrics");
      assert.match(type!, /^text\/plain; version=0\.0\.4/);
      for (
        const line of [
          'helm_operator_build_info{version="1.2.3",commit="abc"} 1',
          'leader_election_master_status{name="web-lock"} 1',
          'controller_runtime_reconcile_total{controller="web-controller",result="error"} 1',
          'controller_runtime_reconcile_total{controller="web-controller",result="success"} 0',
          'controller_runtime_reconcile_errors_total{controller="web-controller"} 1',
          'controller_runtime_max_concurrent_reconciles{controller="web-controller"} 4',
          'controller_runtime_active_workers{controller="web-controller"} 0',
          'controller_runtime_reconcile_time_seconds_bucket{controller="web-controller",le="0.2"} 1',
          'workqueue_depth{controller="web-controller",name="web-controller"} 3',
          'resource_created_at_seconds{name="a",namespace="b",group="g",version="v1",kind="Web"} 1700000000',
        ]
      ) assert.ok(body.includes(`${line}\n`), `${line}\n${body}`);
      assert.match(body, /^process_resident_memory_bytes \d+$/m);
      web.resourceGone(resource);
      const later = yield* get(yield* serveMetrics("127.0.0.1:0"), "/metrics");
      assert.ok(!later.body.includes('resource_created_at_seconds{name="a"'), later.body);
    })));

  it("asks its guard first", () =>
    run(Effect.gen(function* () {
      const guard = () => Effect.succeed({ status: 403, body: "no\n" });
      const port = yield* serveMetrics("127.0.0.1:0", { guard });
      assert.equal((yield* get(port, "/metrics")).status, 403);
    })));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect, Fiber, Layer, Logger, Stream } from "effect";
import { TestClock } from "effect/testing";
import { ConnectionError, KubeClient } from "../../src/kube/kube-client.ts";
import type { KubeList } from "../../src/kube/object.ts";
import { Outage } from "../../src/kube/outage.ts";
import { reflect } from "../../src/kube/watch-source.ts";

const onTestClock = (body: Effect.Effect<void>) =>
  Effect.runPromise(Effect.provide(body, [TestClock.layer(), Logger.layer([])]));
const settle = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)));

/** A server that 300 watches are open on, and that can go away. */
class Server {
  isUp = true;
  /** Requests since the last look. */
  requests = 0;
  open = 0;
  readonly outage = new Outage();
  #cut: Array<() => void> = [];

  goDown(): void {
    this.isUp = false;
    for (const cut of this.#cut.splice(0)) cut();
  }

  readonly #died = new ConnectionError({ request: "watch", detail: "cut" });

  readonly client = Layer.mock(KubeClient)({
    listPages: () => Stream.make<KubeList[]>({ metadata: { resourceVersion: "1" }, items: [] }),
    waitToRetry: (millis) => this.outage.wait(millis),
    watch: () =>
      Stream.unwrap(Effect.suspend(() => {
        this.requests++;
        if (!this.isUp) return Effect.andThen(this.outage.unanswered, Effect.fail(this.#died));
        this.open++;
        const untilCut = Effect.callback<never, ConnectionError>((resume) => {
          this.#cut.push(() => (this.open--, resume(Effect.fail(this.#died))));
        });
        return Effect.as(this.outage.answered, Stream.fromEffect(untilCut));
      })),
  });

  /** So many seconds pass, one by one. Gives how many requests came in each. */
  pass(seconds: number): Effect.Effect<number[]> {
    return Effect.gen({ self: this }, function* () {
      const counts: number[] = [];
      for (let second = 0; second < seconds; second++) {
        this.requests = 0;
        for (let part = 0; part < 10; part++) yield* Effect.andThen(TestClock.adjust("100 millis"), settle);
        counts.push(this.requests);
      }
      return counts;
    });
  }
}

const gvk = { group: "", version: "v1", kind: "ConfigMap" };
const watches = 300;

test("300 watches wait for a server that is away with few requests, and are back soon after it, one after the other", () =>
  onTestClock(Effect.gen(function* () {
    const server = new Server();
    const fibers = yield* Effect.forEach(
      Array.from({ length: watches }),
      () => Effect.forkChild(Effect.provide(Stream.runDrain(reflect(gvk, {}, () => "")), server.client)),
    );
    yield* settle;
    assert.equal(server.open, watches);
    server.goDown();
    yield* server.pass(10);
    const away = yield* server.pass(60);
    assert.ok(away.reduce((a, b) => a + b) <= 20, String(away));
    server.isUp = true;
    const back = yield* server.pass(8);
    assert.equal(server.open, watches);
    assert.ok(Math.max(...back) <= 150, String(back));
    yield* Fiber.interruptAll(fibers);
  })));

test("those who wait take turns, and go on when any request is answered", () =>
  onTestClock(Effect.gen(function* () {
    const outage = new Outage();
    const ended: string[] = [];
    yield* outage.unanswered;
    for (const name of ["a", "b", "c"]) {
      yield* Effect.forkChild(Effect.map(outage.wait(3_600_000), (isBack) => void ended.push(`${name} ${isBack}`)));
    }
    yield* TestClock.adjust("1900 millis");
    yield* settle;
    assert.deepEqual(ended, []);
    yield* TestClock.adjust("1 second");
    yield* settle;
    assert.equal(ended.length, 1);
    assert.match(ended[0], / false$/);
    yield* outage.unanswered;
    yield* TestClock.adjust("1 second");
    assert.equal(ended.length, 1);
    yield* outage.answered;
    yield* TestClock.adjust("1 second");
    yield* settle;
    assert.equal(ended.length, 3);
    assert.equal(String((ended as string[]).slice(1).map((each) => each.slice(2))), "true,true");
  })));

test("who waits for a server that is there waits to the end, whatever else fails now and then", () =>
  onTestClock(Effect.gen(function* () {
    const outage = new Outage();
    const waiting = yield* Effect.forkChild(outage.wait(30_000));
    for (let second = 0; second < 29; second++) {
      yield* outage.unanswered;
      yield* Effect.andThen(TestClock.adjust("1 second"), settle);
      yield* outage.answered;
    }
    assert.equal(waiting.pollUnsafe(), undefined);
    yield* TestClock.adjust("1 second");
    assert.equal(yield* Fiber.join(waiting), false);
  })));

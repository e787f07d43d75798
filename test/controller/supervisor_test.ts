import assert from "node:assert/strict";
import { Effect, Fiber, Logger } from "effect";
import { TestClock } from "effect/testing";
import { supervise } from "../../src/controller/supervisor.ts";
import { effectTest } from "./effect-test.ts";

const quiet = Effect.provide(Logger.layer([]));

effectTest("a controller that dies is started again after a while, and the others go on", function* () {
  let starts = 0;
  let beats = 0;
  const dying = Effect.suspend(() => (starts++, Effect.die(new Error("a bug"))));
  const living = Effect.forever(Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => void beats++)));
  const controllers = new Map<string, Effect.Effect<never>>([["dying", dying], ["living", living]]);
  const fiber = yield* Effect.forkChild(quiet(supervise(controllers)));
  yield* Effect.yieldNow;
  yield* TestClock.adjust("10 seconds");
  assert.ok(starts >= 3 && starts <= 6, String(starts));
  assert.equal(beats, 10);
  yield* TestClock.adjust("30 minutes");
  const before = starts;
  yield* TestClock.adjust("10 minutes");
  assert.ok(starts - before >= 7 && starts - before <= 14, String(starts - before));
  yield* Fiber.interrupt(fiber);
});

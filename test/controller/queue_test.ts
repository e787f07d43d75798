import assert from "node:assert/strict";
import { Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import { makeWorkQueue, type QueueObserver } from "../../src/controller/queue.ts";
import { effectTest } from "./effect-test.ts";

/** The key that can be taken now, or undefined. */
const takeNow = (queue: { take: Effect.Effect<string> }) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(queue.take, { startImmediately: true });
    yield* Effect.yieldNow;
    const exit = fiber.pollUnsafe();
    if (exit === undefined) yield* Fiber.interrupt(fiber);
    return exit?._tag === "Success" ? exit.value : undefined;
  });

effectTest("a key that waits is there once", function* () {
  const queue = yield* makeWorkQueue();
  yield* queue.add("a");
  yield* queue.add("a");
  yield* queue.add("b");
  assert.equal(yield* takeNow(queue), "a");
  assert.equal(yield* takeNow(queue), "b");
  assert.equal(yield* takeNow(queue), undefined);
});

effectTest("a busy key is given to nobody else, and comes again when it was added meanwhile", function* () {
  const queue = yield* makeWorkQueue();
  yield* queue.add("a");
  assert.equal(yield* takeNow(queue), "a");
  assert.ok(queue.isBusy("a"));
  yield* queue.add("a");
  yield* queue.add("a");
  assert.equal(yield* takeNow(queue), undefined);
  yield* queue.done("a");
  assert.ok(!queue.isBusy("a"));
  assert.equal(yield* takeNow(queue), "a");
  yield* queue.done("a");
  assert.equal(yield* takeNow(queue), undefined);
});

effectTest("take waits for a key", function* () {
  const queue = yield* makeWorkQueue();
  const fiber = yield* Effect.forkChild(queue.take);
  yield* Effect.yieldNow;
  yield* queue.add("a");
  assert.equal(yield* Fiber.join(fiber), "a");
});

effectTest("addAfter adds when the time has come, and the sooner of two delays counts", function* () {
  const queue = yield* makeWorkQueue();
  yield* queue.addAfter("a", 1000);
  yield* queue.addAfter("a", 5000);
  yield* TestClock.adjust(999);
  assert.equal(yield* takeNow(queue), undefined);
  yield* TestClock.adjust(1);
  assert.equal(yield* takeNow(queue), "a");
  yield* queue.done("a");
  yield* TestClock.adjust(10_000);
  assert.equal(yield* takeNow(queue), undefined);

  yield* queue.addAfter("b", 5000);
  yield* queue.addAfter("b", 1000);
  yield* TestClock.adjust(1000);
  assert.equal(yield* takeNow(queue), "b");
});

effectTest("a key that is taken loses its delay", function* () {
  const queue = yield* makeWorkQueue();
  yield* queue.addAfter("a", 1000);
  yield* queue.add("a");
  assert.equal(yield* takeNow(queue), "a");
  yield* queue.done("a");
  yield* TestClock.adjust(2000);
  assert.equal(yield* takeNow(queue), undefined);
});

effectTest("the backoff doubles from 5 ms to 1000 s, spread by 20 % and never above the bound", function* () {
  const queue = yield* makeWorkQueue();
  for (let failure = 0; failure < 40; failure++) {
    const millis = yield* queue.addFailed("a");
    const expected = Math.min(5 * 2 ** failure, 1_000_000);
    assert.ok(millis >= expected * 0.8 && millis <= Math.min(expected * 1.2, 1_000_000), `${failure}: ${millis}`);
    yield* TestClock.adjust(millis);
    assert.equal(yield* takeNow(queue), "a");
    yield* queue.done("a");
  }
  yield* queue.forget("a");
  assert.ok((yield* queue.addFailed("a")) <= 6);
});

effectTest("one key's failures do not slow another down", function* () {
  const queue = yield* makeWorkQueue();
  for (let i = 0; i < 10; i++) yield* queue.addFailed("a");
  assert.ok((yield* queue.addFailed("b")) <= 6);
});

effectTest("the first delay can be raised", function* () {
  const queue = yield* makeWorkQueue();
  const first = yield* queue.addFailed("a", { first: 1000 });
  const second = yield* queue.addFailed("a", { first: 1000 });
  assert.ok(first >= 800 && first <= 1200, String(first));
  assert.ok(second >= 1600 && second <= 2400, String(second));
});

effectTest("the observer sees waiting and working times", function* () {
  const seen: string[] = [];
  const observer: QueueObserver = {
    added: () => seen.push("added"),
    depth: (keys) => seen.push(`depth ${keys}`),
    taken: (waited) => seen.push(`taken ${waited}`),
    done: (worked) => seen.push(`done ${worked}`),
    retried: () => seen.push("retried"),
  };
  const queue = yield* makeWorkQueue({ observer });
  yield* queue.add("a");
  yield* TestClock.adjust(2000);
  yield* queue.take;
  yield* TestClock.adjust(500);
  yield* queue.done("a");
  assert.deepEqual(seen, ["added", "depth 1", "depth 0", "taken 2", "done 0.5"]);
});

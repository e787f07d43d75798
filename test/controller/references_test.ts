import assert from "node:assert/strict";
import { Effect, Layer, Queue, Stream } from "effect";
import { KubeClient, type WatchEvent } from "../../src/kube/kube-client.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { makeReferences, type References } from "../../src/controller/references.ts";
import { effectTest } from "./effect-test.ts";

const owner = (name: string) => ({ type: "Web.example.com", key: `shop/${name}` });
const read = (resourceVersion: string | null, name = "db") => ({
  kind: "Secret" as const,
  namespace: "shop",
  name,
  resourceVersion,
});
const secret = (resourceVersion: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db", namespace: "shop", uid: "u", resourceVersion },
});

/** Lets everything happen that needs no time. */
const settle = Effect.andThen(Effect.yieldNow, Effect.forEach(Array(50), () => Effect.yieldNow, { discard: true }));

/** References on a cluster whose one Secret is at `version`, or not there. */
const start = Effect.fnUntraced(function* (version: string | null) {
  const events = yield* Queue.unbounded<WatchEvent>();
  const asked: string[] = [];
  const enqueued: string[] = [];
  let open = 0;
  const client = Layer.mock(KubeClient)({
    listPages: ({ kind }, options = {}) =>
      Stream.suspend(() => {
        asked.push(`${kind} ${options.namespace} ${options.fieldSelector} ${options.metadataOnly}`);
        const items = version === null ? [] : [secret(version)];
        return Stream.make({ metadata: { resourceVersion: "9" }, items });
      }),
    watch: () =>
      Stream.unwrap(Effect.gen(function* () {
        open++;
        yield* Effect.addFinalizer(() => Effect.sync(() => void open--));
        return Stream.fromQueue(events);
      })) as never,
  });
  const references: References = yield* Effect.provide(makeReferences, client);
  yield* references.register({
    group: "example.com",
    kind: "Web",
    watchesDependents: true,
    isNamespaced: () => true,
    isBusy: () => false,
    enqueue: (key) => Effect.sync(() => void enqueued.push(key)),
    readinessChanged: () => Effect.void,
  });
  const told = Effect.map(settle, () => enqueued.splice(0));
  const emit = (type: "ADDED" | "MODIFIED" | "DELETED", at: string) =>
    Queue.offer(events, { type, object: secret(at) });
  return { references, asked, told, emit, open: () => open };
});

effectTest("an object is watched by its name, and what was read is no change", function* () {
  const { references, asked, told, emit } = yield* start("1");
  yield* references.follow(owner("a"), [read("1")]);
  assert.deepEqual(yield* told, []);
  assert.deepEqual(asked, ["Secret shop metadata.name=db true"]);
  yield* emit("MODIFIED", "2");
  assert.deepEqual(yield* told, ["shop/a"]);
  yield* references.follow(owner("a"), [read("2")]);
  assert.deepEqual(yield* told, []);
  yield* emit("DELETED", "3");
  assert.deepEqual(yield* told, ["shop/a"]);
});

effectTest("a change between the reading and the watch is told", function* () {
  const { references, told } = yield* start("2");
  yield* references.follow(owner("a"), [read("1")]);
  assert.deepEqual(yield* told, ["shop/a"]);
});

effectTest("an object that is gone before the watch, or appears later, is told", function* () {
  const { references, told, emit } = yield* start(null);
  yield* references.follow(owner("a"), [read("1")]);
  assert.deepEqual(yield* told, ["shop/a"]);
  yield* references.follow(owner("a"), [read(null)]);
  assert.deepEqual(yield* told, []);
  yield* emit("ADDED", "5");
  assert.deepEqual(yield* told, ["shop/a"]);
});

effectTest("several share a watch; only those that have read something else are told", function* () {
  const { references, asked, told, emit } = yield* start("1");
  yield* references.follow(owner("a"), [read("1")]);
  yield* told;
  yield* emit("MODIFIED", "2");
  assert.deepEqual(yield* told, ["shop/a"]);
  yield* references.follow(owner("b"), [read("2")]);
  assert.deepEqual(yield* told, []);
  yield* references.follow(owner("late"), [read("1")]);
  assert.deepEqual(yield* told, ["shop/late"]);
  assert.equal(asked.length, 1);
});

effectTest("a watch ends when nobody refers to its object", function* () {
  const { references, told, emit, open } = yield* start("1");
  yield* references.follow(owner("a"), [read("1")]);
  yield* references.follow(owner("b"), [read("1")]);
  yield* told;
  yield* references.follow(owner("a"), []);
  yield* emit("MODIFIED", "2");
  assert.deepEqual(yield* told, ["shop/b"]);
  assert.equal(open(), 1);
  yield* references.forget(owner("b"));
  yield* settle;
  assert.equal(open(), 0);
});

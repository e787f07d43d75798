import assert from "node:assert/strict";
import { test } from "node:test";
import { Deferred, Effect, Fiber, Layer, Queue, Stream } from "effect";
import { TestClock } from "effect/testing";
import { ApiError, ConnectionError, KubeClient, type KubeError, NoMatchError } from "../../src/kube/kube-client.ts";
import type { WatchEvent } from "../../src/kube/kube-client.ts";
import type { KubeList, KubeObject } from "../../src/kube/object.ts";
import { type Change, reflect } from "../../src/kube/watch-source.ts";

const gvk = { group: "", version: "v1", kind: "ConfigMap" };

function object(name: string, version: string, data = name, uid = name): KubeObject {
  const metadata = { namespace: "web", name, uid, resourceVersion: version };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { is: data } };
}

/** What a list answers, and what a watch gives before it ends: a failure, or the server's ordinary end. */
type List = { readonly items: KubeObject[]; readonly version: string } | KubeError;
type Watch = { readonly events: WatchEvent[]; readonly end?: KubeError | "stays" };

const refused = new ConnectionError({ request: "watch", detail: "refused", cause: new Error() });
const expired = new ApiError({ code: 410, reason: "Expired", request: "watch", detail: "too old" });

/** Plays a server's answers one after the other and tells what was asked; `show` gives the changes so far. */
function play(
  lists: List[],
  watches: Watch[],
  body: (show: Effect.Effect<string[]>, asked: string[]) => Effect.Effect<void>,
) {
  const asked: string[] = [];
  const next = <A>(from: A[]): Effect.Effect<A> => from.length > 0 ? Effect.succeed(from.shift()!) : Effect.never;
  const client = Layer.mock(KubeClient)({
    waitToRetry: (millis) => Effect.as(Effect.sleep(millis), false),
    listPages: () =>
      Stream.unwrap(Effect.map(next(lists), (list) => {
        asked.push("list");
        if ("_tag" in list) return Stream.fail(list);
        const metadata = { resourceVersion: list.version };
        const pages: KubeList[] = [...list.items.map((item) => ({ metadata, items: [item] })), { metadata, items: [] }];
        return Stream.fromIterable(pages);
      })),
    watch: (_, { resourceVersion }) =>
      Stream.unwrap(Effect.map(next(watches), ({ events, end }) => {
        asked.push(`watch ${resourceVersion}`);
        const rest = end === "stays" ? Stream.never : end ? Stream.fail(end) : Stream.empty;
        return Stream.concat(Stream.fromIterable(events), rest);
      })),
  });
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded<Change<string>>();
      const source = reflect(gvk, { namespace: "web" }, ({ data }) => data.is as string);
      yield* Effect.forkChild(Stream.runForEach(source, (change) => Queue.offer(queue, change)));
      const show = Effect.andThen(settle, Effect.map(Queue.clear(queue), (changes) => changes.map(shown)));
      yield* body(show, asked);
    }).pipe(Effect.provide(client), Effect.provide(TestClock.layer())),
  );
}

/** Lets everything happen that needs no time. */
const settle = Effect.andThen(
  TestClock.adjust("0 millis"),
  Effect.promise(() => new Promise((r) => setTimeout(r, 10))),
);

function shown(change: Change<string>): string {
  switch (change.type) {
    case "Synced":
      return "synced";
    case "Unavailable":
      return `unavailable: ${change.error.message}`;
    case "Applied":
      return `${change.key.namespace}/${change.key.name} is ${change.value}, was ${change.previous}`;
    case "Deleted":
      return `${change.key.namespace}/${change.key.name} deleted, was ${change.previous}`;
  }
}

const modified = (one: KubeObject): WatchEvent => ({ type: "MODIFIED", object: one });

test("gives what exists, then Synced, then changes; what looks the same is no change", () =>
  play(
    [{ items: [object("a", "1"), object("b", "2")], version: "5" }],
    [{
      events: [
        { type: "ADDED", object: object("c", "6") },
        modified(object("a", "7", "a")),
        modified(object("a", "8", "new")),
        { type: "BOOKMARK", resourceVersion: "9" },
        { type: "DELETED", object: object("b", "10") },
      ],
      end: "stays",
    }],
    (show) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* show, [
          "web/a is a, was undefined",
          "web/b is b, was undefined",
          "synced",
          "web/c is c, was undefined",
          "web/a is new, was a",
          "web/b deleted, was b",
        ]);
      }),
  ));

test("goes on at the last bookmark when the server ends the watch", () =>
  play(
    [{ items: [], version: "5" }],
    [{ events: [{ type: "BOOKMARK", resourceVersion: "9" }] }, { events: [], end: "stays" }],
    (show, asked) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* show, ["synced"]);
        assert.deepEqual(asked, ["list", "watch 5", "watch 9"]);
      }),
  ));

test("lists again when its past is forgotten (410), and notices what was deleted and remade meanwhile", () =>
  play(
    [
      { items: [object("a", "1"), object("b", "2"), object("c", "3")], version: "5" },
      { items: [object("a", "1"), object("c", "8", "c", "another")], version: "9" },
    ],
    [{ events: [], end: expired }, { events: [], end: "stays" }],
    (show, asked) =>
      Effect.gen(function* () {
        assert.deepEqual((yield* show).slice(3), [
          "synced",
          "web/c deleted, was c",
          "web/c is c, was undefined",
          "web/b deleted, was b",
        ]);
        assert.deepEqual(asked, ["list", "watch 5", "list", "watch 9"]);
      }),
  ));

test("resumes after failures with growing pauses, and tells of each reason once", () =>
  play(
    [{ items: [], version: "5" }],
    [
      { events: [], end: refused },
      { events: [], end: refused },
      { events: [modified(object("a", "6"))], end: "stays" },
    ],
    (show, asked) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* show, ["synced", "unavailable: Cannot watch: refused"]);
        assert.deepEqual(asked, ["list", "watch 5"]);
        yield* TestClock.adjust("960 millis");
        assert.deepEqual(yield* show, []);
        assert.deepEqual(asked, ["list", "watch 5", "watch 5"]);
        yield* TestClock.adjust("900 millis");
        assert.deepEqual(yield* show, []);
        yield* TestClock.adjust("1020 millis");
        assert.deepEqual(yield* show, ["web/a is a, was undefined"]);
        assert.deepEqual(asked, ["list", "watch 5", "watch 5", "watch 5"]);
      }),
  ));

test("waits for a kind that is not there yet", () =>
  play(
    [new NoMatchError({ gvk }), new NoMatchError({ gvk }), { items: [object("a", "1")], version: "5" }],
    [{ events: [], end: "stays" }],
    (show) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* show, ['unavailable: no matches for kind "ConfigMap" in version "v1"']);
        yield* TestClock.adjust("3 seconds");
        yield* settle;
        yield* TestClock.adjust("3 seconds");
        assert.deepEqual(yield* show, ["web/a is a, was undefined", "synced"]);
      }),
  ));

test("waits as long as the server asks", () =>
  play(
    [new ApiError({ code: 429, reason: "TooManyRequests", request: "list", detail: "busy", retryAfter: 20 }), {
      items: [],
      version: "5",
    }],
    [{ events: [], end: "stays" }],
    (show) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* show, ["unavailable: busy"]);
        yield* TestClock.adjust("19 seconds");
        assert.deepEqual(yield* show, []);
        yield* TestClock.adjust("1 second");
        assert.deepEqual(yield* show, ["synced"]);
      }),
  ));

test("a watch that ends at once with nothing is not begun again at once", () =>
  play(
    [{ items: [], version: "5" }],
    Array.from({ length: 100 }, () => ({ events: [] })),
    (show, asked) =>
      Effect.gen(function* () {
        yield* show;
        assert.deepEqual(asked, ["list", "watch 5"]);
        for (let second = 0; second < 60; second++) {
          yield* TestClock.adjust("1 second");
          yield* settle;
        }
        assert.ok(asked.length < 10, `${asked.length} requests in a minute`);
      }),
  ));

test("interruption ends the watch under way", () =>
  Effect.runPromise(Effect.gen(function* () {
    const ended = yield* Deferred.make<void>();
    const client = Layer.mock(KubeClient)({
      listPages: () => Stream.make<KubeList[]>({ metadata: { resourceVersion: "1" }, items: [] }),
      watch: () => Stream.ensuring(Stream.never, Deferred.succeed(ended, undefined)),
    });
    const synced = yield* Deferred.make<void>();
    const fiber = yield* Effect.forkChild(
      Stream.runForEach(reflect(gvk, {}, () => ""), () => Deferred.succeed(synced, undefined)).pipe(
        Effect.provide(client),
      ),
    );
    yield* Deferred.await(synced);
    yield* Fiber.interrupt(fiber);
    yield* Deferred.await(ended);
  })));

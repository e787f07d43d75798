import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect, Layer } from "effect";
import { TestClock } from "effect/testing";
import { layer } from "../../src/kube/client.ts";
import { type EventRecorder, makeEventRecorder } from "../../src/kube/events.ts";
import { ApiError, ConnectionError, KubeClient, type KubeError } from "../../src/kube/kube-client.ts";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";

const about = (name: string): KubeObject => ({
  apiVersion: "example.com/v1",
  kind: "Web",
  metadata: { namespace: "web", name, uid: `uid-${name}`, resourceVersion: "7" },
});

/** Runs with a recorder whose writes are kept as `reason: message xcount`; `fail` may refuse one. */
function recording(
  body: (recorder: EventRecorder, written: string[]) => Effect.Effect<void>,
  fail: (verb: "create" | "patch") => KubeError | undefined = () => undefined,
) {
  const written: string[] = [];
  const events = new Map<string, KubeObject>();
  const answer = (verb: "create" | "patch", event: KubeObject) => {
    const failure = fail(verb);
    if (failure) return Effect.fail(failure);
    events.set(event.metadata.name!, event);
    written.push(`${verb} ${event.reason}: ${event.message} x${event.count}`);
    return Effect.succeed(event);
  };
  const client = Layer.mock(KubeClient)({
    create: (event) => answer("create", event),
    patch: ({ name }, change) => answer("patch", { ...events.get(name)!, ...change as object }),
  });
  return Effect.runPromise(
    Effect.scoped(Effect.flatMap(makeEventRecorder({ component: "test" }), (recorder) => body(recorder, written))).pipe(
      Effect.provide(client),
      Effect.provide(TestClock.layer()),
      Effect.as(written),
    ),
  );
}

/** Lets the recorder write what waits. */
const settle = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 30)));

test("what is told again counts up", async () => {
  const written = await recording(({ record }) =>
    Effect.gen(function* () {
      yield* record(about("a"), "Normal", "Done", "it is done");
      yield* record(about("a"), "Normal", "Done", "it is done");
      yield* record(about("b"), "Normal", "Done", "it is done");
      yield* record(about("a"), "Warning", "Broken", "it broke");
      yield* settle;
    })
  );
  assert.deepEqual(written, [
    "create Done: it is done x1",
    "patch Done: it is done x2",
    "create Done: it is done x1",
    "create Broken: it broke x1",
  ]);
});

test("an object has 25 events at once, then one each five minutes; others have theirs", () =>
  recording(({ record }, written) =>
    Effect.gen(function* () {
      for (let n = 0; n < 40; n++) yield* record(about("a"), "Normal", "Done", `step ${n}`);
      yield* settle;
      assert.equal(written.length, 25);
      yield* record(about("b"), "Normal", "Done", "other");
      yield* settle;
      assert.equal(written.length, 26);
      yield* TestClock.adjust("5 minutes");
      yield* record(about("a"), "Normal", "Done", "later");
      yield* record(about("a"), "Normal", "Done", "too many");
      yield* settle;
      assert.deepEqual(written.slice(26), ["create Done: later x1"]);
    })
  ).then(() => {}));

test("failures are nobody's, and what cannot be counted up is written anew", async () => {
  const forbidden = new ApiError({ code: 403, reason: "Forbidden", request: "", detail: "cannot patch events" });
  const down = new ConnectionError({ request: "create", detail: "down" });
  let fails: (verb: string) => KubeError | undefined = () => down;
  const written = await recording(({ record }) =>
    Effect.gen(function* () {
      yield* record(about("a"), "Normal", "Lost", "down");
      yield* settle;
      fails = (verb) => verb === "patch" ? forbidden : undefined;
      for (let n = 0; n < 3; n++) yield* record(about("a"), "Normal", "Done", "again");
      yield* settle;
    }), (verb) => fails(verb));
  assert.deepEqual(written, ["create Done: again x1", "create Done: again x1"]);
});

test("what waits at the end is written, and long messages are cut", async () => {
  const written = await recording(({ record }) =>
    Effect.andThen(
      record(about("a"), "Normal", "Long", "x".repeat(5000)),
      record(about("a"), "Normal", "Last", "words"),
    )
  );
  assert.deepEqual(written, [`create Long: ${"x".repeat(1023)}… x1`, "create Last: words x1"]);
});

test("the API server takes them", async () => {
  const { api, kubeconfig } = await sharedControlPlane();
  const namespace = await api.createNamespace();
  const config = await Effect.runPromise(loadClusterConfig({ kubeconfig }));
  const object = { ...about("a"), metadata: { namespace, name: "a", uid: "u" } };
  await Effect.runPromise(
    Effect.scoped(Effect.gen(function* () {
      const { record } = yield* makeEventRecorder({ component: "web-controller" });
      yield* record(object, "Warning", "Broken", "it broke");
      yield* record(object, "Warning", "Broken", "it broke");
      const events = Effect.flatMap(
        KubeClient,
        (client) => client.list({ group: "", version: "v1", kind: "Event" }, { namespace }),
      );
      const client = yield* KubeClient;
      yield* Effect.promise(() =>
        waitFor("the event to be counted", async () => {
          const { items } = await Effect.runPromise(Effect.provideService(events, KubeClient, client));
          return items.length === 1 && items[0].count === 2 && items[0].type === "Warning" &&
            items[0].involvedObject.name === "a" && items[0].source.component === "web-controller";
        })
      );
    })).pipe(Effect.provide(layer(config))),
  );
});

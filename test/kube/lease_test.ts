import assert from "node:assert/strict";
import { test } from "node:test";
import { Deferred, Effect, Exit, Fiber, Layer } from "effect";
import { TestClock } from "effect/testing";
import { ApiError, ConnectionError, KubeClient, type KubeError } from "../../src/kube/kube-client.ts";
import { fenced, type HeldLease, type LeaseOptions, withLease } from "../../src/kube/lease.ts";
import type { KubeObject } from "../../src/kube/object.ts";

/** One Lease in memory, with conflicts; while `down` every request fails. */
class LeaseServer {
  lease: KubeObject | null = null;
  down = false;
  requests: string[] = [];
  #version = 0;

  readonly layer: Layer.Layer<KubeClient> = Layer.mock(KubeClient)({
    get: () => this.#answer("get", () => this.lease),
    create: (object) => this.#answer("create", () => this.#write(object, this.lease === null, "AlreadyExists")),
    replace: (object) =>
      this.#answer("replace", () => {
        const same = this.lease?.metadata.resourceVersion === object.metadata.resourceVersion;
        return this.#write(object, same, "Conflict");
      }),
  });

  #write(object: KubeObject, allowed: boolean, reason: string): KubeObject | ApiError {
    if (!allowed) return new ApiError({ code: 409, reason, request: "", detail: reason });
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    return this.lease = { ...object, metadata };
  }

  #answer<A>(verb: string, run: () => A | ApiError): Effect.Effect<A, KubeError> {
    return Effect.suspend((): Effect.Effect<A, KubeError> => {
      this.requests.push(verb);
      if (this.down) return Effect.fail(new ConnectionError({ request: verb, detail: "down" }));
      const result = run();
      return result instanceof ApiError ? Effect.fail(result) : Effect.succeed(result);
    });
  }
}

const options = (identity: string): LeaseOptions => ({ namespace: "system", name: "operator", identity });

/** A candidate whose work never ends by itself, and whether it works now. */
function candidate(identity: string) {
  const state = { leads: false, lease: undefined as HeldLease | undefined };
  const effect = withLease(options(identity), (lease) =>
    Effect.suspend(() => {
      Object.assign(state, { leads: true, lease });
      return Effect.never;
    }).pipe(Effect.onInterrupt(() => Effect.sync(() => state.leads = false))));
  return { state, effect };
}

const run = (body: Effect.Effect<void, unknown, KubeClient>, server: LeaseServer) =>
  Effect.runPromise(body.pipe(Effect.provide(server.layer), Effect.provide(TestClock.layer())));

/** Time in small steps, so that each fiber's next sleep is seen. */
const pass = (seconds: number) =>
  Effect.forEach(Array.from({ length: seconds * 4 }), () => TestClock.adjust("250 millis"), { discard: true });

test("one of two works; the other takes over when the first has ended, without waiting for the lease's end", () => {
  const server = new LeaseServer();
  const [one, two] = [candidate("one"), candidate("two")];
  return run(
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(one.effect);
      yield* pass(1);
      yield* Effect.forkChild(two.effect);
      yield* pass(30);
      assert.deepEqual([one.state.leads, two.state.leads], [true, false]);
      assert.equal(server.lease?.spec.leaseTransitions, 0);
      yield* Fiber.interrupt(first);
      assert.deepEqual([one.state.leads, server.lease?.spec.holderIdentity], [false, ""]);
      yield* pass(5);
      assert.equal(two.state.leads, true);
      assert.deepEqual(
        [
          server.lease?.spec.holderIdentity,
          server.lease?.spec.leaseTransitions,
          server.lease?.spec.leaseDurationSeconds,
        ],
        ["two", 1, 15],
      );
    }),
    server,
  );
});

test("a holder sends one request each two seconds", () => {
  const server = new LeaseServer();
  return run(
    Effect.gen(function* () {
      yield* Effect.forkChild(candidate("one").effect);
      yield* pass(1);
      server.requests.length = 0;
      yield* pass(20);
      assert.deepEqual(server.requests, Array.from({ length: 10 }, () => "replace"));
    }),
    server,
  );
});

test("a lease whose holder has died is taken when it has run out, counted from when it was seen", () => {
  const server = new LeaseServer();
  const renewTime = "1970-01-01T00:00:00.000000Z";
  const spec = { holderIdentity: "dead", leaseDurationSeconds: 15, renewTime, acquireTime: renewTime };
  const metadata = { namespace: "system", name: "operator", resourceVersion: "old" };
  server.lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour");
      yield* Effect.forkChild(effect);
      yield* pass(14);
      assert.equal(state.leads, false);
      yield* pass(6);
      assert.equal(state.leads, true);
    }),
    server,
  );
});

test("work stops before others may take the lease when it cannot be renewed", () => {
  const server = new LeaseServer();
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.exit(effect));
      yield* pass(1);
      server.down = true;
      yield* pass(8);
      assert.equal(state.leads, true);
      yield* pass(6);
      assert.equal(state.leads, false);
      const exit = yield* Fiber.join(fiber);
      assert.match(
        String(Exit.isFailure(exit) && exit.cause),
        /leader election lost: system\/operator: not renewed for 1\d s/,
      );
    }),
    server,
  );
});

test("work stops at once when another holds the lease", () => {
  const server = new LeaseServer();
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(effect));
      yield* pass(1);
      const { metadata, spec } = server.lease!;
      server.lease = {
        ...server.lease!,
        metadata: { ...metadata, resourceVersion: "stolen" },
        spec: { ...spec, holderIdentity: "two" },
      };
      yield* pass(5);
      assert.equal(state.leads, false);
      assert.match((yield* Fiber.join(fiber)).message, /it is held by two/);
      assert.equal(server.lease.spec.holderIdentity, "two");
    }),
    server,
  );
});

test("a renewal that arrived although its answer was lost does not lose the lease", () => {
  const server = new LeaseServer();
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      yield* Effect.forkChild(effect);
      yield* pass(1);
      server.lease!.metadata.resourceVersion = "renewed";
      yield* pass(9);
      assert.equal(state.leads, true);
      assert.equal(server.lease?.spec.leaseTransitions, 0);
    }),
    server,
  );
});

test("the body's result is the result, and the lease is free then", () => {
  const server = new LeaseServer();
  return run(
    Effect.gen(function* () {
      assert.equal(yield* withLease(options("one"), () => Effect.succeed(7)), 7);
      assert.equal(server.lease?.spec.holderIdentity, "");
    }),
    server,
  );
});

test("a process that slept through its lease writes nothing any more", () => {
  const server = new LeaseServer();
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      yield* Effect.forkChild(Effect.exit(effect));
      yield* pass(1);
      let writes = 0;
      const client = fenced(
        { ...(yield* KubeClient), delete: () => Effect.sync(() => ++writes > 0) },
        state.lease!,
      );
      const remove = client.delete({ apiVersion: "v1", kind: "ConfigMap", name: "a" });
      yield* remove;
      server.down = true;
      const late = yield* Effect.forkChild(Effect.andThen(Effect.sleep("11 seconds"), remove));
      yield* TestClock.adjust("11 seconds");
      assert.equal(writes, 1);
      yield* Fiber.interrupt(late);
    }),
    server,
  );
});

test("many candidates: never two at once, and always one again", () => {
  const server = new LeaseServer();
  return run(
    Effect.gen(function* () {
      let working = 0;
      let turns = 0;
      const work = Effect.acquireUseRelease(
        Effect.sync(() => assert.equal(++working, 1)),
        () => Effect.sleep("7 seconds"),
        () => Effect.sync(() => working-- && turns++),
      );
      yield* Effect.forEach(
        ["a", "b", "c", "d"],
        (identity) => Effect.forkChild(Effect.forever(Effect.exit(withLease(options(identity), () => work)))),
      );
      yield* pass(120);
      assert.ok(turns > 8, `${turns} turns`);
    }),
    server,
  );
});

test("acquiring goes on while the server is away", () => {
  const server = new LeaseServer();
  server.down = true;
  const { state, effect } = candidate("one");
  return run(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(effect);
      yield* pass(30);
      assert.equal(state.leads, false);
      server.down = false;
      yield* pass(5);
      assert.equal(state.leads, true);
      const done = yield* Deferred.make<void>();
      yield* Effect.andThen(Fiber.interrupt(fiber), Deferred.succeed(done, undefined));
      yield* Deferred.await(done);
    }),
    server,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect, Fiber, Metric } from "effect";
import { KubeClient } from "../../src/kube/kube-client.ts";
import { requestsTotal } from "../../src/kube/requester.ts";
import { type Answer, json, localServer, status } from "./local-server.ts";

const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "front" };
const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "web", name: "front" } };
const get = Effect.flatMap(KubeClient, (client) => client.get(ref));
const create = Effect.flatMap(KubeClient, (client) => client.create(object));
const apply = Effect.flatMap(KubeClient, (client) => client.apply(object, { fieldManager: "test" }));
const remove = Effect.flatMap(KubeClient, (client) => client.delete(ref));

async function withServer(answer: Answer, use: (server: Awaited<ReturnType<typeof localServer>>) => Promise<void>) {
  const server = await localServer(answer);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

test("a read that got no answer is sent again", () =>
  withServer((_, response, nth) => nth < 3 ? void response.destroy() : json(response, 200, object), async (server) => {
    assert.deepEqual(await server.run(get), object);
    assert.equal(server.received.length, 3);
  }));

test("a read gives up after four more tries and says why", () =>
  withServer((_, response) => void response.destroy(), async (server) => {
    const error = await server.run(Effect.flip(get));
    assert.equal(error._tag, "ConnectionError");
    assert.match(error.message, /^Cannot get v1\/ConfigMap web\/front: ./);
    // The runtime's fetch may send a read once more by itself, on the connection that discovery left.
    const sent = server.received.length;
    assert.ok(sent >= 5 && sent <= 8, `sent ${sent} times`);
  }));

for (const [name, write] of Object.entries({ create, apply, remove })) {
  test(`a write that got no answer is not sent again: ${name}`, () =>
    withServer((_, response) => void response.destroy(), async (server) => {
      assert.equal((await server.run(Effect.flip(write as typeof create)))._tag, "ConnectionError");
      assert.equal(server.received.length, 1);
    }));
}

test("what was turned away with 429 is sent again after Retry-After, writes included", () =>
  withServer(
    (_, response, nth) =>
      nth === 1
        ? json(response, 429, status(429, "TooManyRequests", "slow down"), { "retry-after": "1" })
        : json(response, 201, object),
    async (server) => {
      const began = Date.now();
      assert.deepEqual(await server.run(create), object);
      assert.ok(Date.now() - began >= 1000);
      assert.equal(server.received.length, 2);
    },
  ));

test("429 that would have to wait too long is given to the caller, with the time", () =>
  withServer(
    (_, response) => json(response, 429, status(429, "TooManyRequests", "slow down"), { "retry-after": "60" }),
    async (server) => {
      const error = await server.run(Effect.flip(create));
      assert.deepEqual([error._tag, (error as { retryAfter?: number }).retryAfter], ["ApiError", 60]);
      assert.equal(server.received.length, 1);
    },
  ));

test("of what the server failed to do only reads with Retry-After are sent again", () =>
  withServer(
    (request, response, nth) =>
      nth === 1
        ? json(response, 503, status(503, "ServiceUnavailable", "starting"), { "retry-after": "0" })
        : json(response, 200, request.method === "GET" ? object : {}),
    async (server) => {
      assert.deepEqual(await server.run(get), object);
      assert.equal(server.received.length, 2);
      assert.equal((await server.run(Effect.flip(create)))._tag, "ApiError");
      assert.equal(server.received.length, 3);
    },
  ));

test("a Status becomes an ApiError with its code, reason and words", () =>
  withServer(
    (_, response) => json(response, 409, status(409, "AlreadyExists", 'configmaps "front" already exists')),
    async (server) => {
      const error = await server.run(Effect.flip(create));
      assert.deepEqual(
        { ...error, message: error.message },
        {
          _tag: "ApiError",
          code: 409,
          reason: "AlreadyExists",
          request: "create v1/ConfigMap web/front",
          detail: 'configmaps "front" already exists',
          retryAfter: undefined,
          message: 'configmaps "front" already exists',
        } as unknown,
      );
    },
  ));

test("an answer that is no Status is quoted, and cut", () =>
  withServer((_, response) => {
    response.writeHead(502).end("x".repeat(1000));
  }, async (server) => {
    const error = await server.run(Effect.flip(create));
    assert.equal(error._tag === "ApiError" && error.code, 502);
    assert.equal(error.message, "x".repeat(300));
  }));

test("an answer that is not JSON is said to be so", () =>
  withServer((_, response) => void response.writeHead(200).end("<html>please log in</html>"), async (server) => {
    const error = await server.run(Effect.flip(get));
    assert.match(error.message, /the answer is not JSON; is this an API server\?/);
  }));

test("credentials that are refused are said to be so, and by whom", () =>
  withServer((_, response) => {
    response.writeHead(401).end('{"kind":"Status","code":401,"reason":"Unauthorized","message":"Unauthorized"}');
  }, async (server) => {
    const error = await server.run(Effect.flip(get));
    assert.match(error.message, /^Unauthorized: 127\.0\.0\.1:\d+ does not accept the credentials$/);
    assert.equal(error._tag === "ApiError" && error.reason, "Unauthorized");
  }));

test("a server that cannot be reached is named", () =>
  withServer((_, response) => void response.socket!.destroy(), async (server) => {
    const error = await server.run(Effect.flip(create));
    assert.equal(error._tag, "ConnectionError");
    assert.match(error.message, /^Cannot create .*: no answer from 127\.0\.0\.1:\d+: ./);
  }));

test("a request ends at the time limit, also when only its body is late", () =>
  withServer((_, response) => void response.writeHead(200).write('{"kind":'), async (server) => {
    const began = Date.now();
    const error = await server.run(Effect.flip(get), { timeout: "200 millis" });
    assert.match(error.message, /no answer from \S+ within 0.2 s/);
    assert.ok(Date.now() - began < 2000);
    assert.equal(server.received.length, 1);
  }));

test("interruption cuts the request", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await withServer((_, response) => {
    response.on("close", resolve);
    arrive();
  }, async (server) => {
    await server.run(Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(get);
      yield* Effect.promise(() => arrived);
      yield* Fiber.interrupt(fiber);
    }));
    await closed;
  });
});

test("an object that is not there is null, and deleting it false", () =>
  withServer((_, response) => json(response, 404, status(404, "NotFound", "not found")), async (server) => {
    assert.equal(await server.run(get), null);
    assert.equal(await server.run(remove), false);
  }));

test("requests are counted by code, method and host", () =>
  withServer(
    ({ method }, response) => method === "GET" ? json(response, 200, object) : void response.destroy(),
    async (server) => {
      const count = (code: string, method: string) =>
        Effect.map(
          Metric.value(
            Metric.withAttributes(requestsTotal, { code, method, host: server.url.slice("http://".length) }),
          ),
          (state) => state.count,
        );
      await server.run(
        Effect.gen(function* () {
          yield* get;
          yield* Effect.flip(create);
          assert.equal(yield* count("200", "GET"), 3);
          assert.equal(yield* count("<error>", "POST"), 1);
        }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
      );
    },
  ));

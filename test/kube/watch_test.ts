import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { Effect, Exit, Stream } from "effect";
import type { ClientOptions } from "../../src/kube/client.ts";
import { KubeClient, type KubeError, type WatchEvent } from "../../src/kube/kube-client.ts";
import { localServer, status } from "./local-server.ts";

const line = (type: string, name: string, version: string) =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion: version } } })}\n`;

/** What a watch gives that is answered so, and how it ends. */
async function watched(answer: (response: ServerResponse) => void, options: ClientOptions = {}) {
  const server = await localServer((_, response) => answer(response));
  const events: WatchEvent[] = [];
  const watch = Effect.flatMap(KubeClient, (client) =>
    Stream.runForEach(
      client.watch({ group: "", version: "v1", kind: "ConfigMap" }, { resourceVersion: "7", namespace: "web" }),
      (event) => Effect.sync(() => events.push(event)),
    ));
  try {
    const exit: Exit.Exit<void, KubeError> = await server.run(Effect.exit(watch), options);
    const failure = Exit.isFailure(exit) ? await server.run(Effect.flip(Effect.failCause(exit.cause))) : undefined;
    return { events, failure, request: server.received[0] };
  } finally {
    await server.stop();
  }
}

test("events come out whole however the bytes are cut", async () => {
  const bytes = new TextEncoder().encode(line("ADDED", "größer", "8") + "\n" + line("DELETED", "b", "9"));
  const { events, failure, request } = await watched(async (response) => {
    for (let at = 0; at < bytes.length; at += 7) {
      response.write(bytes.subarray(at, at + 7));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  });
  assert.equal(failure, undefined);
  assert.deepEqual(events.map((event) => event.type !== "BOOKMARK" && [event.type, event.object.metadata.name]), [
    ["ADDED", "größer"],
    ["DELETED", "b"],
  ]);
  assert.deepEqual(Object.fromEntries([...request.query].filter(([key]) => key !== "timeoutSeconds")), {
    resourceVersion: "7",
    watch: "true",
    allowWatchBookmarks: "true",
  });
  const lifetime = Number(request.query.get("timeoutSeconds"));
  assert.ok(lifetime >= 300 && lifetime <= 600);
});

test("an ERROR event ends the watch after the events before it", async () => {
  const error = JSON.stringify({ type: "ERROR", object: status(410, "Expired", "too old resource version: 7 (99)") });
  const { events, failure } = await watched((response) => response.end(`${line("ADDED", "a", "8")}${error}\n`));
  assert.equal(events.length, 1);
  assert.ok(failure?._tag === "ApiError");
  assert.deepEqual([failure.code, failure.reason, failure.message], [
    410,
    "Expired",
    "too old resource version: 7 (99)",
  ]);
});

test("a refused watch fails with the server's words", async () => {
  const { failure } = await watched((response) =>
    response.writeHead(403).end(JSON.stringify(status(403, "Forbidden", "configmaps is forbidden")))
  );
  assert.equal(failure?.message, "configmaps is forbidden");
});

test("a watch that is cut fails", async () => {
  const { events, failure } = await watched((response) => {
    response.write(line("ADDED", "a", "8"), () => setTimeout(() => response.destroy(), 50));
  });
  assert.equal(events.length, 1);
  assert.equal(failure?._tag, "ConnectionError");
});

test("what is no watch event fails", async () => {
  const { failure } = await watched((response) => response.end("<html>\n"));
  assert.equal(failure?._tag, "ConnectionError");
});

test("silence after a bookmark is a dead connection", async () => {
  const { events, failure } = await watched(
    (response) => void response.write(line("BOOKMARK", "", "8")),
    { watch: { silence: "100 millis" } },
  );
  assert.deepEqual(events, [{ type: "BOOKMARK", resourceVersion: "8" }]);
  assert.match(failure!.message, /nothing came for 0.1 s/);
});

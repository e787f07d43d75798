import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { Effect } from "effect";
import { type RemoteSchema, type RemoteSchemas, SchemaNeeded } from "../../src/chart/remote-schema.ts";
import { withRemoteSchemas } from "../../src/release/remote-schemas.ts";

/** What a rendering says that needs these schemas. */
const needing = (urls: readonly string[]) => (schemas: RemoteSchemas) => {
  const missing = urls.find((url) => !schemas.has(url));
  return missing === undefined ? Effect.succeed([...schemas.values()]) : Effect.fail(new SchemaNeeded(missing));
};

it("remote schemas are fetched one after another, and kept for the next rendering", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(url === "/none" ? 404 : 200).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const fetched = new Map<string, RemoteSchema>();
    const render = () => Effect.runPromise(withRemoteSchemas(fetched, needing([`${base}/a`, `${base}/none`])));
    const answers = [{ text: "{}" }, { error: `HTTP request to ${base}/none returned status 404 (Not Found)` }];
    assert.deepEqual(await render(), answers);
    assert.deepEqual(await render(), answers);
    assert.deepEqual(asked, ["/a", "/none", "/none"]);
    assert.deepEqual([...fetched.keys()], [`${base}/a`]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

it("a rendering that fails otherwise fails so", async () => {
  const failure = await Effect.runPromise(Effect.flip(withRemoteSchemas(new Map(), () => Effect.fail("no"))));
  assert.equal(failure, "no");
});

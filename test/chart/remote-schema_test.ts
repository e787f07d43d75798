import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { fetchSchema } from "../../src/chart/remote-schema.ts";

async function serving(listener: RequestListener, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it("a schema is fetched", () =>
  serving((_, response) => response.end('{"type":"string"}'), async (url) => {
    assert.deepEqual(await fetchSchema(url), { text: '{"type":"string"}' });
  }));

it("a schema that cannot be had says so in Helm's words", async () => {
  await serving((_, response) => response.writeHead(404).end(), async (url) => {
    assert.deepEqual(await fetchSchema(url), { error: `HTTP request to ${url} returned status 404 (Not Found)` });
  });
  const nowhere = "http://127.0.0.1:1/schema.json";
  const answer = await fetchSchema(nowhere);
  assert.ok("error" in answer && answer.error.startsWith(`HTTP request failed for ${nowhere}: `));
});

it("a schema that never ends is given up", () =>
  serving((_, response) => {
    const chunk = "x".repeat(1024 * 1024);
    const send = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once("drain", send);
    };
    send();
  }, async (url) => {
    const answer = await fetchSchema(url);
    assert.ok("error" in answer && /larger than the maximum size/.test(answer.error));
  }));

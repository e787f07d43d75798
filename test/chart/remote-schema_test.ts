import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

it("a schema of the machine is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "schema-"));
  try {
    const path = join(folder, "a b.json");
    await writeFile(path, "\ufeff{}");
    assert.deepEqual(await fetchSchema(`file://${folder}/a%20b.json`), { text: "\ufeff{}" });
    assert.deepEqual(await fetchSchema(`file://${folder}/none`), {
      error: `open ${folder}/none: no such file or directory`,
    });
    assert.deepEqual(await fetchSchema(`file://${folder}`), { error: `read ${folder}: is a directory` });
    await truncate(path, 1024 ** 3);
    assert.deepEqual(await fetchSchema(`file://${folder}/a%20b.json`), {
      error: `the schema at file://${folder}/a%20b.json is larger than the maximum size 16777216`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("a device is no schema", async () => {
  assert.deepEqual(await fetchSchema("file:///dev/zero"), { error: "open /dev/zero: it is no regular file" });
});

// Records as helm-operator-plugins' chunked storage writes them, made by hand after its format.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { configMapTemplate } from "../release/charts.ts";
import { type Fixture, startForEachTest } from "../release/fixture.ts";

const start = startForEachTest();
const chart = { "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}") };

/** Replaces the release's record by an index Secret and further ones of `size` bytes; gives the names of these. */
async function rewrite({ api, namespace, history }: Fixture, size: number): Promise<string[]> {
  const [{ helmwright: _, labels: __, resourceVersion: ___, ...record }] = await history();
  const key = "sh.helm.release.v1.web.v1";
  const reference = { apiVersion: "v1", kind: "Secret", namespace, name: key };
  const { ownerReferences } = (await api.get(reference))!.metadata;
  await api.delete(reference);
  // The plugins' JSON has the labels in it, and what they do not know of Helm's later fields.
  const payload = gzipSync(JSON.stringify({ ...record, labels: { team: "a" }, future: { kept: true } }) + "\n");
  const parts = Array.from(
    { length: Math.ceil(payload.length / size) },
    (_, n) => payload.subarray(n * size, (n + 1) * size).toString("base64"),
  );
  const names = parts.slice(1).map((_, n) => `${key}-abcdefg${n}`);
  const system = { name: "web", owner: "helm", status: "deployed", version: "1", createdAt: "1700000000" };
  const index = await api.create({
    apiVersion: "v1",
    kind: "Secret",
    type: "operatorframework.io/index.v1",
    immutable: false,
    metadata: { name: key, namespace, ownerReferences, labels: { ...system, key, type: "index" } },
    data: { chunk: parts[0], extraChunks: Buffer.from(JSON.stringify(names)).toString("base64") },
  });
  const owner = { apiVersion: "v1", kind: "Secret", name: key, uid: index.metadata.uid!, controller: true };
  for (const [n, name] of names.entries()) {
    await api.create({
      apiVersion: "v1",
      kind: "Secret",
      type: "operatorframework.io/chunk.v1",
      immutable: true,
      metadata: {
        name,
        namespace,
        labels: { owner: "helm", key, type: "chunk", createdAt: "1700000000" },
        ownerReferences: [owner],
      },
      data: { chunk: parts[n + 1] },
    });
  }
  return names;
}

describe("a release whose record helm-operator-plugins wrote", () => {
  for (const [what, size, extra] of [["in one Secret", 1_000_000, 0], ["in chunks", 300, 1]] as const) {
    it(`${what} is read, adopted, upgraded and uninstalled`, async () => {
      const release = await start(chart, { value: "one" });
      await release.reconcile();
      const before = await release.configMap("web-a");
      const names = await rewrite(release, size);
      assert.ok(extra === 0 ? names.length === 0 : names.length >= extra, String(names.length));

      assert.equal(await release.reconcile(), "repaired 0");
      assert.equal((await release.configMap("web-a"))!.metadata.resourceVersion, before!.metadata.resourceVersion);
      const [adopted] = await release.history();
      assert.deepEqual(adopted.future, { kept: true });
      assert.notEqual(adopted.helmwright?.inputs, undefined);

      release.setSpec({ value: "two" });
      assert.equal(await release.reconcile(), "updated");
      const [first, second] = await release.history();
      assert.deepEqual([first.info.status, second.info.status], ["superseded", "deployed"]);
      assert.deepEqual(first.future, { kept: true });
      assert.equal((await release.configMap("web-a"))!.data.value, "two");

      const manager = await release.manager();
      await release.run(manager.uninstallRelease);
      assert.deepEqual(await release.history(), []);
      const left = await release.api.list("v1", "Secret", release.namespace, "owner=helm");
      assert.deepEqual(left.map(({ metadata }) => metadata.name), []);
    });
  }
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { ReleaseRecord, ReleaseStatus } from "../../src/storage/record.ts";
import { configMapTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();
const chart = { "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}") };
const states = async (release: Fixture) => (await release.states()).map((line) => line.split(":")[0]);

/** A release with one revision as Helm would have written it, and what Helm was about to write when it was cut off. */
async function cutOff(
  status: ReleaseStatus,
  before: ReleaseStatus | null,
  minutes: number,
): Promise<Fixture> {
  const release = await start(chart, { value: "one" });
  await release.reconcile();
  const [{ helmwright: _, ...record }] = await release.history();
  const last_deployed = new Date(Date.now() - minutes * 60_000).toISOString();
  const pending = (version: number): ReleaseRecord => ({ ...record, version, info: { last_deployed, status } });
  if (before === null) await release.write(pending(1));
  else {
    await release.write({ ...record, info: { ...record.info, status: before } });
    await release.write(pending(2));
  }
  return release;
}

describe("what Helm left pending", () => {
  it("may be under way: it is left alone as long as Helm waits", async () => {
    for (const status of ["pending-install", "pending-upgrade", "pending-rollback"] as const) {
      const release = await cutOff(status, status === "pending-install" ? null : "deployed", 1);
      const before = await release.states();
      await assert.rejects(release.reconcile(), /another operation \(install\/upgrade\/rollback\) is in progress/);
      assert.deepEqual(await release.states(), before);
    }
  });

  it("for longer is marked as failed and gone on from", async () => {
    const upgrade = await cutOff("pending-upgrade", "deployed", 10);
    assert.equal(await upgrade.reconcile(), "updated");
    assert.deepEqual(await states(upgrade), ["1 superseded", "2 failed", "3 deployed"]);
    const install = await cutOff("pending-install", null, 10);
    assert.equal(await install.reconcile(), "installed");
    assert.deepEqual(await states(install), ["1 failed", "2 deployed"]);
  });

  it("between superseding the old revision and deploying the new one is upgraded, not installed", async () => {
    const release = await cutOff("pending-upgrade", "superseded", 10);
    assert.equal(await release.reconcile(), "updated");
    assert.deepEqual(await states(release), ["1 superseded", "2 failed", "3 deployed"]);
    assert.equal((await release.history())[2].info.description, "Upgrade complete");
  });
});

describe("a history", () => {
  it("with two deployed revisions is mended: the newer counts", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const [first] = await release.history();
    release.setSpec({ value: "two" });
    await release.reconcile();
    await release.write(first);
    assert.equal(await release.reconcile(), "repaired 0");
    assert.deepEqual(await states(release), ["1 superseded", "2 deployed"]);
  });

  it("whose newest record was cut off while it was stored is gone on from", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const [record] = await release.history();
    const large = randomBytes(1_500_000).toString("base64");
    await release.write({ ...record, version: 2, manifest: large, info: { status: "pending-upgrade" } });
    for (const secret of await release.api.list("v1", "Secret", release.namespace, "type=chunk")) {
      const { name } = secret.metadata;
      await release.api.delete({ apiVersion: "v1", kind: "Secret", namespace: release.namespace, name });
    }
    assert.equal(await release.reconcile(), "repaired 0");
    assert.deepEqual(await states(release), ["1 deployed"]);
  });

  it("that ends with an uninstall which kept it goes on with an install", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const [record] = await release.history();
    await release.write({ ...record, info: { ...record.info, status: "uninstalled" } });
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual(await states(release), ["1 uninstalled", "2 deployed"]);
    assert.equal(await release.reconcile(), "repaired 0");
  });

  it("of an uninstall under way is finished, and the custom resource that lives on is installed anew", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const before = await release.configMap("web-a");
    const [record] = await release.history();
    await release.write({ ...record, info: { ...record.info, status: "uninstalling" } });
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual(await states(release), ["1 deployed"]);
    assert.notEqual((await release.configMap("web-a"))?.metadata.uid, before?.metadata.uid);
  });

  it("of another chart's release is not uninstalled with a custom resource that never had it", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    release.chart.write("Chart.yaml", "apiVersion: v2\nname: back\nversion: 1.0.0\n");
    const manager = await release.fresh();
    await assert.rejects(release.run(manager.uninstallRelease), /release: not found: web/);
    assert.deepEqual(await states(release), ["1 deployed"]);
  });

  it("keeps the fields of a later Helm", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const [record] = await release.history();
    await release.write({ ...record, future: { field: [1] }, info: { ...record.info, sooner: "x" } });
    release.setSpec({ value: "two" });
    await release.reconcile();
    const [old] = await release.history();
    assert.equal(old.info.status, "superseded");
    assert.deepEqual(old.future, { field: [1] });
    assert.equal(old.info.sooner, "x");
  });
});

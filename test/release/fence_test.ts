import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Effect } from "effect";
import { ReleaseTaken } from "../../src/storage/storage.ts";
import type { KubeClient } from "../../src/kube/kube-client.ts";
import { configMapTemplate } from "./charts.ts";
import { startForEachTest } from "./fixture.ts";

const start = startForEachTest();
const chart = {
  "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}"),
  "templates/b.yaml": configMapTemplate("b", "value: {{ .Values.value | quote }}"),
};
const taken = (action: Promise<unknown>) => assert.rejects(action, (error) => error instanceof ReleaseTaken);

describe("of two managers of one release", () => {
  it("one installs it, and the other stops before its first write", async () => {
    const release = await start(chart, { value: "one" });
    const [first, second] = [await release.manager(), await release.managerWith({})];
    const results = await Promise.allSettled([
      release.run(first.installRelease()),
      release.run(second.installRelease()),
    ]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected")!;
    assert.ok(lost.reason instanceof ReleaseTaken, String(lost.reason));
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
  });

  it("who is late does not upgrade, roll back, repair or uninstall what the other has written since", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    release.setSpec({ value: "two" });
    const late = await release.manager();
    assert.equal(await release.reconcile(), "updated");
    const before = await release.configMap("web-a");
    await taken(release.run(late.updateRelease()));
    assert.deepEqual(await release.states(), ["1 superseded: Install complete", "2 deployed: Upgrade complete"]);
    assert.equal((await release.configMap("web-a"))!.metadata.resourceVersion, before!.metadata.resourceVersion);
  });

  it("who read the custom resource before the other did does not bring its old state back", async () => {
    const release = await start(chart, { value: "one" });
    release.setSpec({ value: "two" });
    release.cr.metadata.generation = 2;
    assert.equal(await release.reconcile(), "installed");
    release.setSpec({ value: "one" });
    release.cr.metadata.generation = 1;
    await taken(release.manager());
    release.cr.metadata.uid = "another";
    assert.equal((await release.manager()).isUpdateRequired(), true);
  });

  it("who reads the history while the other writes it sees it as it is afterwards", async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const wrap = (kube: KubeClient["Service"]): KubeClient["Service"] => ({
      ...kube,
      list: (...request) =>
        Effect.tap(kube.list(...request), () => {
          const act = meanwhile;
          meanwhile = undefined;
          return act === undefined ? Effect.void : Effect.promise(act);
        }),
    });
    const release = await start(chart, { value: "one" }, { wrap });
    await release.reconcile();
    const [deployed] = await release.history();
    await release.write({ ...deployed, info: { ...deployed.info, status: "pending-install" } });
    meanwhile = () => release.write(deployed);
    assert.equal(await release.reconcile(), "repaired 0");
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
  });

  it("who finds the other at work lets it end", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const [deployed] = await release.history();
    const helmwright = { ...deployed.helmwright!, holder: "the other" };
    await release.write({ ...deployed, info: { ...deployed.info, status: "pending-install" }, helmwright });
    const late = release.manager().then((manager) => release.run(manager.installRelease()));
    await Promise.all([taken(late), sleep(500).then(() => release.write(deployed))]);
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
  });

  it("who goes on with the other's pending revision makes the other stop at its next object", async () => {
    let hold: Promise<void> = Promise.resolve();
    const applied: string[] = [];
    const wrap = (kube: KubeClient["Service"]): KubeClient["Service"] => ({
      ...kube,
      apply: (object, options) =>
        Effect.andThen(
          Effect.promise(() => (applied.push(object.metadata.name!), hold)),
          kube.apply(object, options),
        ),
    });
    const secret = chart["templates/b.yaml"].replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:");
    const release = await start({ ...chart, "templates/c.yaml": secret }, { value: "one" }, { wrap });
    await release.reconcile();
    release.setSpec({ value: "two" });
    const slow = await release.manager();
    let wake = () => {};
    hold = new Promise((resolve) => wake = resolve);
    applied.length = 0;
    const upgrade = release.run(slow.updateRelease()).then(() => null, (error) => error);
    // Secrets come first in Helm's order: the slow one sleeps at it, with the ConfigMaps before it.
    while (applied.length === 0) await sleep(10);
    await sleep(1_100);
    hold = Promise.resolve();
    const quick = await release.managerWith({});
    assert.equal(quick.isUpdateRequired(), true);
    await release.run(quick.updateRelease());
    const written = await release.configMap("web-b");
    applied.length = 0;
    wake();
    const error = await upgrade;
    assert.ok(error instanceof ReleaseTaken, String(error));
    assert.deepEqual(applied, []);
    assert.equal((await release.configMap("web-b"))!.metadata.resourceVersion, written!.metadata.resourceVersion);
    assert.deepEqual(await release.states(), ["1 superseded: Install complete", "2 deployed: Upgrade complete"]);
  });
});

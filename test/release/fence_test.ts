import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
    while (applied.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
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

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configMapTemplate, hookTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

const objects = { "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}") };
const jobs = async (release: Fixture) =>
  (await release.api.list("batch/v1", "Job", release.namespace))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => ({ name: metadata.name, uid: metadata.uid, created: metadata.creationTimestamp }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
const names = async (release: Fixture) => (await jobs(release)).map(({ name }) => name);

describe("hooks", () => {
  it("run by weight, each to its end, before and after the objects", async () => {
    const release = await start({
      ...objects,
      "templates/1.yaml": hookTemplate("first", "pre-install", { weight: -5 }),
      "templates/2.yaml": hookTemplate("second", "pre-install", { weight: 2 }),
      "templates/3.yaml": hookTemplate("third", "post-install"),
    });
    await release.reconcile();
    const [record] = await release.history();
    const runs = Object.fromEntries((record.hooks ?? []).map(({ name, last_run }) => [name, last_run]));
    assert.deepEqual(record.hooks?.map(({ last_run }) => last_run.phase), ["Succeeded", "Succeeded", "Succeeded"]);
    assert.ok(runs["web-first"].completed_at! <= runs["web-second"].started_at!);
    assert.ok(runs["web-second"].completed_at! <= runs["web-third"].started_at!);
    assert.deepEqual(await names(release), ["web-first", "web-second", "web-third"]);
    assert.deepEqual(Object.keys(record.helmwright ?? {}), ["inputs", "resource"]);
    for (const job of await release.api.list("batch/v1", "Job", release.namespace)) {
      assert.equal(job.metadata.labels?.["helm.sdk.operatorframework.io/chart"], "front");
      assert.equal(job.metadata.labels?.["app.kubernetes.io/managed-by"], undefined);
    }
  });

  it("are made anew by each upgrade, and deleted when their policy says so", async () => {
    const release = await start({
      ...objects,
      "templates/1.yaml": hookTemplate("default", '"pre-install,pre-upgrade"'),
      "templates/2.yaml": hookTemplate("succeeded", '"pre-install,pre-upgrade"', {
        policy: '"hook-succeeded,before-hook-creation"',
      }),
    });
    await release.reconcile();
    const before = await jobs(release);
    assert.deepEqual(before.map(({ name }) => name), ["web-default"]);
    release.setSpec({ value: "new" });
    await release.reconcile();
    const after = await jobs(release);
    assert.deepEqual(after.map(({ name }) => name), ["web-default"]);
    assert.notEqual(after[0].uid, before[0].uid);
  });

  it("run around an uninstall, and stay when no policy deletes them", async () => {
    const release = await start({
      ...objects,
      "templates/1.yaml": hookTemplate("before", "pre-delete"),
      "templates/2.yaml": hookTemplate("after", "post-delete", { policy: "hook-succeeded" }),
    });
    await release.reconcile();
    assert.deepEqual(await names(release), []);
    await release.run((await release.fresh()).uninstallRelease);
    assert.deepEqual(await names(release), ["web-before"]);
  });

  it("that fail end an install, which is uninstalled, and are deleted when their policy says so", async () => {
    const release = await start({
      ...objects,
      "templates/0.yaml": hookTemplate("good", "pre-install", { weight: -1, policy: "hook-succeeded" }),
      "templates/1.yaml": hookTemplate("bad", "pre-install", { policy: "hook-failed", outcome: "fail" }),
    });
    await assert.rejects(release.reconcile(), (error: Error & { object?: string }) => {
      assert.match(
        error.message,
        /^failed to install release: failed pre-install: resource Job\/.*\/web-bad not ready. status: Failed, message: Back/,
      );
      assert.match(error.object ?? "", /^batch\/v1\/Job .*\/web-bad$/);
      return true;
    });
    assert.deepEqual(await names(release), []);
    assert.equal(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });

  it("that do not end in time fail their action, and the reason says what they wait for", async () => {
    const release = await start(
      { ...objects, "templates/1.yaml": hookTemplate("slow", "pre-install", { outcome: "image-missing" }) },
      {},
      { timeout: 2_000, keepFailedInstall: true },
    );
    await assert.rejects(release.reconcile(), /web-slow not ready\. status: InProgress, message: .* \(waited 2 s\)/);
    const [record] = await release.history();
    assert.equal(record.info.status, "failed");
    assert.match(record.info.description ?? "", /^Release "web" failed: failed pre-install: resource Job/);
    assert.equal(record.hooks?.[0].last_run.phase, "Failed");
  });

  it("are not the release's objects: one that was an object before stays", async () => {
    const release = await start({ ...objects, "templates/b.yaml": configMapTemplate("b", "x: text") });
    await release.reconcile();
    release.chart.write("templates/b.yaml", configMapTemplate("b", "x: text", '{helm.sh/hook: "pre-upgrade"}'));
    assert.equal(await release.reconcile(), "updated");
    assert.notEqual(await release.configMap("web-b"), undefined);
  });

  it("do not run when they are disabled", async () => {
    const release = await start(
      { ...objects, "templates/1.yaml": hookTemplate("one", "pre-install") },
      {},
      { disableHooks: true },
    );
    await release.reconcile();
    assert.deepEqual(await names(release), []);
  });
});

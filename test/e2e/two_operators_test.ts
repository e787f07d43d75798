// Two operators on the same custom resources: no release is written by both.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { type Api, waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { type Operator, startOperator } from "./operator.ts";

let api: Api;
let kubeconfig: string;
before(async () => {
  ({ api, kubeconfig } = await sharedControlPlane());
});

const started: Array<() => Promise<void>> = [];
after(() => Promise.all(started.map((end) => end())));

async function start(kind: Kind, args: string[] = []): Promise<Operator> {
  const operator = await startOperator({ kubeconfig, ...kind.run, args });
  started.push(operator.kill);
  return operator;
}

interface Revision {
  readonly version: number;
  readonly status: string;
  readonly size: number;
}

/** A release's history, the oldest first, as its Secrets hold it. */
async function history(namespace: string, name: string): Promise<Revision[]> {
  const secrets = await api.list("v1", "Secret", namespace, `owner=helm,name=${name}`);
  const records = secrets.map(({ data }) => {
    const text = Buffer.from(Buffer.from(data.release, "base64").toString(), "base64");
    const { version, info, config } = JSON.parse(gunzipSync(text).toString());
    return { version, status: info.status, size: config.size };
  });
  return records.sort((a, b) => a.version - b.version);
}

/** A revision for each size, without a gap; one is deployed, and that is the last. */
function assertWhole(name: string, revisions: Revision[]): void {
  const told = `${name}: ${revisions.map(({ version, status, size }) => `${version} ${status} (${size})`).join(", ")}`;
  revisions.forEach(({ version }, index) => assert.equal(version, revisions[0].version + index, told));
  assert.deepEqual(revisions.filter(({ status }) => status === "deployed"), revisions.slice(-1), told);
  assert.ok(revisions.every(({ status }) => status === "deployed" || status === "superseded"), told);
  assert.deepEqual(revisions.map(({ size }) => size), [1, 2, 3, 4], told);
}

const names = Array.from({ length: 10 }, (_, n) => `web-${n}`);
const sizes = (namespace: string) =>
  Promise.all(names.map(async (name) => {
    const found = await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: `${name}-config` });
    return found?.data.size as string | undefined;
  }));

describe("two operators without leader election", () => {
  it("race through installs and upgrades, and each release is whole", async () => {
    const kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
    started.push(() => Promise.resolve(kind.close()));
    const namespace = await api.createNamespace();
    const operators = await Promise.all([start(kind), start(kind)]);
    await Promise.all(names.map((name) => kind.create(namespace, name, { size: 1 })));
    for (let size = 1; size <= 4; size++) {
      if (size > 1) await Promise.all(names.map((name) => kind.change(namespace, name, { spec: { size } })));
      const wanted = names.map(() => String(size));
      await waitFor(`size ${size}`, async () => (await sizes(namespace)).join() === wanted.join(), {
        timeoutMs: 90_000,
      });
    }
    await waitFor("the releases to settle", async () => {
      const all = await Promise.all(names.map((name) => history(namespace, name)));
      return all.every((revisions) => revisions.at(-1)?.status === "deployed");
    }, { timeoutMs: 60_000 });
    await sleep(2_000);
    for (const name of names) {
      assertWhole(name, await history(namespace, name));
      const deployed = await kind.condition(namespace, name, "Deployed");
      assert.equal(deployed?.status, "True");
      assert.equal(await kind.condition(namespace, name, "ReleaseFailed"), undefined);
    }
    assert.deepEqual(await sizes(namespace), names.map(() => "4"));
    await Promise.all(names.map((name) => kind.delete(namespace, name)));
    await Promise.all(names.map((name) => kind.waitUntilGone(namespace, name)));
    assert.deepEqual((await sizes(namespace)).filter(Boolean), []);
    for (const operator of operators) assert.equal(await operator.stop(), 0);
  });
});

describe("a leader that was stopped and wakes up", () => {
  it("writes nothing any more, and ends", async () => {
    const slow = configMap + `---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-before
  annotations: {helm.sh/hook: "pre-install,pre-upgrade"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/main}]
`;
    const kind = await makeKind(api, { chart: { "templates/config.yaml": slow } });
    started.push(() => Promise.resolve(kind.close()));
    const namespace = await api.createNamespace();
    const args = ["--leader-elect", "--leader-election-id", "stop-lock", "--leader-election-namespace", namespace];
    const first = await start(kind, args);
    await waitFor("the lease", () => first.output().includes("Successfully acquired lease"));
    const second = await start(kind, args);
    await kind.create(namespace, "web-0", { size: 1 });
    await kind.waitForCondition(namespace, "web-0", "Deployed");

    // In the midst of an upgrade, while its hook runs.
    await kind.change(namespace, "web-0", { spec: { size: 2 } });
    await waitFor("the upgrade", async () => (await history(namespace, "web-0")).length === 2, { intervalMs: 5 });
    process.kill(first.pid, "SIGSTOP");
    const written = await history(namespace, "web-0");
    await waitFor("the other's lease", () => second.output().includes("Successfully acquired lease"), {
      timeoutMs: 60_000,
    });
    await kind.change(namespace, "web-0", { spec: { size: 3 } });
    await waitFor("the size", async () => (await sizes(namespace))[0] === "3", { timeoutMs: 60_000 });
    await waitFor("the record", async () => (await history(namespace, "web-0")).at(-1)?.status === "deployed");
    const revisions = await history(namespace, "web-0");
    assert.ok(written.length === 2 && revisions.length >= 2);
    const seen = await api.list("v1", "Secret", namespace, "owner=helm");
    const versions = (secrets: typeof seen) => secrets.map(({ metadata }) => metadata.resourceVersion).sort();

    process.kill(first.pid, "SIGCONT");
    assert.equal(await first.exited, 1);
    assert.match(first.output(), /leader election lost/);
    assert.deepEqual(versions(await api.list("v1", "Secret", namespace, "owner=helm")), versions(seen));
    assert.equal((await sizes(namespace))[0], "3");
    revisions.forEach(({ version }, index) => assert.equal(version, index + 1));
    assert.equal(revisions.filter(({ status }) => status === "deployed").length, 1);
    assert.equal(await second.stop(), 0);
  });
});

// A paused custom resource, as docs/pause.md tells it.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { startFor } from "./started.ts";

describe("a paused custom resource", () => {
  let cluster: SharedControlPlane;
  let api: Api;
  let kind: Kind;
  let namespace: string;
  before(async () => {
    cluster = await sharedControlPlane();
    ({ api } = cluster);
    kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
    namespace = await api.createNamespace();
    const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["get"] }];
    const kubeconfig = await cluster.createUser(kind.group, rules);
    await startFor(kind, { kubeconfig });
  });
  const pause = (name: string, value: string | null) =>
    kind.change(namespace, name, { metadata: { annotations: { "helmwright.dev/pause": value } } });
  const config = { apiVersion: "v1", kind: "ConfigMap" };
  const size = async (name: string) => (await api.get({ ...config, namespace, name: `${name}-config` }))?.data.size;

  it("is left alone: no upgrade, no repair", async () => {
    await kind.create(namespace, "web", { size: 1 });
    await kind.waitForCondition(namespace, "web", "Ready");
    await pause("web", "true");
    const { message } = await kind.waitForCondition(namespace, "web", "Paused");
    assert.equal(message, "Reconciling is paused by the annotation helmwright.dev/pause");
    assert.equal((await kind.condition(namespace, "web", "Ready"))!.status, "True");
    await api.patch({ ...config, namespace, name: "web-config" }, { data: { size: "x" } });
    await kind.change(namespace, "web", { spec: { size: 2 } });
    await kind.waitForCondition(namespace, "web", "Ready", ({ reason }) => reason === "Paused");
    await sleep(1_500);
    assert.equal(await size("web"), "x");
  });

  it("costs nothing at rest", async () => {
    const since = cluster.auditPosition();
    await sleep(4_000);
    const requests = cluster.requests({ user: kind.group, since }).filter(({ verb }) => verb !== "watch");
    assert.deepEqual(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
  });

  it("goes on when the annotation is removed, and is Paused no longer", async () => {
    await pause("web", null);
    await kind.waitForNoCondition(namespace, "web", "Paused");
    await waitFor("the upgrade", async () => await size("web") === "2");
    await kind.waitForCondition(namespace, "web", "Ready");
  });

  it("waits with its deletion", async () => {
    await pause("web", "true");
    await kind.waitForCondition(namespace, "web", "Paused");
    await kind.delete(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Paused", ({ message }) => /is being deleted/.test(message!));
    assert.equal(await size("web"), "2");
    await pause("web", "false");
    await kind.waitUntilGone(namespace, "web");
    assert.equal(await size("web"), undefined);
  });

  it("is not installed when it is paused from its beginning", async () => {
    await kind.create(namespace, "later", {}, { annotations: { "helmwright.dev/pause": "true" } });
    await kind.waitForCondition(namespace, "later", "Paused");
    assert.equal((await kind.condition(namespace, "later", "Ready"))!.status, "Unknown");
    assert.equal(await size("later"), undefined);
    await kind.delete(namespace, "later");
    await kind.waitUntilGone(namespace, "later");
  });
});

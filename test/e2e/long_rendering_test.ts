// A template that takes for ever: it is stopped and told, and meanwhile everything else goes on.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { type Operator, startOperator } from "./operator.ts";

/** Seconds that a rendering may take. */
const limit = 15;

describe("a template that loops for minutes", () => {
  let cluster: SharedControlPlane;
  let api: Api;
  let kind: Kind;
  let namespace: string;
  let operator: Operator;
  before(async () => {
    cluster = await sharedControlPlane();
    ({ api } = cluster);
    const loop = "{{ if .Values.loop }}{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}{{ end }}";
    kind = await makeKind(api, { chart: { "templates/config.yaml": configMap, "templates/loop.yaml": loop } });
    namespace = await api.createNamespace();
    operator = await startOperator({
      kubeconfig: cluster.kubeconfig,
      ...kind.run,
      args: [`--render-timeout=${limit}s`, "--max-concurrent-reconciles=4"],
    });
  });
  after(async () => {
    await operator.kill();
    kind.close();
  });

  it("leaves health, watches and other resources of its chart alone, and ends in a condition", async () => {
    await kind.create(namespace, "endless", { size: 1, loop: true });
    await waitFor("the rendering to begin", async () => await kind.condition(namespace, "endless", "Initialized"));
    await sleep(2_000);
    const began = Date.now();
    await kind.create(namespace, "healthy", { size: 1 });
    await kind.waitForCondition(namespace, "healthy", "Deployed");
    const asked = Date.now();
    await operator.ready();
    assert.ok(Date.now() - asked < 1_000, "the health check waited");
    await kind.change(namespace, "healthy", { spec: { size: 2 } });
    const config = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "healthy-config" };
    await waitFor("the change", async () => (await api.get(config))?.data.size === "2");
    assert.equal(await kind.condition(namespace, "endless", "ReleaseFailed"), undefined);
    assert.ok(Date.now() - began < limit * 1_000 - 3_000);
    const failed = await kind.waitForCondition(namespace, "endless", "ReleaseFailed");
    assert.equal(failed.reason, "InstallError");
    assert.match(
      failed.message!,
      /the rendering was stopped after 15 s \(--render-timeout\): execution error at \(probe\/templates\/loop\.yaml:1:\d+\)/,
    );
  });

  it("is mended by a spec that does not loop", async () => {
    await kind.change(namespace, "endless", { spec: { loop: false } });
    await kind.waitForCondition(namespace, "endless", "Deployed");
    await kind.waitForNoCondition(namespace, "endless", "ReleaseFailed");
  });
});

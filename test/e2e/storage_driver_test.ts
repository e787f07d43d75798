import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Api, waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { configMap, makeKind } from "./kind.ts";
import { startOperator } from "./operator.ts";

let api: Api;
let kubeconfig: string;
before(async () => {
  ({ api, kubeconfig } = await sharedControlPlane());
});

const started: Array<() => Promise<void>> = [];
after(() => Promise.all(started.map((end) => end())));

async function begin(driver: string, startOnly = false) {
  const kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
  started.push(() => Promise.resolve(kind.close()));
  const operator = await startOperator({ kubeconfig, ...kind.run, env: { HELM_DRIVER: driver }, startOnly });
  started.push(operator.kill);
  return { kind, operator, namespace: await api.createNamespace() };
}

describe("HELM_DRIVER", () => {
  for (const [driver, secrets, configMaps] of [["secret", 2, 0], ["configmap", 0, 2], ["memory", 0, 0]] as const) {
    it(`${driver} keeps the records of installs and upgrades, until the uninstall`, async () => {
      const { kind, namespace } = await begin(driver);
      await kind.create(namespace, "web", { size: 1 });
      await kind.waitForCondition(namespace, "web", "Deployed");
      await kind.change(namespace, "web", { spec: { size: 2 } });
      await kind.waitForCondition(namespace, "web", "Deployed", ({ reason }) => reason === "UpgradeSuccessful");
      const records = (of: string) => api.list("v1", of, namespace, "owner=helm,name=web");
      assert.equal((await records("Secret")).length, secrets);
      assert.equal((await records("ConfigMap")).length, configMaps);
      const reference = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" };
      await waitFor("the size", async () => (await api.get(reference))?.data.size === "2");
      await kind.delete(namespace, "web");
      await kind.waitUntilGone(namespace, "web");
      assert.equal((await records("Secret")).length + (await records("ConfigMap")).length, 0);
    });
  }

  it("that does not exist keeps the operator from starting", async () => {
    const { operator } = await begin("sql", true);
    assert.equal(await operator.exited, 1);
    assert.match(operator.output(), /Cannot use .*sql.* as HELM_DRIVER: it must be secret, configmap or memory/);
  });
});

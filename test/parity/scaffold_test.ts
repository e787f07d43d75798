// A project as operator-sdk's Helm plugin lays it out (scaffold/), run as its manager.yaml runs it, under the rights that
// its RBAC manifests grant and no others.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readYaml } from "../../src/yaml/read.ts";
import { writeJson } from "../../src/yaml/json.ts";
import { type Api, type KubeObject, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { helmwrightCommand, type Operator, startOperator } from "../e2e/operator.ts";
import { logOf, revisionsOf, uninstallFinalizer } from "./setup.ts";

const project = join(import.meta.dirname!, "scaffold");
const read = (...path: string[]): any => JSON.parse(writeJson(readYaml(readFileSync(join(project, ...path), "utf8"))));

/** The manager's arguments as kustomize makes them, with other ports. */
function managerArgs(healthPort: number, metricsPort: number): string[] {
  const args: string[] = read("config", "manager", "manager.yaml").spec.template.spec.containers[0].args;
  const patches: Array<{ value: string }> = read("config", "default", "manager_metrics_patch.yaml");
  return [...patches.map(({ value }) => value), ...args]
    .map((arg) => arg.replace(":8081", `:${healthPort}`).replace(":8443", `:${metricsPort}`));
}

let cluster: SharedControlPlane;
let api: Api;
let namespace: string;
let operator: Operator;
let metricsPort: number;
const user = `scaffolded-${crypto.randomUUID().slice(0, 8)}`;

before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
  namespace = await api.createNamespace("shop");
  await api.createCustomResourceDefinition(read("config", "crd", "bases", "charts.example.com_shops.yaml"));
  await cluster.createUser(user, read("config", "rbac", "leader_election_role.yaml").rules, { namespace });
  const kubeconfig = await cluster.createUser(user, [
    ...read("config", "rbac", "role.yaml").rules,
    ...read("config", "rbac", "metrics_auth_role.yaml").rules,
  ]);
  operator = await startOperator({
    kubeconfig,
    directory: project,
    command: (flags) => {
      const port = (name: string) => Number(flags.find((flag) => flag.startsWith(`--${name}`))!.split(":").at(-1));
      metricsPort = port("metrics");
      const args = managerArgs(port("health"), metricsPort);
      // As in a pod, where the namespace is the pod's own.
      const place = `--leader-election-namespace=${namespace}`;
      return [...helmwrightCommand(), "run", "--watches-file=./watches.yaml", ...args, place];
    },
  });
});
after(() => operator?.kill());

const shop = { apiVersion: "charts.example.com/v1alpha1", kind: "Shop", name: "shop-sample" };
const sample: KubeObject = read("config", "samples", "charts_v1alpha1_shop.yaml");
const deployment = () => api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "shop-sample-shop" });
const deployed = (reason: string) =>
  waitFor(`Deployed with ${reason}`, async () => {
    const { status } = (await api.get({ ...shop, namespace }))!;
    return status?.conditions?.find((each: any) => each.type === "Deployed" && each.reason === reason);
  });

describe("a project that operator-sdk scaffolded", () => {
  it("holds the lease of the scaffold's name", async () => {
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace, name: "shop-operator" };
    await waitFor("the lease", async () => (await api.get(lease))?.spec.holderIdentity);
  });

  it("installs, upgrades and repairs its sample", async () => {
    await api.create({ ...sample, metadata: { ...sample.metadata, namespace } });
    assert.equal((await deployed("InstallSuccessful")).message, "The shop says hello.\n");
    assert.deepEqual((await api.get({ ...shop, namespace }))!.metadata.finalizers, [uninstallFinalizer]);
    await api.patch({ ...shop, namespace }, { spec: { greeting: "welcome" } });
    await deployed("UpgradeSuccessful");
    assert.equal((await deployment())!.spec.template.spec.containers[0].env[0].value, "welcome");
    for (let time = 1; time <= 2; time++) { // The second time, the event of the first cannot be counted up.
      await api.delete({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "shop-sample-shop" });
      await waitFor("the Deployment", deployment);
      await sleep(300);
    }
    assert.deepEqual(await revisionsOf(api, namespace, "shop-sample"), ["1 superseded", "2 deployed"]);
  });

  it("tells a missing right in the status, as when a chart's option needs more than the scaffold granted", async () => {
    await api.patch({ ...shop, namespace }, { spec: { autoscaling: { enabled: true } } });
    const failure = await waitFor("the failure", async () => {
      const { status } = (await api.get({ ...shop, namespace }))!;
      return status.conditions.find(({ type }: any) => type === "ReleaseFailed" || type === "Irreconcilable");
    });
    assert.match(failure.message, /horizontalpodautoscalers.* is forbidden/);
    await api.patch({ ...shop, namespace }, { spec: { autoscaling: { enabled: false } } });
    await waitFor("its end", async () => {
      const { status } = (await api.get({ ...shop, namespace }))!;
      return !status.conditions.some(({ type }: any) => type === "ReleaseFailed" || type === "Irreconcilable");
    });
  });

  it("serves metrics to those whom the scaffold's metrics-reader role allows it", async () => {
    const token = await readerToken();
    const status = (bearer?: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
        request(
          { port: metricsPort, host: "127.0.0.1", path: "/metrics", headers, rejectUnauthorized: false },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode!);
          },
        ).on("error", reject).end();
      });
    assert.equal(await status(), 401);
    await waitFor("the right", async () => await status(token) === 200);
  });

  it("uninstalls its sample", async () => {
    await api.delete({ ...shop, namespace });
    await waitFor("the sample's end", async () => await api.get({ ...shop, namespace }) === undefined);
    assert.equal(await deployment(), undefined);
    assert.deepEqual(await revisionsOf(api, namespace, "shop-sample"), []);
  });

  it("asks for nothing that the scaffold's RBAC does not grant, and complains of nothing", async () => {
    await sleep(1_000);
    const refused = cluster.requests({ user }).filter(({ status, requestURI }) =>
      status === 403 && !requestURI.includes("horizontalpodautoscalers")
    );
    assert.deepEqual(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
    const warnings = logOf(operator).filter(({ level, error, msg }) =>
      level !== "info" && !/horizontalpodautoscalers/.test(`${error} ${msg}`)
    );
    assert.deepEqual(warnings, []);
  });
});

/** A token of a service account with the role metrics-reader. */
async function readerToken(): Promise<string> {
  const name = user;
  const rbac = "rbac.authorization.k8s.io";
  await api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
  const role = read("config", "rbac", "metrics_reader_role.yaml");
  await api.create({ ...role, metadata: { name: `reader-${user}` } });
  await api.create({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: `reader-${user}` },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: `reader-${user}` },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const { status } = await api.request("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 600 },
  });
  return status.token;
}

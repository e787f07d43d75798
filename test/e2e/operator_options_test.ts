// The ways to run the operator: namespaces, selectors, overrides, replicas of it, and what a watch or a resource asks for.

import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, type KindOptions, makeKind } from "./kind.ts";
import { helmwrightCommand, type Operator, startOperator } from "./operator.ts";

const chart = { "templates/config.yaml": configMap };

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

const started: Array<() => Promise<void>> = [];
after(() => Promise.all(started.map((end) => end())));

async function make(options: Partial<KindOptions> = {}): Promise<Kind> {
  const kind = await makeKind(api, { chart, ...options });
  started.push(() => Promise.resolve(kind.close()));
  return kind;
}

async function start(kind: Kind, options: Parameters<typeof startOperator>[0] = {}): Promise<Operator> {
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...kind.run, ...options });
  started.push(operator.kill);
  return operator;
}

const config = (namespace: string, name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace,
  name: `${name}-config`,
});
describe("WATCH_NAMESPACE", () => {
  it("keeps the operator to its namespaces, where it repairs too", async () => {
    const kind = await make();
    const [one, two, other] = await Promise.all([1, 2, 3].map(() => api.createNamespace()));
    const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
    const user = `namespaced-${kind.group}`;
    await cluster.createUser(user, rules, { namespace: one });
    const kubeconfig = await cluster.createUser(user, rules, { namespace: two });
    await start(kind, { kubeconfig, env: { WATCH_NAMESPACE: `${one}, ${two},` } });
    for (const namespace of [one, two, other]) await kind.create(namespace, "web");
    for (const namespace of [one, two]) {
      await kind.waitForCondition(namespace, "web", "Deployed");
      await sleep(200);
      await api.patch(config(namespace, "web"), { data: { size: "x" } });
      await waitFor("the size", async () => (await api.get(config(namespace, "web")))?.data.size === "1");
    }
    assert.equal((await kind.get(other, "web"))!.metadata.finalizers, undefined);
  });
});

describe("a selector", () => {
  it("takes labelled resources only; one that loses the label is left alone and can be deleted", async () => {
    const kind = await make({ watch: "  selector:\n    matchLabels: {shard: a}\n" });
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "mine", {}, { labels: { shard: "a" } });
    await kind.create(namespace, "other", {}, { labels: { shard: "b" } });
    await kind.waitForCondition(namespace, "mine", "Deployed");
    assert.equal((await kind.get(namespace, "other"))!.metadata.finalizers, undefined);
    await kind.change(namespace, "other", { metadata: { labels: { shard: "a" } } });
    await kind.waitForCondition(namespace, "other", "Deployed");
    await kind.change(namespace, "other", { metadata: { labels: { shard: "b" } } });
    await waitFor(
      "the finalizer's end",
      async () => (await kind.get(namespace, "other"))?.metadata.finalizers === undefined,
    );
    assert.ok(await api.get(config(namespace, "other")));
    await kind.delete(namespace, "other");
    await kind.waitUntilGone(namespace, "other");
  });
});

describe("overrideValues", () => {
  it("win over the spec, with the environment and Sprig, and are told by events", async () => {
    const watch = "  overrideValues:\n    size: '{{ \"$SIZE\" | upper }}'\n";
    const kind = await make({ watch });
    const namespace = await api.createNamespace();
    const operator = await start(kind, { env: { SIZE: "large" }, args: ["--suppress-override-values"] });
    await kind.create(namespace, "web", { size: 3 });
    await kind.waitForCondition(namespace, "web", "Deployed");
    assert.equal((await api.get(config(namespace, "web")))!.data.size, "LARGE");
    const event = await waitFor("the event", async () => {
      const events = await api.list("v1", "Event", namespace);
      return events.find(({ reason }) => reason === "OverrideValuesInUse");
    });
    assert.equal(event.type, "Warning");
    assert.equal(event.message, `Chart value "size" overridden to "****" by operator's watches.yaml`);
    assert.ok(!operator.output().includes("LARGE"));
  });
});

describe("watchDependentResources: false", () => {
  it("leaves repairs to the reconcile period", async () => {
    const kind = await make({ watch: "  watchDependentResources: false\n  reconcilePeriod: 3s\n" });
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
    await api.patch(config(namespace, "web"), { data: { size: "x" } });
    await sleep(500);
    assert.equal((await api.get(config(namespace, "web")))!.data.size, "x");
    await waitFor("the size", async () => (await api.get(config(namespace, "web")))?.data.size === "1");
  });
});

describe("a cluster-scoped kind", () => {
  it("is installed, repaired and uninstalled too", async () => {
    const kind = await make({ scope: "Cluster" });
    await start(kind);
    const name = `cluster-${kind.group.slice(0, 8)}`;
    await kind.create(undefined, name);
    await kind.waitForCondition(undefined, name, "Deployed");
    await sleep(200);
    await api.delete(config("default", name));
    await waitFor("the object", () => api.get(config("default", name)));
    await kind.delete(undefined, name);
    await kind.waitUntilGone(undefined, name);
    assert.equal(await api.get(config("default", name)), undefined);
  });
});

describe("annotation uninstall-wait", () => {
  it("keeps the resource until the last object is gone", async () => {
    const finalized = configMap.replace("metadata:\n", "metadata:\n  finalizers: [example.com/held]\n");
    const kind = await make({ chart: { "templates/config.yaml": finalized } });
    const namespace = await api.createNamespace();
    await start(kind);
    const annotations = { "helm.sdk.operatorframework.io/uninstall-wait": "true" };
    await kind.create(namespace, "web", {}, { annotations });
    await kind.waitForCondition(namespace, "web", "Deployed");
    await kind.delete(namespace, "web");
    const waiting = await kind.waitForCondition(namespace, "web", "Deployed", ({ status }) => status === "False");
    assert.equal(waiting.message, "Waiting until all resources are deleted.");
    assert.ok((await kind.get(namespace, "web"))!.status.deployedRelease);
    await api.patch(config(namespace, "web"), { metadata: { finalizers: null } });
    await kind.waitUntilGone(namespace, "web");
  });
});

describe("--status-manifest", () => {
  it("none leaves the manifest out", async () => {
    const kind = await make();
    const namespace = await api.createNamespace();
    await start(kind, { args: ["--status-manifest=none"] });
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
    assert.deepEqual((await kind.get(namespace, "web"))!.status.deployedRelease, { name: "web" });
  });
});

describe("HELM_CHART", () => {
  it("with API_VERSION and KIND stands for a watches file", async () => {
    const kind = await make();
    const namespace = await api.createNamespace();
    const env = { API_VERSION: kind.apiVersion, KIND: "Probe", HELM_CHART: "chart" };
    await start(kind, { watches: undefined, env });
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
  });
});

describe("leader election", () => {
  it("lets one replica work, and another take over when it stops", async () => {
    const kind = await make();
    const namespace = await api.createNamespace();
    const args = ["--leader-elect", "--leader-election-id", "probe-lock", "--leader-election-namespace", namespace];
    const first = await start(kind, { args });
    await waitFor("the lease", () => first.output().includes("Successfully acquired lease"));
    const second = await start(kind, { args });
    await kind.create(namespace, "one");
    await kind.waitForCondition(namespace, "one", "Deployed");
    assert.match(await first.metrics(), /^leader_election_master_status\{name="probe-lock"\} 1$/m);
    assert.match(await second.metrics(), /^leader_election_master_status\{name="probe-lock"\} 0$/m);
    assert.ok(!second.output().includes("Installed release"));
    assert.equal(await first.stop(), 0);
    await kind.create(namespace, "two");
    await kind.waitForCondition(namespace, "two", "Deployed");
    assert.ok(second.output().includes("Installed release"));
  });
});

describe("a chart that changes on disk", () => {
  it("is used from the next reconcile on", async () => {
    const kind = await make();
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
    const changed = configMap.replace("\ndata:\n", '\ndata:\n  more: "yes"\n');
    kind.writeChart("templates/config.yaml", changed);
    await kind.change(namespace, "web", { metadata: { annotations: { touched: "1" } } });
    await waitFor("the new field", async () => (await api.get(config(namespace, "web")))?.data.more === "yes");
  });
});

describe("--metrics-secure --metrics-require-rbac", () => {
  it("serves metrics over TLS to those whom RBAC allows it", async () => {
    const kind = await make();
    const namespace = await api.createNamespace();
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const args = ["--metrics-secure", "--metrics-require-rbac", `--metrics-bind-address=127.0.0.1:${port}`];
    await start(kind, { command: (flags) => withoutMetrics([...helmwrightCommand(), "run", ...flags, ...args]) });
    const get = (token?: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const asked = request(
          { port, host: "127.0.0.1", path: "/metrics", headers, rejectUnauthorized: false },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode!);
          },
        );
        asked.on("error", reject).end();
      });
    const tokenOf = async (name: string) => {
      await api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const { status } = await api.request("POST", path, {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: 600 },
      });
      return status.token as string;
    };
    const [reader, stranger] = [await tokenOf("reader"), await tokenOf("stranger")];
    const name = `metrics-${kind.group}`;
    const rbac = "rbac.authorization.k8s.io";
    await api.create({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }],
    });
    await api.create({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "reader", namespace }],
    });
    assert.equal(await get(), 401);
    assert.equal(await get("nonsense"), 401);
    assert.equal(await get(stranger), 403);
    await waitFor("the right", async () => (await get(reader)) === 200);
  });
});

/** The command line without the metrics address that `startOperator` gives. */
function withoutMetrics([program, ...args]: [string, ...string[]]): [string, ...string[]] {
  const first = args.findIndex((arg) => arg.startsWith("--metrics-bind-address"));
  return [program, ...args.filter((_, index) => index !== first)];
}

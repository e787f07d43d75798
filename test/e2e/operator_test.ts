// The operator as a user runs it, on a real control plane: a custom resource's life, and the ways to run it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { helmwrightCommand, type Operator, type OperatorOptions } from "./operator.ts";
import { startFor } from "./started.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      containers: [{name: main, image: example.com/probe}]
`;
const secret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-secret
stringData:
  password: {{ .Values.password | default "hunter2" }}
`;
const chart = {
  "templates/config.yaml": configMap,
  "templates/deployment.yaml": deployment,
  "templates/secret.yaml": secret,
  "templates/NOTES.txt": "Size {{ .Values.size | default 1 }}.\n",
};

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

const start = (kind: Kind, options: OperatorOptions = {}): Promise<Operator> =>
  startFor(kind, { kubeconfig: cluster.kubeconfig, ...options });

const getConfig = (namespace: string, name: string) =>
  api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: `${name}-config` });
const getDeployment = (namespace: string, name: string) =>
  api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name });

describe("a custom resource", () => {
  let kind: Kind;
  let operator: Operator;
  let namespace: string;
  before(async () => {
    kind = await makeKind(api, { chart });
    namespace = await api.createNamespace();
    // A user of its own, to tell its requests from those of others.
    const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["get"] }];
    operator = await start(kind, { kubeconfig: await cluster.createUser(kind.group, rules) });
  });

  it("is installed, with the finalizer, conditions, the release and an event", async () => {
    await kind.create(namespace, "web", { size: 3 });
    const deployed = await kind.waitForCondition(namespace, "web", "Deployed");
    assert.equal(deployed.reason, "InstallSuccessful");
    assert.equal(deployed.message, "Size 3.\n");
    const { metadata, status } = (await kind.get(namespace, "web"))!;
    assert.deepEqual(metadata.finalizers, ["helm.sdk.operatorframework.io/uninstall-release"]);
    assert.deepEqual(status.conditions.map((each: { type: string }) => each.type), [
      "Initialized",
      "Deployed",
      "Ready",
    ]);
    assert.equal(status.deployedRelease.name, "web");
    assert.match(status.deployedRelease.manifest, /size: "3"/);
    const config = (await getConfig(namespace, "web"))!;
    assert.equal(config.data.size, "3");
    assert.equal(config.metadata.labels!["helm.sdk.operatorframework.io/chart"], "probe");
    assert.equal(config.metadata.ownerReferences![0].uid, metadata.uid);
    await waitFor("the event", async () => {
      const events = await api.list("v1", "Event", namespace);
      return events.some(({ reason, involvedObject }) => reason === "Installed" && involvedObject.name === "web");
    });
  });

  it("shows no Secret's value in its status and in the log", async () => {
    const { status } = (await kind.get(namespace, "web"))!;
    assert.match(status.deployedRelease.manifest, /password: '\*\*\*'|password: "\*\*\*"|password: \*\*\*/);
    assert.ok(!operator.output().includes("hunter2"));
  });

  it("costs nothing at rest, and a write to its status changes nothing", async () => {
    // It is at rest once the last of its objects is ready, which the status tells.
    await kind.waitForCondition(namespace, "web", "Ready");
    await sleep(1_000);
    await kind.change(namespace, "web", { metadata: { labels: { a: "b" } } });
    await api.patch({ apiVersion: kind.apiVersion, kind: "Probe", namespace, name: "web" }, {
      status: { note: "from elsewhere" },
    }, "status");
    const since = cluster.auditPosition();
    await sleep(5_000);
    const requests = cluster.requests({ user: kind.group, since }).filter(({ verb }) => verb !== "watch");
    assert.notDeepEqual(cluster.requests({ user: kind.group, userAgent: "helmwright/" }), []);
    assert.deepEqual(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
    assert.equal((await kind.get(namespace, "web"))!.status.note, "from elsewhere");
  });

  it("is upgraded when its spec changes", async () => {
    await kind.change(namespace, "web", { spec: { size: 4 } });
    const isUpgrade = (condition: { reason?: string }) => condition.reason === "UpgradeSuccessful";
    await kind.waitForCondition(namespace, "web", "Deployed", isUpgrade);
    assert.equal((await getConfig(namespace, "web"))!.data.size, "4");
  });

  it("gets back what is changed", async () => {
    await api.patch({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" }, { spec: { replicas: 5 } });
    await waitFor("the replicas", async () => (await getDeployment(namespace, "web"))?.spec.replicas === 1);
    const reference = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" };
    await api.patch(reference, { data: { size: "x", own: "kept" } });
    await waitFor("the size", async () => (await getConfig(namespace, "web"))?.data.size === "4");
    assert.equal((await getConfig(namespace, "web"))!.data.own, "kept");
    const label = "helm.sdk.operatorframework.io/chart";
    await api.patch(reference, { metadata: { labels: { [label]: null } } });
    await waitFor("the label", async () => (await getConfig(namespace, "web"))?.metadata.labels?.[label] === "probe");
  });

  it("gets back what is deleted, and no revision is made for it", async () => {
    const { uid } = (await getConfig(namespace, "web"))!.metadata;
    await api.delete({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" });
    await waitFor("the object", async () => {
      const found = await getConfig(namespace, "web");
      return found !== undefined && found.metadata.uid !== uid;
    });
    const secrets = await api.list("v1", "Secret", namespace, "owner=helm,name=web");
    assert.deepEqual(secrets.map(({ metadata }) => metadata.labels!.version).sort(), ["1", "2"]);
    const repaired =
      `helmwright_drift_repairs_total{controller="probe-controller",kind="ConfigMap",change="created"} 1`;
    await waitFor("the metric", async () => (await operator.metrics()).includes(repaired));
  });

  it("is uninstalled when it is deleted", async () => {
    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web");
    assert.equal(await getConfig(namespace, "web"), undefined);
    assert.deepEqual(await api.list("v1", "Secret", namespace, "owner=helm"), []);
    for (const message of ["Installed release", "Upgraded release", "Uninstalled release", "Removing finalizer"]) {
      assert.ok(operator.output().includes(`"msg":"${message}"`), message);
    }
  });

  it("has metrics under the usual names", async () => {
    const metrics = await operator.metrics();
    const [program, ...args] = helmwrightCommand();
    const told = execFileSync(program, [...args, "version", "--output", "json"], { encoding: "utf8" });
    const { version, commit } = JSON.parse(told);
    assert.ok(metrics.includes(`\nhelm_operator_build_info{version="${version}",commit="${commit}"} 1\n`), metrics);
    assert.match(
      metrics,
      /^controller_runtime_reconcile_total\{controller="probe-controller",result="success"\} [1-9]/m,
    );
    assert.match(metrics, /^rest_client_requests_total\{.*code="200".*\} [1-9]/m);
    assert.ok(!metrics.includes('resource_created_at_seconds{name="web"'), metrics);
  });

  it("ends at once on SIGTERM when there is nothing to do", async () => {
    const began = Date.now();
    assert.equal(await operator.stop(), 0);
    assert.ok(Date.now() - began < 3_000, `${Date.now() - began} ms`);
    assert.match(operator.output(), /"msg":"Stopped"/);
  });
});

describe("an operator that is started again", () => {
  it("repairs what changed meanwhile, makes no revision, and uninstalls what was deleted", async () => {
    const kind = await makeKind(api, { chart });
    const namespace = await api.createNamespace();
    const first = await start(kind);
    await kind.create(namespace, "kept");
    await kind.create(namespace, "doomed");
    await kind.waitForCondition(namespace, "kept", "Deployed");
    await kind.waitForCondition(namespace, "doomed", "Deployed");
    await first.kill();
    await api.delete({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "kept-config" });
    await kind.delete(namespace, "doomed");
    await start(kind);
    await kind.waitUntilGone(namespace, "doomed");
    await waitFor("the object", () => getConfig(namespace, "kept"));
    const secrets = await api.list("v1", "Secret", namespace, "owner=helm");
    assert.deepEqual(secrets.map(({ metadata }) => metadata.name), ["sh.helm.release.v1.kept.v1"]);
  });

  it("goes on with an install in which it was killed", async () => {
    const kind = await makeKind(api, { chart: { ...chart, "templates/hook.yaml": stuckHook } });
    const namespace = await api.createNamespace();
    const first = await start(kind);
    await kind.create(namespace, "web");
    const job = { apiVersion: "batch/v1", kind: "Job", namespace, name: "web-hook" };
    await waitFor("the hook", () => api.get(job));
    await first.kill();
    await start(kind);
    await sleep(1_000);
    assert.equal(await kind.condition(namespace, "web", "Deployed"), undefined);
    // The pod never ends by itself: the Job is finished by hand.
    await finish(job);
    await kind.waitForCondition(namespace, "web", "Deployed");
    assert.ok(await getConfig(namespace, "web"));
  });
});

const stuckHook = `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {helm.sh/hook: pre-install}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/hook}]
`;

/** Lets a suspended Job run; its pod succeeds at once. */
const finish = (job: Parameters<Api["patch"]>[0]) => api.patch(job, { spec: { suspend: false } });

describe("while a hook runs", () => {
  it("a deleted resource is uninstalled without waiting for the hook", async () => {
    const kind = await makeKind(api, { chart: { ...chart, "templates/hook.yaml": stuckHook } });
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "web");
    await waitFor("the hook", () => api.get({ apiVersion: "batch/v1", kind: "Job", namespace, name: "web-hook" }));
    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web", { timeoutMs: 15_000 });
    assert.deepEqual(await api.list("v1", "Secret", namespace, "owner=helm"), []);
  });

  it("SIGTERM ends the operator within 10 s, and nothing is lost", async () => {
    const kind = await makeKind(api, { chart: { ...chart, "templates/hook.yaml": stuckHook } });
    const namespace = await api.createNamespace();
    const first = await start(kind);
    await kind.create(namespace, "web");
    const job = { apiVersion: "batch/v1", kind: "Job", namespace, name: "web-hook" };
    await waitFor("the hook", () => api.get(job));
    const began = Date.now();
    assert.equal(await first.stop(), 0);
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    await start(kind);
    await finish(job);
    await kind.waitForCondition(namespace, "web", "Deployed");
  });
});

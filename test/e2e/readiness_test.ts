// What a custom resource's status says of how ready its release is, as docs/readiness.md tells it.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, type KubeObject, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { type Operator, type OperatorOptions } from "./operator.ts";
import { failProbe } from "./probe.ts";
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
      annotations: {helmwright.test/outcome: {{ .Values.outcome | default "" | quote }}}
    spec:
      containers: [{name: main, image: example.com/probe}]
`;
const chart = { "templates/config.yaml": configMap, "templates/deployment.yaml": deployment };

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

const start = (kind: Kind, options: OperatorOptions = {}): Promise<Operator> =>
  startFor(kind, { kubeconfig: cluster.kubeconfig, ...options });

/** What `kubectl wait --for=condition=Ready` holds for: the condition, of the present generation. */
async function isReady(kind: Kind, namespace: string, name: string): Promise<KubeObject | undefined> {
  const cr = (await kind.get(namespace, name))!;
  const ready = cr.status?.conditions?.find((each: { type: string }) => each.type === "Ready");
  const isCurrent = (cr.status?.observedGeneration ?? 0) >= cr.metadata.generation!;
  return ready?.status === "True" && isCurrent ? cr : undefined;
}

describe("a custom resource's status", () => {
  let kind: Kind;
  let namespace: string;
  let user: string;
  before(async () => {
    kind = await makeKind(api, { chart });
    namespace = await api.createNamespace();
    user = kind.group;
    const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["get"] }];
    await start(kind, { kubeconfig: await cluster.createUser(user, rules) });
  });
  const waitUntilReady = (name: string) =>
    waitFor(`${name} to be ready`, () => isReady(kind, namespace, name), { intervalMs: 20 });
  const getDeployment = (name: string) => api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name });
  const statusWrites = (since: ReturnType<SharedControlPlane["auditPosition"]>, name: string) =>
    cluster.requests({ user, since }).filter(({ verb, requestURI }) =>
      verb === "patch" && requestURI.includes(`/${name}/status`)
    );

  it("says Ready when every object is, and lists what the release consists of", async () => {
    const since = cluster.auditPosition();
    await kind.create(namespace, "web", { replicas: 3 });
    const { status } = await waitUntilReady("web");
    assert.equal((await getDeployment("web"))!.status.availableReplicas, 3);
    const ready = status.conditions.find((each: { type: string }) => each.type === "Ready");
    assert.equal(ready.reason, "ResourcesReady");
    assert.equal(ready.message, "2 of 2 objects are ready");
    assert.deepEqual(status.resources, [
      { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config", status: "Current" },
      { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web", status: "Current" },
    ]);
    await sleep(500);
    const writes = statusWrites(since, "web").length;
    assert.ok(writes <= 4, `${writes} writes`);
  });

  it("costs nothing at rest", async () => {
    await sleep(3_000);
    const since = cluster.auditPosition();
    await sleep(5_000);
    const requests = cluster.requests({ user, since }).filter(({ verb }) => verb !== "watch");
    assert.deepEqual(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
  });

  it("is never Ready for a generation whose release is not", async () => {
    const { metadata } = await kind.change(namespace, "web", { spec: { outcome: "never-ready" } });
    const condition = await waitFor("the generation to be observed", async () => {
      assert.equal(await isReady(kind, namespace, "web"), undefined);
      const { status } = (await kind.get(namespace, "web"))!;
      return status.observedGeneration === metadata.generation &&
        status.conditions.find((each: { type: string }) => each.type === "Ready");
    }, { intervalMs: 20 });
    assert.equal(condition.status, "False");
    assert.match(condition.message, /^Deployment web: /);
    await kind.change(namespace, "web", { spec: { outcome: null } });
    await waitUntilReady("web");
  });

  const troubles: Array<[string, RegExp]> = [
    [
      "image-missing",
      /^Deployment .*: .*; container main waits: ImagePullBackOff \(Back-off pulling image example.com\/probe\)/,
    ],
    ["crash-loop", /container main waits: CrashLoopBackOff \(back-off 40s restarting failed container\)/],
    ["never-ready", /; containers with unready status$/],
  ];
  for (const [outcome, words] of troubles) {
    it(`says what holds the pods up: ${outcome}`, async () => {
      await kind.create(namespace, outcome, { outcome });
      const condition = await kind.waitForCondition(
        namespace,
        outcome,
        "Ready",
        ({ status, message }) => status === "False" && words.test(message!),
      );
      assert.equal(condition.reason, "ResourceProgressing");
      const { status } = (await kind.get(namespace, outcome))!;
      assert.equal(status.resources[0].status, "Current");
      assert.equal(status.resources[1].status, "InProgress");
      assert.match(status.resources[1].message, words.source.startsWith("^") ? /ImagePullBackOff/ : words);
      await kind.delete(namespace, outcome);
    });
  }

  it("says what a probe says", async () => {
    await kind.create(namespace, "probed", { outcome: "never-ready" });
    await failProbe(api, namespace, "app=probed", "HTTP probe failed with statuscode: 500");
    const words = /; containers with unready status: Readiness probe failed: HTTP probe failed with statuscode: 500$/;
    const isTold = ({ message }: { message?: string }) => words.test(message!);
    await kind.waitForCondition(namespace, "probed", "Ready", isTold, { timeoutMs: 60_000 });
    await kind.delete(namespace, "probed");
  });

  it("says Ready no longer when an object stops being so, in few writes", async () => {
    const since = cluster.auditPosition();
    const pods = await api.list("v1", "Pod", namespace, "app=web");
    for (const { metadata } of pods) {
      await api.patch({ apiVersion: "v1", kind: "Pod", namespace, name: metadata.name }, {
        status: { conditions: [{ type: "Ready", status: "False", reason: "Broken", message: "the disk is full" }] },
      }, "status");
    }
    const condition = await kind.waitForCondition(namespace, "web", "Ready", ({ status }) => status === "False");
    assert.match(condition.message!, /^Deployment web: Available: [012]\/3/);
    const writes = statusWrites(since, "web").length;
    assert.ok(writes <= 3, `${writes} writes`);
    for (const { metadata } of pods) {
      await api.delete({ apiVersion: "v1", kind: "Pod", namespace, name: metadata.name });
    }
    await waitUntilReady("web");
  });

  it("says why a release is not deployed", async () => {
    await kind.change(namespace, "web", { spec: { replicas: "many" } });
    const condition = await kind.waitForCondition(
      namespace,
      "web",
      "Ready",
      ({ reason }) => reason === "UpgradeError",
    );
    assert.equal(condition.status, "False");
    const { metadata, status } = (await kind.get(namespace, "web"))!;
    assert.equal(status.observedGeneration, metadata.generation);
  });
});

describe("a workload whose pods may not be made", () => {
  it("says what refuses them", async () => {
    const statefulSet = deployment.replace("kind: Deployment", "kind: StatefulSet")
      .replace("spec:\n", "spec:\n  serviceName: web\n");
    const kind = await makeKind(api, { chart: { "templates/all.yaml": statefulSet } });
    const namespace = await api.createNamespace();
    const metadata = { name: "none", namespace };
    await api.create({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard: { pods: "0" } } });
    await sleep(1_000);
    await start(kind);
    await kind.create(namespace, "web");
    const refused = /^StatefulSet web: Replicas: 0\/1; .*pods "web-0" is forbidden: exceeded quota: none/;
    await kind.waitForCondition(namespace, "web", "Ready", ({ message }) => refused.test(message!));
  });
});

describe("a status without readiness", () => {
  const own = ["observedGeneration", "resources", "resourcesOmitted"];
  it("is operator-sdk's, by a flag", async () => {
    const kind = await makeKind(api, { chart });
    const namespace = await api.createNamespace();
    const first = await start(kind);
    await kind.create(namespace, "web");
    await waitFor("it to be ready", () => isReady(kind, namespace, "web"));
    await first.stop();
    await start(kind, { args: ["--status-readiness=false"] });
    await kind.waitForNoCondition(namespace, "web", "Ready");
    const { status } = (await kind.get(namespace, "web"))!;
    assert.deepEqual(status.conditions.map((each: { type: string }) => each.type), ["Initialized", "Deployed"]);
    assert.deepEqual(own.filter((field) => field in status), []);
  });

  it("is operator-sdk's, by the watch", async () => {
    const kind = await makeKind(api, { chart, watch: "  statusReadiness: false\n" });
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
    const { status } = (await kind.get(namespace, "web"))!;
    assert.deepEqual(Object.keys(status).sort(), ["conditions", "deployedRelease"]);
  });
});

describe("a watch whose dependents are not watched", () => {
  it("says that it does not know more than at its last action", async () => {
    const kind = await makeKind(api, { chart, watch: "  watchDependentResources: false\n" });
    const namespace = await api.createNamespace();
    await start(kind);
    await kind.create(namespace, "web");
    const condition = await kind.waitForCondition(namespace, "web", "Ready", ({ reason }) => reason === "NotWatched");
    assert.equal(condition.status, "Unknown");
    assert.match(condition.message!, /^Deployment web: .*watchDependentResources: false/);
  });
});

describe("a cluster-scoped custom resource", () => {
  it("is Ready when its objects in the release's namespace are", async () => {
    const kind = await makeKind(api, { chart: { "templates/config.yaml": configMap }, scope: "Cluster" });
    await start(kind);
    const name = `wide-${kind.group.slice(0, 9)}`;
    await kind.create(undefined, name);
    await kind.waitForCondition(undefined, name, "Ready");
    const { status } = (await kind.get(undefined, name))!;
    assert.deepEqual(status.resources, [
      { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: `${name}-config`, status: "Current" },
    ]);
    const config = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: `${name}-config` };
    const { uid } = (await api.get(config))!.metadata;
    await api.delete(config);
    await waitFor("the repair", async () => {
      const found = await api.get(config);
      return found !== undefined && found.metadata.uid !== uid;
    });
    await kind.waitForCondition(undefined, name, "Ready");
    await kind.delete(undefined, name);
    await kind.waitUntilGone(undefined, name);
  });
});

// Drift on the user's terms, as docs/drift.md tells it.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { type Kind, makeKind } from "./kind.ts";
import type { Operator } from "./operator.ts";
import { startFor } from "./started.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: 1
  revisionHistoryLimit: {{ .Values.keep | default 2 }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      containers: [{name: main, image: example.com/probe}]
`;
const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
  annotations: {{ .Values.annotations | default dict | toJson }}
data:
  size: {{ .Values.size | default 1 | quote }}
  colour: {{ .Values.colour | default "red" }}
`;
const chart = { "templates/config.yaml": config, "templates/deployment.yaml": deployment };

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

interface Setting {
  readonly kind: Kind;
  readonly namespace: string;
  readonly operator: Operator;
}

/** An operator whose watch has these lines; it has a user of its own, named as the kind's group. */
async function start(watch = ""): Promise<Setting> {
  const kind = await makeKind(api, { chart, watch });
  const namespace = await api.createNamespace();
  const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["get"] }];
  const operator = await startFor(kind, { kubeconfig: await cluster.createUser(kind.group, rules) });
  return { kind, namespace, operator };
}

const reference = (namespace: string, name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace,
  name: `${name}-config`,
});
const data = async (namespace: string, name: string) => (await api.get(reference(namespace, name)))?.data;
const edit = (namespace: string, name: string, change: object) =>
  api.patch(reference(namespace, name), { data: change });
const eventsOf = async (namespace: string, reason: string) =>
  (await api.list("v1", "Event", namespace)).filter((event) => event.reason === reason).map(({ message }) => message);

/** The writes that an operator made to objects of releases. */
function writes({ kind }: Setting, since: ReturnType<SharedControlPlane["auditPosition"]>) {
  return cluster.requests({ user: kind.group, since })
    .filter(({ verb, requestURI }) => verb !== "watch" && verb !== "get" && /configmaps|deployments/.test(requestURI))
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

describe("drift that is repaired", () => {
  let setting: Setting;
  before(async () => {
    setting = await start();
    await setting.kind.create(setting.namespace, "web");
    await setting.kind.waitForCondition(setting.namespace, "web", "Ready");
  });

  it("is told with its fields, by an event and a metric", async () => {
    const { namespace, operator } = setting;
    await edit(namespace, "web", { size: "x", own: "kept" });
    await waitFor("the repair", async () => (await data(namespace, "web"))?.size === "1");
    assert.equal((await data(namespace, "web")).own, "kept");
    const text = `put back /data/size of v1/ConfigMap ${namespace}/web-config`;
    await waitFor("the event", async () => (await eventsOf(namespace, "DriftRepaired")).includes(text));
    const metric = 'helmwright_drift_repairs_total{controller="probe-controller",kind="ConfigMap",change="patched"} 1';
    assert.ok((await operator.metrics()).includes(metric));
  });

  it("is not what another manager took by a forced apply, also in an upgrade", async () => {
    const { kind, namespace } = setting;
    const { apiVersion, kind: type } = reference(namespace, "web");
    await api.apply({ apiVersion, kind: type, metadata: { name: "web-config", namespace }, data: { colour: "blue" } });
    const since = cluster.auditPosition();
    await sleep(1_500);
    assert.deepEqual(writes(setting, since), []);
    await edit(namespace, "web", { size: "x" });
    await waitFor("the repair", async () => (await data(namespace, "web"))?.size === "1");
    await kind.change(namespace, "web", { spec: { size: 5, colour: "green" } });
    await waitFor("the upgrade", async () => (await data(namespace, "web"))?.size === "5");
    assert.equal((await data(namespace, "web")).colour, "blue");
  });

  it("is not the replicas that an autoscaler has set", async () => {
    const { namespace } = setting;
    const target = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" };
    await api.patch(target, { spec: { replicas: 3 } }, "scale");
    await waitFor("the repair", async () => (await api.get(target))?.spec.replicas === 1);
    await api.create({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace },
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 5 },
    });
    const since = cluster.auditPosition();
    await api.patch(target, { spec: { replicas: 4 } }, "scale");
    await sleep(1_500);
    assert.equal((await api.get(target))!.spec.replicas, 4);
    assert.deepEqual(writes(setting, since), []);
    // When the autoscaler is gone, who scales drifts again, though the release owns the field no more.
    await api.delete({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", namespace, name: "web" });
    await api.patch(target, { spec: { replicas: 5 } }, "scale");
    await waitFor("the repair", async () => (await api.get(target))?.spec.replicas === 1);
  });

  it("is a field that another manager was granted and gave up", async () => {
    const { namespace } = setting;
    const target = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" };
    const { apiVersion, kind: type } = target;
    const granted = { apiVersion, kind: type, metadata: { name: "web", namespace } };
    await api.apply({ ...granted, spec: { replicas: 4 } });
    await sleep(1_500);
    assert.equal((await api.get(target))!.spec.replicas, 4);
    await api.apply(granted);
    await api.patch(target, { spec: { replicas: 6 } }, "scale");
    await waitFor("the repair", async () => (await api.get(target))?.spec.replicas === 1);
  });

  it("costs nothing at rest", async () => {
    await sleep(3_000);
    const since = cluster.auditPosition();
    await sleep(4_000);
    const requests = cluster.requests({ user: setting.kind.group, since }).filter(({ verb }) => verb !== "watch");
    assert.deepEqual(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
  });
});

describe("drift that is only told of", () => {
  let setting: Setting;
  before(async () => {
    setting = await start("  drift:\n    mode: warn\n");
    await setting.kind.create(setting.namespace, "web");
    await setting.kind.waitForCondition(setting.namespace, "web", "Ready");
  });

  it("is in a condition, an event and a metric, and stays", async () => {
    const { kind, namespace, operator } = setting;
    const since = cluster.auditPosition();
    await edit(namespace, "web", { size: "x" });
    const { message } = await kind.waitForCondition(namespace, "web", "Drifted");
    assert.equal(message, `v1/ConfigMap ${namespace}/web-config differs in /data/size`);
    await waitFor("the event", async () => (await eventsOf(namespace, "DriftDetected")).includes(message!));
    const metric = 'helmwright_drift_detected_total{controller="probe-controller",kind="ConfigMap",change="patched"} 1';
    assert.ok((await operator.metrics()).includes(metric));
    assert.equal((await data(namespace, "web")).size, "x");
    assert.ok(writes(setting, since).every((each) => each.includes("dryRun=All")));
  });

  it("goes when the object is as it was", async () => {
    const { kind, namespace } = setting;
    await edit(namespace, "web", { size: "1" });
    await kind.waitForNoCondition(namespace, "web", "Drifted");
  });

  it("may be a deletion", async () => {
    const { kind, namespace } = setting;
    await api.delete(reference(namespace, "web"));
    await kind.waitForCondition(
      namespace,
      "web",
      "Drifted",
      ({ message }) => /web-config is not there$/.test(message!),
    );
    await kind.waitForCondition(namespace, "web", "Ready", ({ reason }) => reason === "ResourceMissing");
  });

  it("is repaired where the custom resource says so", async () => {
    const { kind, namespace } = setting;
    await kind.change(namespace, "web", { metadata: { annotations: { "helmwright.dev/drift": "repair" } } });
    await kind.waitForNoCondition(namespace, "web", "Drifted");
    assert.equal((await data(namespace, "web")).size, "1");
  });

  it("is not looked at where the object says so", async () => {
    const { kind, namespace } = setting;
    await kind.create(namespace, "free", { annotations: { "helmwright.dev/drift": "off" } });
    await kind.waitForCondition(namespace, "free", "Ready");
    const since = cluster.auditPosition();
    await edit(namespace, "free", { size: "x" });
    await sleep(1_500);
    assert.deepEqual(writes(setting, since), []);
    assert.equal(await kind.condition(namespace, "free", "Drifted"), undefined);
  });
});

describe("fields to leave alone", () => {
  let setting: Setting;
  before(async () => {
    setting = await start(`  drift:
    ignore:
      - target: {kind: ConfigMap}
        paths: [/data/size]
`);
  });

  it("are named by the watch; an upgrade leaves them alone too", async () => {
    const { kind, namespace } = setting;
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Ready");
    await edit(namespace, "web", { size: "x", colour: "x" });
    await waitFor("the repair", async () => (await data(namespace, "web"))?.colour === "red");
    await kind.change(namespace, "web", { spec: { size: 7, colour: "green" } });
    await waitFor("the upgrade", async () => (await data(namespace, "web"))?.colour === "green");
    assert.equal((await data(namespace, "web")).size, "x");
    const { metadata } = (await api.get(reference(namespace, "web")))!;
    assert.equal(metadata.annotations!["meta.helm.sh/release-name"], "web");
  });

  it("keep what the release set when nobody has changed them", async () => {
    const { kind, namespace } = setting;
    await kind.create(namespace, "quiet");
    await kind.waitForCondition(namespace, "quiet", "Ready");
    await kind.change(namespace, "quiet", { spec: { size: 7, colour: "green" } });
    await waitFor("the upgrade", async () => (await data(namespace, "quiet"))?.colour === "green");
    assert.equal((await data(namespace, "quiet")).size, "1");
  });

  it("are named by the custom resource and by the object", async () => {
    const { kind, namespace } = setting;
    const annotations = { "helmwright.dev/drift-ignore": "Deployment/both:/spec/revisionHistoryLimit" };
    const own = { annotations: { "helmwright.dev/drift-ignore": "/data/colour" } };
    await kind.create(namespace, "both", own, { annotations });
    await kind.waitForCondition(namespace, "both", "Ready");
    const target = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "both" };
    const since = cluster.auditPosition();
    await api.patch(target, { spec: { revisionHistoryLimit: 9 } });
    await edit(namespace, "both", { colour: "x" });
    await sleep(1_500);
    assert.equal((await api.get(target))!.spec.revisionHistoryLimit, 9);
    assert.deepEqual(await data(namespace, "both"), { size: "1", colour: "x" });
    assert.deepEqual(writes(setting, since), []);
  });
});

describe("a release that is merged on the client's side", () => {
  it("leaves fields alone as well, in repairs and upgrades", async () => {
    const lines = "  serverSideApply: false\n  drift:\n    ignore:\n      - paths: [/data/size]\n";
    const { kind, namespace } = await start(lines);
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Ready");
    await edit(namespace, "web", { size: "x", colour: "x" });
    await waitFor("the repair", async () => (await data(namespace, "web"))?.colour === "red");
    await kind.change(namespace, "web", { spec: { size: 7, colour: "green" } });
    await waitFor("the upgrade", async () => (await data(namespace, "web"))?.colour === "green");
    assert.equal((await data(namespace, "web")).size, "x");
  });
});

describe("drift of a custom resource that says off", () => {
  it("is neither repaired nor told of", async () => {
    const setting = await start();
    const { kind, namespace } = setting;
    await kind.create(namespace, "web", {}, { annotations: { "helmwright.dev/drift": "off" } });
    await kind.waitForCondition(namespace, "web", "Ready");
    const since = cluster.auditPosition();
    await edit(namespace, "web", { size: "x" });
    await sleep(1_500);
    assert.deepEqual(writes(setting, since), []);
    assert.equal(await kind.condition(namespace, "web", "Drifted"), undefined);
    await kind.change(namespace, "web", { spec: { colour: "green" } });
    await waitFor("the upgrade", async () => (await data(namespace, "web"))?.size === "1");
  });
});

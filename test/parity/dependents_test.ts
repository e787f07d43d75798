// Statements 42 to 45: how objects name their owner, and which of their changes make a reconcile.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadContext } from "../../src/cli/override-templates.ts";
import { decodeWatches } from "../../src/watches/decode.ts";
import { type KubeObject, waitFor } from "../cluster/api.ts";
import { configMap } from "../e2e/kind.ts";
import { chartLabel, configMapWith, configOf, type Project, startProject } from "./setup.ts";

const named = (name: string, metadata = "") => configMapWith("a: b", { name, metadata });
const list = `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}-item-1"}, data: {a: b}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}-item-2"}, data: {a: b}}
`;
const kinds = {
  objects: {
    chart: {
      "templates/config.yaml": configMap,
      "templates/elsewhere.yaml": named("elsewhere", "namespace: {{ .Values.elsewhere }}"),
      "templates/explicit.yaml": named("explicit", "namespace: {{ .Release.Namespace }}"),
      "templates/kept.yaml": named("kept", "annotations: {helm.sh/resource-policy: keep}"),
      "templates/hook.yaml": named("hook", "annotations: {helm.sh/hook: post-install}"),
      "templates/list.yaml": list,
      "templates/role.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}-{{ .Release.Name }}"}
rules: []
`,
      "templates/service.yaml": `apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: 80}]}
`,
    },
  },
} as const;

let project: Project<keyof typeof kinds>;
let elsewhere: string;
let cr: KubeObject;
before(async () => {
  project = await startProject(kinds);
  const { api, kinds: { objects }, namespace } = project;
  elsewhere = await api.createNamespace("parity");
  await objects.create(namespace, "web", { elsewhere });
  await objects.waitForCondition(namespace, "web", "Deployed");
  cr = (await objects.get(namespace, "web"))!;
});
after(() => project?.close());

const config = (name: string, namespace = project.namespace) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace,
  name: `web-${name}`,
});
const metadata = async (reference: ReturnType<typeof config>) => (await project.api.get(reference))!.metadata;

test("S42 every object has the chart's label; those in the resource's namespace have it as their controller", async () => {
  for (const name of ["config", "explicit", "hook", "item-1", "item-2"]) {
    const { labels, ownerReferences } = await metadata(config(name));
    assert.equal(labels![chartLabel], "probe", name);
    const { apiVersion, kind } = cr;
    const { uid } = cr.metadata;
    const owner = { apiVersion, kind, name: "web", uid, controller: true, blockOwnerDeletion: true };
    assert.deepEqual(ownerReferences, [owner], name);
  }
});

test("S42 those in other namespaces, without one, or to be kept name it in annotations", async () => {
  const { namespace, kinds: { objects } } = project;
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: `${namespace}-web` };
  for (const reference of [config("elsewhere", elsewhere), config("kept"), role as ReturnType<typeof config>]) {
    const { labels, annotations, ownerReferences } = await metadata(reference);
    assert.equal(labels![chartLabel], "probe", reference.name);
    assert.equal(ownerReferences, undefined, reference.name);
    assert.equal(annotations!["operator-sdk/primary-resource"], `${namespace}/web`, reference.name);
    assert.equal(annotations!["operator-sdk/primary-resource-type"], `Probe.${objects.group}`, reference.name);
  }
});

test("S43 creations and changes of the status alone make no reconcile; deletions and other changes do", async () => {
  const { api, namespace, kinds: { objects } } = project;
  await project.reconcileAgain(objects, "web");
  const reconciles = () =>
    project.log().filter(({ msg, name }) => msg === "Reconciled release" && name === "web").length;
  const before = reconciles();
  const service = { apiVersion: "v1", kind: "Service", namespace, name: "web" };
  await api.patch(service, {
    status: {
      conditions: [{
        type: "Probed",
        status: "True",
        reason: "Test",
        message: "",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      }],
    },
  }, "status");
  const labels = { [chartLabel]: "probe" };
  await api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "stranger", namespace, labels } });
  await sleep(1_500);
  assert.equal(reconciles(), before);
  await api.delete(config("item-2"));
  await waitFor("the item of the list", () => api.get(config("item-2")));
  await api.patch(config("item-1"), { data: { a: "x" } });
  await waitFor("the item's data", async () => (await api.get(config("item-1")))!.data.a === "b");
});

test("S44 deletions are noticed at once, with a namespace in the manifest and without, anywhere", async () => {
  for (const reference of [config("config"), config("explicit"), config("elsewhere", elsewhere), config("kept")]) {
    const { uid } = await metadata(reference);
    await project.api.delete(reference);
    await waitFor(`${reference.name} again`, async () => {
      const found = await project.api.get(reference);
      return found !== undefined && found.metadata.uid !== uid;
    });
  }
});

test("S45 of two watches on one kind in two versions one works on the resources, or both are refused", () => {
  const decode = (chart: string) =>
    decodeWatches(
      `- {group: a.example.com, version: v1, kind: A, chart: a}\n` +
        `- {group: a.example.com, version: v2, kind: A, chart: ${chart}}\n`,
      "watches.yaml",
      { ...loadContext({}, false), chartProblem: () => null },
    );
  const { watches, warnings } = decode("a");
  assert.deepEqual(watches.map(({ version }) => version), ["v1"]);
  assert.match(warnings[0].text, /Kind=A is left out: entry 1 works on the same resources/);
  assert.throws(() => decode("b"), /cannot have a chart of its own: entry 1 works on the same resources/);
});

test("S55 what another namespace has of a release, and what has no namespace, goes with it; what is kept stays", async () => {
  const { api, namespace, kinds: { objects } } = project;
  await objects.delete(namespace, "web");
  await objects.waitUntilGone(namespace, "web");
  assert.equal(await api.get(config("elsewhere", elsewhere)), undefined);
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: `${namespace}-web` };
  assert.equal(await api.get(role), undefined);
  assert.equal(await api.get(configOf(namespace, "web")), undefined);
  assert.ok(await api.get(config("kept")));
});

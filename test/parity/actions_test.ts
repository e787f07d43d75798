// Statements 27 to 41: install, upgrade, rollback, repair, hooks, the finalizer and uninstall.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../cluster/api.ts";
import { answer } from "../cluster/faults.ts";
import { type FaultProxy, startFaultProxy } from "../cluster/proxy.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "../e2e/kind.ts";
import { startOperator } from "../e2e/operator.ts";
import {
  annotation,
  chartLabel,
  configMapWith,
  configOf,
  type Project,
  revisionsOf,
  startProject,
  uninstallFinalizer,
  waitForEvent,
} from "./setup.ts";

/** Applied after the ConfigMap, and refused by the API server when the value `bad` is set. */
const refusable = `apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}-service"}
spec: {ports: [{port: {{ ternary 99999 80 (.Values.bad | default false) }}}]}
`;
const hook = (events: string, more: string, pod = "") =>
  `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {helm.sh/hook: "${events}"}
spec:
  ${more}
  template:
    metadata: {annotations: {${pod}}}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/hook}]
`;
const kinds = {
  plain: { chart: { "templates/config.yaml": configMap } },
  immutable: { chart: { "templates/config.yaml": `${configMap}immutable: true\n` } },
  refused: { chart: { "templates/config.yaml": configMap, "templates/service.yaml": refusable } },
  stuck: {
    chart: {
      "templates/config.yaml": configMap,
      "templates/hook.yaml": hook("pre-install", "suspend: {{ .Values.stuck | default false }}"),
    },
  },
  held: {
    chart: {
      "templates/config.yaml": configMap.replace("metadata:\n", "metadata:\n  finalizers: [example.com/held]\n"),
    },
  },
  clinging: {
    chart: {
      "templates/config.yaml": configMap,
      "templates/hook.yaml": hook("pre-delete", "backoffLimit: 0", "helmwright.test/outcome: fail"),
    },
  },
  selected: { chart: { "templates/config.yaml": configMap }, watch: "  selector: {matchLabels: {shard: a}}\n" },
  wide: { chart: { "templates/config.yaml": configMap }, scope: "Cluster" },
} as const;

let proxy: FaultProxy;
let project: Project<keyof typeof kinds>;
/** A kind that nobody watches, for objects of charts. */
let custom: Kind;
/** A chart with such an object, and with the kind's CRD in crds/. */
let customized: Project<"customized">;
before(async () => {
  const cluster = await sharedControlPlane();
  custom = await makeKind(cluster.api, { chart: {}, withoutDefinition: true });
  const object = configMapWith("a: b").replace("v1", custom.apiVersion).replace("ConfigMap", "Probe")
    .replace("data:\n  a: b", "spec: {size: {{ .Values.size | default 1 }}, kept: chart}");
  const chart = { "crds/probes.yaml": JSON.stringify(custom.definition), "templates/custom.yaml": object };
  customized = await startProject({ customized: { chart } });
  proxy = await startFaultProxy(cluster);
  project = await startProject(kinds, { kubeconfig: proxy.kubeconfig });
});
after(async () => {
  await Promise.all([project?.close(), customized?.close()]);
  custom?.close();
  await proxy?.stop();
});

const config = async (name: string) => await project.api.get(configOf(project.namespace, name));
const size = async (name: string) => (await config(name))?.data.size;
const deploy = async (kind: Kind, name: string, spec: object = {}, metadata: object = {}) => {
  await kind.create(project.namespace, name, spec, metadata);
  return await kind.waitForCondition(project.namespace, name, "Deployed");
};
const isUpgrade = ({ reason }: { reason?: string }) => reason === "UpgradeSuccessful";
const job = (name: string) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  namespace: project.namespace,
  name: `${name}-hook`,
});

test("S27 upgrade-force makes objects anew that cannot be changed; what is no boolean counts as false and is told", async () => {
  const { kinds: { immutable }, api, namespace } = project;
  await deploy(immutable, "s27", { size: 1 }, { annotations: { [annotation("upgrade-force")]: "perhaps" } });
  const event = await waitForEvent(api, namespace, "s27", "InvalidAnnotation");
  assert.match(event.message, /upgrade-force.*perhaps/);
  await immutable.change(namespace, "s27", { spec: { size: 2 } });
  await immutable.waitForCondition(namespace, "s27", "ReleaseFailed");
  assert.equal(await size("s27"), "1");
  await immutable.change(namespace, "s27", { metadata: { annotations: { [annotation("upgrade-force")]: "true" } } });
  await immutable.waitForCondition(namespace, "s27", "Deployed", isUpgrade);
  assert.equal(await size("s27"), "2");
});

test("S28 a failed install is uninstalled, and told as `failed to install release: ...`", async () => {
  const { kinds: { refused }, namespace } = project;
  await refused.create(namespace, "s28", { bad: true });
  const failed = await refused.waitForCondition(namespace, "s28", "ReleaseFailed");
  assert.equal(failed.reason, "InstallError");
  assert.match(failed.message!, /^failed to install release: .*s28-service.*99999/s);
  assert.equal(await config("s28"), undefined);
  await refused.delete(namespace, "s28");
  await refused.waitUntilGone(namespace, "s28");
});

test("S29 a failed upgrade is told with its cause and the object", async () => {
  const { kinds: { refused }, namespace } = project;
  await deploy(refused, "s29", { size: 1 });
  await refused.change(namespace, "s29", { spec: { bad: true, size: 2 } });
  const failed = await refused.waitForCondition(namespace, "s29", "ReleaseFailed");
  assert.equal(failed.reason, "UpgradeError");
  assert.match(failed.message!, /^upgrade failed: .*s29-service.*99999/s);
});

for (const force of ["true", "false"]) {
  test(`S30 it is rolled back, with rollback-force ${force}; tries burn no revisions, and Deployed stays`, async () => {
    const { kinds: { refused }, api, namespace } = project;
    const name = `s30-${force}`;
    await deploy(refused, name, { size: 1 }, { annotations: { [annotation("rollback-force")]: force } });
    await refused.change(namespace, name, { spec: { bad: true, size: 2 } });
    const tries = () => project.log().filter((line) => line.name === name && line.msg === "Release failed").length;
    await waitFor("two tries", () => tries() >= 2);
    await waitFor("the old size", async () => await size(name) === "1");
    assert.equal((await refused.condition(namespace, name, "Deployed"))!.status, "True");
    assert.match((await refused.get(namespace, name))!.status.deployedRelease.manifest, /size: "1"/);
    assert.ok((await revisionsOf(api, namespace, name)).length <= 4);
    await refused.change(namespace, name, { spec: { bad: null } });
    await refused.waitForCondition(namespace, name, "Deployed", isUpgrade);
    await refused.waitForNoCondition(namespace, name, "ReleaseFailed");
    assert.equal(await size(name), "2");
  });
}

test("S31 objects are made anew or put back without an upgrade, built-in and custom ones", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await deploy(plain, "s31");
  await api.delete(configOf(namespace, "s31"));
  await waitFor("the object", () => config("s31"));
  assert.deepEqual(await revisionsOf(api, namespace, "s31"), ["1 deployed"]);
  const { customized: kind } = customized.kinds;
  await kind.create(namespace, "s31-custom", { size: 4 });
  await kind.waitForCondition(namespace, "s31-custom", "Deployed");
  const name = "s31-custom-config";
  await custom.change(namespace, name, { spec: { size: 9, kept: null } });
  await waitFor("the custom object's fields", async () => {
    const { spec } = (await custom.get(namespace, name))!;
    return spec.size === 4 && spec.kept === "chart";
  });
});

test("S32 fields that somebody added survive, and the chart's are put back", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await deploy(plain, "s32");
  const labels = { own: "kept", [chartLabel]: null };
  await api.patch(configOf(namespace, "s32"), { data: { own: "kept", size: "9" }, metadata: { labels } });
  await waitFor("the chart's fields", async () => {
    const { data, metadata } = (await config("s32"))!;
    return data.size === "1" && metadata.labels?.[chartLabel] === "probe";
  });
  const { data, metadata } = (await config("s32"))!;
  assert.deepEqual([data.own, metadata.labels!.own], ["kept", "kept"]);
});

test("S33 an object that was made anew has all marks of ownership, Helm's too", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await deploy(plain, "s33");
  const marks = async () => {
    const { labels, annotations, ownerReferences } = (await config("s33"))!.metadata;
    return { labels, annotations, ownerReferences };
  };
  const before = await marks();
  assert.equal(before.labels!["app.kubernetes.io/managed-by"], "Helm");
  assert.equal(before.annotations!["meta.helm.sh/release-name"], "s33");
  await api.delete(configOf(namespace, "s33"));
  await waitFor("the object", () => config("s33"));
  assert.deepEqual(await marks(), before);
});

test("S34 a stuck hook holds no other resource up, and the status says what goes on", async () => {
  const { kinds: { stuck }, api, namespace } = project;
  await stuck.create(namespace, "s34", { stuck: true });
  await waitFor("the hook", () => api.get(job("s34")));
  await waitFor("a status", async () => (await stuck.get(namespace, "s34"))!.status?.conditions?.length > 0);
  await deploy(stuck, "s34-other");
  await api.patch(job("s34"), { spec: { suspend: false } });
  await stuck.waitForCondition(namespace, "s34", "Deployed");
});

test("S35 the finalizer is there before anything is installed; a resource deleted meanwhile leaves nothing", async () => {
  const { kinds: { stuck }, api, namespace } = project;
  await stuck.create(namespace, "s35", { stuck: true });
  await waitFor("the hook", () => api.get(job("s35")));
  assert.deepEqual((await stuck.get(namespace, "s35"))!.metadata.finalizers, [uninstallFinalizer]);
  await stuck.delete(namespace, "s35");
  await stuck.waitUntilGone(namespace, "s35", { timeoutMs: 15_000 });
  assert.equal(await config("s35"), undefined);
  assert.deepEqual(await revisionsOf(api, namespace, "s35"), []);
});

test("S35 the legacy finalizer is honoured", async () => {
  const { kinds: { plain }, namespace } = project;
  await deploy(plain, "s35-legacy", {}, { finalizers: ["uninstall-helm-release"] });
  assert.deepEqual((await plain.get(namespace, "s35-legacy"))!.metadata.finalizers, ["uninstall-helm-release"]);
  await plain.delete(namespace, "s35-legacy");
  await plain.waitUntilGone(namespace, "s35-legacy");
  assert.equal(await config("s35-legacy"), undefined);
});

test("S36 a status that has not changed is not written", async () => {
  const { kinds: { plain } } = project;
  await deploy(plain, "s36");
  await project.reconcileAgain(plain, "s36");
  const writes = () =>
    proxy.requests.filter(({ isWrite, path }) => isWrite && path.endsWith("/probes/s36/status")).length;
  const before = writes();
  for (let time = 1; time <= 2; time++) await project.reconcileAgain(plain, "s36");
  assert.equal(writes(), before);
});

test("S37 a conflict is got over by reading again", async () => {
  const { kinds: { plain } } = project;
  proxy.inject({
    when: ({ method, path }) => method === "PATCH" && path.endsWith("/probes/s37"),
    times: 2,
    fault: answer(409),
  });
  await deploy(plain, "s37");
  assert.deepEqual(project.log().filter(({ name, level }) => name === "s37" && level === "error"), []);
});

test("S38 a failed uninstall is told and holds the finalizer; a release that is not there counts as uninstalled", async () => {
  const { kinds: { clinging }, api, namespace } = project;
  await deploy(clinging, "s38");
  await clinging.delete(namespace, "s38");
  const failed = await clinging.waitForCondition(namespace, "s38", "ReleaseFailed", undefined, { timeoutMs: 60_000 });
  assert.equal(failed.reason, "UninstallError");
  assert.match(failed.message!, /s38-hook/);
  assert.deepEqual((await clinging.get(namespace, "s38"))!.metadata.finalizers, [uninstallFinalizer]);
  await api.delete({ apiVersion: "v1", kind: "Secret", namespace, name: "sh.helm.release.v1.s38.v1" });
  await clinging.waitUntilGone(namespace, "s38");
});

test("S38 a finished uninstall is told to whoever holds the resource", async () => {
  const { kinds: { plain }, namespace } = project;
  await deploy(plain, "s38-held", {}, { finalizers: ["example.com/held"] });
  await plain.delete(namespace, "s38-held");
  const gone = await plain.waitForCondition(namespace, "s38-held", "Deployed", ({ status }) => status === "False");
  assert.equal(gone.reason, "UninstallSuccessful");
  await waitFor("the finalizer's end", async () => {
    const { metadata, status } = (await plain.get(namespace, "s38-held"))!;
    return status.deployedRelease === undefined && metadata.finalizers!.length === 1;
  });
  await plain.change(namespace, "s38-held", { metadata: { finalizers: null } });
  await plain.waitUntilGone(namespace, "s38-held");
});

test("S39 uninstall-wait keeps the resource, with its release, until the objects are gone", async () => {
  const { kinds: { held }, api, namespace } = project;
  await deploy(held, "s39", {}, { annotations: { [annotation("uninstall-wait")]: "true" } });
  await held.delete(namespace, "s39");
  const waiting = await held.waitForCondition(namespace, "s39", "Deployed", ({ status }) => status === "False");
  assert.equal(waiting.message, "Waiting until all resources are deleted.");
  assert.ok((await held.get(namespace, "s39"))!.status.deployedRelease);
  await api.patch(configOf(namespace, "s39"), { metadata: { finalizers: null } });
  await held.waitUntilGone(namespace, "s39");
});

test("S40 a resource that is deleted without a finalizer of the operator's is left alone", async () => {
  const { kinds: { selected }, namespace } = project;
  await selected.create(namespace, "s40", {}, { finalizers: ["example.com/held"] });
  await selected.delete(namespace, "s40");
  await selected.change(namespace, "s40", { metadata: { labels: { shard: "a" } } });
  await waitFor(
    "the log line",
    () =>
      project.log().some(({ name, msg }) =>
        name === "s40" && msg === "Resource is terminated, skipping reconciliation"
      ),
  );
  await selected.change(namespace, "s40", { metadata: { finalizers: null } });
  await selected.waitUntilGone(namespace, "s40");
});

test("S41 what lies in crds/ is created once, and stays", async () => {
  const { kinds: { customized: kind }, api } = customized;
  const { namespace } = project;
  const name = custom.definition.metadata.name!;
  const definition = () => api.get({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name });
  await kind.create(namespace, "s41-crds");
  await kind.waitForCondition(namespace, "s41-crds", "Deployed");
  const { uid } = (await definition())!.metadata;
  await kind.delete(namespace, "s41-crds");
  await kind.waitUntilGone(namespace, "s41-crds");
  assert.equal((await definition())!.metadata.uid, uid);
});

test("S41 an object that is there and belongs to nobody fails the install, and is left alone", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await api.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "s41-config", namespace },
    data: { a: "b" },
  });
  await plain.create(namespace, "s41");
  const failed = await plain.waitForCondition(namespace, "s41", "ReleaseFailed");
  assert.match(failed.message!, /s41-config.*exists and cannot be imported into the current release/s);
  assert.deepEqual((await config("s41"))!.data, { a: "b" });
});

test("S41 a name of more than 53 characters has a release, of a shortened name", async () => {
  const { kinds: { plain }, api, namespace } = project;
  const name = `s41-${"long-".repeat(12)}name`;
  await deploy(plain, name);
  const release = (await plain.get(namespace, name))!.status.deployedRelease.name;
  assert.match(release, /^s41-long-[a-z-]+-[0-9a-f]{8}$/);
  assert.ok(await config(release));
  assert.deepEqual(await revisionsOf(api, namespace, release), ["1 deployed"]);
  await plain.delete(namespace, name);
  await plain.waitUntilGone(namespace, name);
  assert.equal(await config(release), undefined);
});

test("S41 a cluster-scoped resource has a release", async () => {
  const { kinds: { wide }, api } = project;
  const name = `s41-${wide.group.slice(0, 8)}`;
  await wide.create(undefined, name);
  await wide.waitForCondition(undefined, name, "Deployed");
  assert.ok(await api.get(configOf("default", name)));
  await wide.delete(undefined, name);
  await wide.waitUntilGone(undefined, name);
  assert.equal(await api.get(configOf("default", name)), undefined);
});

test("S34, S21 SIGTERM ends the operator in spite of a stuck hook, and the next one goes on with the install", async () => {
  const { kinds: { stuck }, api, namespace, folder } = project;
  const start = async () => {
    const watches = join(folder, "watches.yaml");
    const operator = await startOperator({ kubeconfig: proxy.kubeconfig, watches, directory: folder });
    after(() => operator.kill());
    return operator;
  };
  await project.operator.stop();
  // Charts see which kinds the cluster has: both operators must see those that the tests before have made.
  const first = await start();
  await stuck.create(namespace, "s21", { stuck: true });
  const hook = await waitFor("the hook", () => api.get(job("s21")));
  const began = Date.now();
  assert.equal(await first.stop(), 0);
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  await start();
  await sleep(500);
  await api.patch(job("s21"), { spec: { suspend: false } });
  await stuck.waitForCondition(namespace, "s21", "Deployed");
  assert.equal((await api.get(job("s21")))!.metadata.uid, hook.metadata.uid);
  assert.deepEqual(await revisionsOf(api, namespace, "s21"), ["1 deployed"]);
});

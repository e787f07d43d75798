// Statements 13 to 26: what makes a reconcile, status and conditions, storage, and when an upgrade is needed.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../cluster/api.ts";
import { configMap } from "../e2e/kind.ts";
import {
  annotation,
  configMapWith,
  configOf,
  type Project,
  revisionsOf,
  startProject,
  uninstallFinalizer,
  waitForEvent,
} from "./setup.ts";

const job = (image: string) =>
  `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {helm.sh/hook: "post-install,post-upgrade"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: ${image}}]
`;
const secret = `apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-secret"}
stringData: {password: hunter2}
`;
const failing = configMap.replace("\ndata:\n", '\ndata:\n{{ if .Values.bad }}{{ fail "it is bad" }}{{ end }}\n');
const kinds = {
  plain: {
    chart: {
      "templates/config.yaml": configMap,
      "templates/secret.yaml": secret,
      "templates/NOTES.txt": "Size {{ .Values.size | default 1 }}.\n",
    },
  },
  other: {
    chart: { "Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n", "templates/config.yaml": configMap },
  },
  slow: { chart: { "templates/config.yaml": configMap }, watch: "  watchDependentResources: false\n" },
  failing: {
    chart: { "templates/config.yaml": failing, "values.schema.json": '{"properties":{"size":{"maximum":9}}}' },
  },
  hooked: { chart: { "templates/config.yaml": configMap, "templates/hook.yaml": job("example.com/one") } },
  random: {
    chart: {
      "templates/config.yaml": configMapWith([
        "revision: {{ .Release.Revision | quote }}",
        "password: {{ randAlphaNum 20 }}",
        "time: {{ now | quote }}",
        "size: {{ .Values.size | default 1 | quote }}",
      ].join("\n")),
    },
  },
  looking: {
    chart: {
      "templates/config.yaml": configMapWith(
        'found: {{ (lookup "v1" "ConfigMap" .Release.Namespace "looked-up").data | default dict | toJson | quote }}',
      ),
    },
  },
  defaults: { chart: { "templates/config.yaml": configMap, "values.yaml": "size: 7\n" } },
} as const;

let project: Project<keyof typeof kinds>;
before(async () => {
  project = await startProject(kinds, { user: `reconciler-${crypto.randomUUID().slice(0, 8)}` });
});
after(() => project?.close());

const size = async (name: string) => (await project.api.get(configOf(project.namespace, name)))?.data.size;
const conditionTypes = async (kind: keyof typeof kinds, name: string): Promise<string[]> => {
  const status = (await project.kinds[kind].get(project.namespace, name))?.status;
  return (status?.conditions ?? []).map(({ type }: { type: string }) => type).filter((type: string) =>
    type !== "Ready"
  );
};
const isUpgrade = ({ reason }: { reason?: string }) => reason === "UpgradeSuccessful";

test("S13 controllers are named <kind>-controller; a change of the resource makes a reconcile, a failure a backoff", async () => {
  const { kinds: { failing }, namespace, operator } = project;
  await failing.create(namespace, "s13", { bad: true });
  const retries = () =>
    project.log().filter(({ msg, name }) => msg === "Reconciler error" && name === "s13")
      .map(({ retryIn }) => Number.parseInt(String(retryIn)));
  await waitFor("two tries", () => retries().length >= 2);
  assert.ok(retries()[1] > retries()[0], retries().join());
  assert.match(await operator.metrics(), /^controller_runtime_reconcile_total\{controller="probe-controller"/m);
});

test("S14 the annotation's period counts before the watch's and the flag's", async () => {
  const { kinds: { slow }, api, namespace } = project;
  const annotations = { [annotation("reconcile-period")]: "1s" };
  await slow.create(namespace, "s14", {}, { annotations });
  await slow.waitForCondition(namespace, "s14", "Deployed");
  await api.patch(configOf(namespace, "s14"), { data: { size: "x" } });
  await waitFor("the repair", async () => await size("s14") === "1", { timeoutMs: 5_000 });
});

test("S14 a malformed annotation is told in an event", async () => {
  const { kinds: { plain }, api, namespace } = project;
  const annotations = { [annotation("reconcile-period")]: "soon" };
  await plain.create(namespace, "s14-bad", {}, { annotations });
  await plain.waitForCondition(namespace, "s14-bad", "Deployed");
  const event = await waitForEvent(api, namespace, "s14-bad", "InvalidAnnotation");
  assert.match(event.message, /reconcile-period.*soon/);
});

test("S15 a missing spec is an empty one", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await api.create({ apiVersion: plain.apiVersion, kind: "Probe", metadata: { name: "s15", namespace } });
  await plain.waitForCondition(namespace, "s15", "Deployed");
});

test("S15 a name that another chart's release has is told in the status, and does not hold a deletion up", async () => {
  const { kinds: { plain, other }, namespace } = project;
  await plain.create(namespace, "s15-taken", { size: 5 });
  await plain.waitForCondition(namespace, "s15-taken", "Deployed");
  await other.create(namespace, "s15-taken", {});
  const failed = await other.waitForCondition(namespace, "s15-taken", "ReleaseFailed");
  assert.match(failed.message!, /duplicate release name: found existing release with name "s15-taken"/);
  await other.delete(namespace, "s15-taken");
  await other.waitUntilGone(namespace, "s15-taken");
  assert.equal(await size("s15-taken"), "5");
  assert.deepEqual(await revisionsOf(project.api, namespace, "s15-taken"), ["1 deployed"]);
});

test("S16 conditions Initialized, Deployed, ReleaseFailed and Irreconcilable; a failure's goes when it is over", async () => {
  const { kinds: { failing }, namespace } = project;
  await failing.create(namespace, "s16", { bad: true });
  const failed = await failing.waitForCondition(namespace, "s16", "ReleaseFailed");
  assert.equal(failed.reason, "InstallError");
  await failing.change(namespace, "s16", { spec: { bad: null } });
  const deployed = await failing.waitForCondition(namespace, "s16", "Deployed");
  assert.equal(deployed.reason, "InstallSuccessful");
  assert.deepEqual(await conditionTypes("failing", "s16"), ["Initialized", "Deployed"]);
  const initialized = (await failing.condition(namespace, "s16", "Initialized"))!;
  assert.deepEqual([initialized.status, initialized.reason], ["True", undefined]);
  await failing.change(namespace, "s16", { spec: { bad: true } });
  assert.equal((await failing.waitForCondition(namespace, "s16", "Irreconcilable")).reason, "ReconcileError");
  await failing.change(namespace, "s16", { spec: { bad: null } });
  await failing.waitForNoCondition(namespace, "s16", "Irreconcilable");
  assert.deepEqual(await conditionTypes("failing", "s16"), ["Initialized", "Deployed"]);
});

test("S17 lastTransitionTime changes only with the status; the reason tells the first revision from later ones", async () => {
  const { kinds: { plain }, namespace } = project;
  await plain.create(namespace, "s17", { size: 1 });
  const time = async () =>
    ((await plain.condition(namespace, "s17", "Deployed")) as unknown as { lastTransitionTime: string })
      .lastTransitionTime;
  await plain.waitForCondition(namespace, "s17", "Deployed");
  const since = await time();
  await project.reconcileAgain(plain, "s17");
  assert.equal((await plain.condition(namespace, "s17", "Deployed"))!.reason, "InstallSuccessful");
  await sleep(1_100); // Times are in whole seconds.
  await plain.change(namespace, "s17", { spec: { size: 2 } });
  await plain.waitForCondition(namespace, "s17", "Deployed", isUpgrade);
  await project.reconcileAgain(plain, "s17");
  assert.equal((await plain.condition(namespace, "s17", "Deployed"))!.reason, "UpgradeSuccessful");
  assert.equal(await time(), since);
});

test("S18 the Deployed message is the notes; deployedRelease has the manifest, with Secrets masked", async () => {
  const { kinds: { plain }, namespace } = project;
  await plain.create(namespace, "s18", { size: 8 });
  assert.equal((await plain.waitForCondition(namespace, "s18", "Deployed")).message, "Size 8.\n");
  const { name, manifest } = (await plain.get(namespace, "s18"))!.status.deployedRelease;
  assert.equal(name, "s18");
  assert.match(manifest, /# Source: probe\/templates\/config\.yaml\napiVersion: v1\nkind: ConfigMap/);
  assert.match(manifest, /# Source: probe\/templates\/secret\.yaml/);
  assert.ok(!manifest.includes("hunter2"), manifest);
});

test("S19 records are Helm's Secrets, owned by the resource", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await plain.create(namespace, "s19");
  await plain.waitForCondition(namespace, "s19", "Deployed");
  const [record] = await api.list("v1", "Secret", namespace, "name=s19");
  assert.equal(record.metadata.name, "sh.helm.release.v1.s19.v1");
  assert.equal(record.type, "helm.sh/release.v1");
  const { owner, status, version } = record.metadata.labels!;
  assert.deepEqual({ owner, status, version }, { owner: "helm", status: "deployed", version: "1" });
  assert.equal(record.metadata.ownerReferences![0].uid, (await plain.get(namespace, "s19"))!.metadata.uid);
  const text = Buffer.from(Buffer.from(record.data.release, "base64").toString(), "base64");
  const release = JSON.parse(gunzipSync(text).toString());
  assert.deepEqual([release.name, release.namespace, release.version], ["s19", namespace, 1]);
});

test("S20 a record that somebody else changes is seen by the next reconcile", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await plain.create(namespace, "s20");
  await plain.waitForCondition(namespace, "s20", "Deployed");
  await api.delete({ apiVersion: "v1", kind: "Secret", namespace, name: "sh.helm.release.v1.s20.v1" });
  await project.reconcileAgain(plain, "s20");
  assert.deepEqual(await revisionsOf(api, namespace, "s20"), ["1 deployed"]);
});

test("S21 history is kept", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await plain.create(namespace, "s21", { size: 1 });
  await plain.waitForCondition(namespace, "s21", "Deployed");
  for (const size of [2, 3]) {
    await plain.change(namespace, "s21", { spec: { size } });
    await plain.waitForCondition(namespace, "s21", "Deployed", ({ message }) => message === `Size ${size}.\n`);
  }
  await project.reconcileAgain(plain, "s21");
  assert.deepEqual(await revisionsOf(api, namespace, "s21"), ["1 superseded", "2 superseded", "3 deployed"]);
});

test("S22 a change of hooks is an upgrade; one of the notes or the chart's version alone is none", async () => {
  const { kinds: { hooked }, api, namespace } = project;
  await hooked.create(namespace, "s22");
  await hooked.waitForCondition(namespace, "s22", "Deployed");
  hooked.writeChart("templates/NOTES.txt", "New notes.\n");
  hooked.writeChart("Chart.yaml", "apiVersion: v2\nname: probe\nversion: 1.0.1\n");
  await project.reconcileAgain(hooked, "s22");
  assert.deepEqual(await revisionsOf(api, namespace, "s22"), ["1 deployed"]);
  hooked.writeChart("templates/hook.yaml", job("example.com/two"));
  await project.reconcileAgain(hooked, "s22");
  assert.deepEqual(await revisionsOf(api, namespace, "s22"), ["1 superseded", "2 deployed"]);
});

test("S23 the revision, random values and the time in a chart make no upgrades", async () => {
  const { kinds: { random }, api, namespace } = project;
  await random.create(namespace, "s23", { size: 1 });
  await random.waitForCondition(namespace, "s23", "Deployed");
  const before = (await api.get(configOf(namespace, "s23")))!.data;
  for (let time = 1; time <= 3; time++) await project.reconcileAgain(random, "s23");
  assert.deepEqual((await api.get(configOf(namespace, "s23")))!.data, before);
  assert.deepEqual(await revisionsOf(api, namespace, "s23"), ["1 deployed"]);
  await random.change(namespace, "s23", { spec: { size: 2 } });
  await random.waitForCondition(namespace, "s23", "Deployed", isUpgrade);
  assert.equal((await api.get(configOf(namespace, "s23")))!.data.revision, "2");
});

test("S24 lookup sees the cluster, in the comparison too, without dryRunOption", async () => {
  const { kinds: { looking }, api, namespace } = project;
  await looking.create(namespace, "s24");
  await looking.waitForCondition(namespace, "s24", "Deployed");
  const found = async () => JSON.parse((await api.get(configOf(namespace, "s24")))!.data.found);
  assert.deepEqual(await found(), {});
  await api.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "looked-up", namespace },
    data: { a: "b" },
  });
  await project.reconcileAgain(looking, "s24");
  assert.deepEqual(await found(), { a: "b" });
  await project.reconcileAgain(looking, "s24");
  assert.deepEqual(await revisionsOf(api, namespace, "s24"), ["1 superseded", "2 deployed"]);
});

test("S25 an empty spec means the chart's defaults, not the values of before", async () => {
  const { kinds: { defaults }, namespace } = project;
  await defaults.create(namespace, "s25", { size: 3 });
  await defaults.waitForCondition(namespace, "s25", "Deployed");
  assert.equal(await size("s25"), "3");
  await defaults.change(namespace, "s25", { spec: { size: null } });
  await waitFor("the default", async () => await size("s25") === "7");
});

test("S26 what cannot be rendered is an InstallError, or Irreconcilable when it was installed before", async () => {
  const { kinds: { failing }, api, namespace } = project;
  await failing.create(namespace, "s26", { size: 10 });
  const failed = await failing.waitForCondition(namespace, "s26", "ReleaseFailed");
  assert.equal(failed.reason, "InstallError");
  assert.match(failed.message!, /^failed to install release: .*size/s);
  await failing.change(namespace, "s26", { spec: { size: 1 } });
  await failing.waitForCondition(namespace, "s26", "Deployed");
  await failing.change(namespace, "s26", { spec: { bad: true } });
  const irreconcilable = await failing.waitForCondition(namespace, "s26", "Irreconcilable");
  assert.match(irreconcilable.message!, /^failed to get candidate release: .*it is bad/s);
  assert.equal((await failing.condition(namespace, "s26", "Deployed"))!.status, "True");
  assert.deepEqual(await revisionsOf(api, namespace, "s26"), ["1 deployed"]);
  assert.deepEqual((await failing.get(namespace, "s26"))!.metadata.finalizers, [uninstallFinalizer]);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "../cluster/api.ts";
import { configMapTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

const plainChart = { "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}") };
const refOf = (release: Fixture, name = "web-a") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: release.namespace,
  name,
});

describe("a release", () => {
  it("is installed, left alone, upgraded, repaired and uninstalled", async () => {
    const release = await start(plainChart, { value: "one" });
    assert.equal(await release.reconcile(), "installed");
    const installed = (await release.configMap("web-a"))!;
    assert.equal(installed.data.value, "one");
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
    assert.equal(await release.reconcile(), "repaired 0");
    assert.equal((await release.configMap("web-a"))!.metadata.resourceVersion, installed.metadata.resourceVersion);

    release.setSpec({ value: "two" });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await release.configMap("web-a"))!.data.value, "two");
    assert.deepEqual(await release.states(), ["1 superseded: Install complete", "2 deployed: Upgrade complete"]);

    await release.api.patch(refOf(release), { data: { value: "drift", more: "stays" } });
    const manager = await release.manager();
    const { repairs } = await release.run(manager.reconcileRelease);
    assert.deepEqual(repairs.map(({ change, fields }) => ({ change, fields })), [
      { change: "patched", fields: ["/data/value"] },
    ]);
    assert.deepEqual((await release.configMap("web-a"))!.data, { value: "two", more: "stays" });
    await release.api.delete(refOf(release));
    assert.equal(await release.reconcile(), "repaired 1");

    const last = await release.fresh();
    assert.equal((await release.run(last.uninstallRelease)).info.status, "uninstalled");
    assert.equal(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });

  it("belongs to its custom resource, records and all", async () => {
    const release = await start(plainChart);
    await release.reconcile();
    const owned = (await release.configMap("web-a"))!;
    const [secret] = await release.api.list("v1", "Secret", release.namespace, "owner=helm");
    for (const { metadata } of [owned, secret]) {
      assert.deepEqual(metadata.ownerReferences?.map(({ uid, controller }) => ({ uid, controller })), [
        { uid: release.cr.metadata.uid, controller: true },
      ]);
    }
    assert.deepEqual(owned.metadata.labels, {
      "app.kubernetes.io/managed-by": "Helm",
      "helm.sdk.operatorframework.io/chart": "front",
    });
    assert.deepEqual(
      owned.metadata.managedFields?.map(({ manager, operation }: Record<string, string>) => [manager, operation]),
      [
        ["helm", "Apply"],
      ],
    );
  });

  it("may be that of a cluster-scoped custom resource, which owns objects everywhere", async () => {
    const release = await start(
      {
        ...plainChart,
        "templates/role.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n" +
          "metadata: {name: {{ .Release.Name }}}\nrules: []\n",
      },
      { value: "one" },
      { kind: "Site" },
    );
    assert.equal(await release.reconcile(), "installed");
    assert.equal(await release.reconcile(), "repaired 0");
    const { name } = release.cr.metadata;
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name };
    for (const object of [await release.configMap(`${name}-a`), await release.api.get(role)]) {
      assert.equal(object?.metadata.ownerReferences?.[0].uid, release.cr.metadata.uid);
    }
    await release.run((await release.fresh()).uninstallRelease);
    assert.equal(await release.api.get(role), undefined);
  });

  it("of a namespaced custom resource names it in annotations of cluster-scoped objects", async () => {
    const release = await start({
      "templates/role.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n" +
        "metadata: {name: {{ .Release.Namespace }}}\nrules: []\n",
    });
    await release.reconcile();
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: release.namespace };
    const { metadata } = (await release.api.get(role))!;
    assert.equal(metadata.ownerReferences, undefined);
    assert.equal(metadata.annotations?.["operator-sdk/primary-resource"], `${release.namespace}/web`);
    assert.equal(metadata.annotations?.["operator-sdk/primary-resource-type"], "Web.release-test.example.com");
    await release.run((await release.fresh()).uninstallRelease);
    assert.equal(await release.api.get(role), undefined);
  });

  it("deletes what leaves the chart, keeps what the policy keeps, and is not upgraded by a comment", async () => {
    const release = await start({
      ...plainChart,
      "templates/b.yaml": configMapTemplate("b", "x: text"),
      "templates/c.yaml": configMapTemplate("c", "x: text", '{helm.sh/resource-policy: "keep"}'),
    });
    await release.reconcile();
    for (const name of ["b", "c"]) release.chart.write(`templates/${name}.yaml`, "");
    assert.equal(await release.reconcile(), "updated");
    assert.equal(await release.configMap("web-b"), undefined);
    assert.notEqual(await release.configMap("web-c"), undefined);
    release.chart.write("templates/a.yaml", `# a comment\n${plainChart["templates/a.yaml"]}`);
    assert.equal(await release.reconcile(), "repaired 0");
    assert.equal((await release.states()).length, 2);
  });

  it("keeps its history to a limit", async () => {
    const release = await start(plainChart, { value: "0" }, { maxHistory: 2 });
    for (const value of ["1", "2", "3", "4"]) {
      release.setSpec({ value });
      await release.reconcile();
    }
    assert.deepEqual((await release.history()).map(({ version }) => version), [3, 4]);
  });

  it("merges overrides over the spec, and is no less installed for an empty one", async () => {
    const release = await start(plainChart, { value: "spec" }, { overrideValues: { value: "override" } });
    await release.reconcile();
    assert.equal((await release.configMap("web-a"))!.data.value, "override");
    const empty = await start(plainChart, { value: "one" });
    await empty.reconcile();
    empty.setSpec({});
    assert.equal(await empty.reconcile(), "updated");
    assert.equal((await empty.configMap("web-a"))!.data.value, "");
  });
});

describe("an install", () => {
  it("does not take another's object, and leaves nothing behind", async () => {
    const release = await start({ ...plainChart, "templates/b.yaml": configMapTemplate("b", "x: text") });
    await release.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...refOf(release), name: "web-b" } });
    await assert.rejects(release.reconcile(), (error: Error) => {
      assert.match(
        error.message,
        /^failed to install release: unable to continue with install: ConfigMap "web-b" in namespace ".*" exists and cannot/,
      );
      return true;
    });
    assert.equal(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });

  it("takes it when it is told to", async () => {
    const release = await start(plainChart, { value: "mine" }, { takeOwnership: true });
    await release.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...refOf(release) } });
    assert.equal(await release.reconcile(), "installed");
    assert.equal((await release.configMap("web-a"))!.data.value, "mine");
  });

  it("refuses the release of another chart", async () => {
    const release = await start(plainChart);
    await release.reconcile();
    release.chart.write("Chart.yaml", "apiVersion: v2\nname: back\nversion: 1.0.0\n");
    await assert.rejects(
      release.reconcile(),
      /duplicate release name: found existing release with name "web" for chart "front"/,
    );
  });

  it("says why a spec, a chart or a value cannot be used", async () => {
    const release = await start({ ...plainChart, "templates/b.yaml": '{{ required "port is needed" .Values.port }}' });
    await assert.rejects(release.reconcile(), /port is needed/);
    release.cr.spec = ["no", "map"];
    await assert.rejects(release.reconcile(), /failed to get spec: expected a map: current value is \["no","map"\]/);
    release.chart.write("Chart.yaml", "apiVersion: v2\n");
    await assert.rejects(release.reconcile(), /Cannot load the chart .*chart.metadata.name is required/);
    const manager = await release.fresh();
    await assert.rejects(release.run(manager.uninstallRelease), /release: not found: web/);
  });

  it("creates the CRDs of crds/ before it renders, and leaves them when it goes", async () => {
    const group = `g${crypto.randomUUID().slice(0, 8)}.example.com`;
    const crd = (scope: string) =>
      JSON.stringify({
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: `things.${group}` },
        spec: {
          group,
          scope,
          names: { kind: "Thing", plural: "things" },
          versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
        },
      });
    const release = await start({
      "crds/thing.yaml": crd("Namespaced"),
      "templates/thing.yaml": `{{ if .Capabilities.APIVersions.Has "${group}/v1/Thing" }}
apiVersion: ${group}/v1
kind: Thing
metadata: {name: one}
{{ end }}`,
    });
    const thing = { apiVersion: `${group}/v1`, kind: "Thing", namespace: release.namespace, name: "one" };
    await release.reconcile();
    assert.notEqual(await release.api.get(thing), undefined);
    assert.equal(await release.reconcile(), "repaired 0");
    await release.run((await release.fresh()).uninstallRelease);
    await waitFor("the thing to be gone", async () => (await release.api.get(thing)) === undefined || undefined);
    const reference = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      name: `things.${group}`,
    };
    assert.notEqual(await release.api.get(reference), undefined);
  });

  it("creates objects whose names the API server makes up", async () => {
    const release = await start({
      "templates/g.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: made-\n",
    });
    await release.reconcile();
    assert.equal(await release.reconcile(), "repaired 0");
    const made = (await release.api.list("v1", "ConfigMap", release.namespace)).filter(({ metadata }) =>
      metadata.name.startsWith("made-")
    );
    assert.equal(made.length, 1);
  });
});

describe("an uninstall", () => {
  it("leaves what another release took over", async () => {
    const release = await start(plainChart);
    await release.reconcile();
    await release.api.patch(refOf(release), {
      metadata: { ownerReferences: null, annotations: { "meta.helm.sh/release-name": "other" } },
    });
    await release.run((await release.fresh()).uninstallRelease);
    assert.notEqual(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });

  it("keeps what was told to be kept by hand, for good", async () => {
    const release = await start(plainChart);
    await release.reconcile();
    await release.api.patch(refOf(release), { metadata: { annotations: { "helm.sh/resource-policy": "keep" } } });
    await release.run((await release.fresh()).uninstallRelease);
    assert.equal((await release.configMap("web-a"))!.metadata.ownerReferences, undefined);
  });

  it("keeps its record until everything is gone when the custom resource waits", async () => {
    const release = await start({ "templates/a.yaml": configMapTemplate("a", "x: text") });
    await release.reconcile();
    await release.api.patch(refOf(release), { metadata: { finalizers: ["example.com/hold"] } });
    release.annotate({ "helm.sdk.operatorframework.io/uninstall-wait": "true" });
    const manager = await release.fresh();
    const record = await release.run(manager.uninstallRelease);
    assert.equal(await release.run(manager.cleanupRelease(record)), false);
    const again = await release.fresh();
    assert.equal((await release.run(again.uninstallRelease)).version, 1);
    assert.equal(await release.run(again.cleanupRelease(record)), false);
    await release.api.patch(refOf(release), { metadata: { finalizers: null } });
    assert.equal(await release.run(again.cleanupRelease(record)), true);
    assert.deepEqual(await release.states(), []);
  });
});

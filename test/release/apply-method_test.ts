import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

/** A field, an item of a keyed list, and a whole map that come and go with `more`. */
const chart = {
  "templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-a
data:
  size: {{ .Values.size | quote }}
  {{- if .Values.more }}
  extra: "yes"
  {{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  {{- if .Values.more }}
  annotations: {note: "here"}
  {{- end }}
spec:
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front}}
    spec:
      containers:
      - name: main
        image: example.com/main
        env:
        - {name: SIZE, value: {{ .Values.size | quote }}}
        {{- if .Values.more }}
        - {name: MORE, value: "1"}
        {{- end }}
      {{- if .Values.more }}
      - {name: sidecar, image: example.com/sidecar}
      {{- end }}
`,
};

/** Upgrades with the given way of applying, by a manager of its own. */
async function upgrade(release: Fixture, serverSideApply: boolean, spec: Record<string, unknown>): Promise<void> {
  release.setSpec(spec);
  const manager = await release.managerWith({ serverSideApply });
  await release.run(manager.updateRelease());
}

for (const [from, to] of [["ssa", "ssa"], ["ssa", "csa"], ["csa", "ssa"], ["csa", "csa"]]) {
  describe(`from ${from} to ${to}`, () => {
    it("a field that leaves the chart leaves the object, and what others set stays", async () => {
      const release = await start(chart, { size: 1, more: true }, { serverSideApply: from === "ssa" });
      await release.reconcile();
      const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: release.namespace, name: "web" };
      await release.api.patch(deployment, { metadata: { annotations: { theirs: "kept" } } });
      await upgrade(release, to === "ssa", { size: 2 });

      assert.deepEqual((await release.configMap("web-a"))!.data, { size: "2" });
      const { metadata, spec } = (await release.api.get(deployment))!;
      assert.equal(metadata.annotations!.theirs, "kept");
      assert.equal(metadata.annotations!.note, undefined);
      assert.deepEqual(spec.template.spec.containers.map(({ name, env }: any) => [name, env]), [
        ["main", [{ name: "SIZE", value: "2" }]],
      ]);
      assert.deepEqual((await release.history()).map(({ apply_method }) => apply_method), [from, to]);

      // And once more with the new way, so that nothing of the old one is left to hold a field.
      await upgrade(release, to === "ssa", { size: 3, more: true });
      await upgrade(release, to === "ssa", { size: 3 });
      assert.deepEqual((await release.configMap("web-a"))!.data, { size: "3" });
      assert.equal((await release.api.get(deployment))!.spec.template.spec.containers.length, 1);
    });
  });
}

describe("serverSideApply: false", () => {
  it("puts drift back, and an equal object is not written", async () => {
    const release = await start(chart, { size: 1 }, { serverSideApply: false });
    await release.reconcile();
    const before = (await release.configMap("web-a"))!;
    assert.equal(await release.reconcile(), "repaired 0");
    assert.equal((await release.configMap("web-a"))!.metadata.resourceVersion, before.metadata.resourceVersion);
    await release.api.patch(
      { apiVersion: "v1", kind: "ConfigMap", namespace: release.namespace, name: "web-a" },
      { data: { size: "9", theirs: "x" } },
    );
    assert.equal(await release.reconcile(), "repaired 1");
    assert.deepEqual((await release.configMap("web-a"))!.data, { size: "1", theirs: "x" });
    assert.ok(
      (await release.configMap("web-a"))!.metadata.managedFields.every((each: any) => each.operation !== "Apply"),
    );
  });

  it("rolls a failed upgrade back", async () => {
    const bad = chart["templates/all.yaml"] +
      "{{ if .Values.bad }}---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n{{ end }}";
    const release = await start({ "templates/all.yaml": bad }, { size: 1 }, { serverSideApply: false });
    await release.reconcile();
    release.setSpec({ size: 2, more: true, bad: true });
    const manager = await release.manager();
    await assert.rejects(release.run(manager.updateRelease()), /cannot patch object .*Kind=Service/);
    assert.equal((await release.run(manager.rollBack()))?.version, 3);
    assert.deepEqual((await release.configMap("web-a"))!.data, { size: "1" });
  });
});

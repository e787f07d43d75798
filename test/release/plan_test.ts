import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatPlan, summarize } from "../../src/release/plan-text.ts";
import { configMapTemplate, hookTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();
const secret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-secret
stringData:
  password: {{ .Values.password | default "first" }}
`;
const chart = {
  "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}"),
  "templates/secret.yaml": secret,
  "templates/hook.yaml": hookTemplate("hook", "pre-upgrade,post-install"),
};
const extra = "{{ if .Values.more }}\n" + configMapTemplate("more", "one: two") + "{{ end }}\n";

const planOf = (release: Fixture) => release.fresh().then((manager) => release.run(manager.plan));
const textOf = async (release: Fixture) =>
  formatPlan(await planOf(release)).replaceAll(release.namespace, "ns").trimEnd().split("\n");

describe("a plan", () => {
  it("of an install lists what would be made and run, and makes nothing", async () => {
    const release = await start(chart, { value: "one" });
    assert.deepEqual(await textOf(release), [
      "+ v1/Secret ns/web-secret",
      "+ v1/ConfigMap ns/web-a",
      "> post-install hook Job/web-hook",
      'Install of release "web": 2 objects to create, 1 hook to run.',
    ]);
    assert.equal(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });

  it("of an upgrade shows each field, with the values of Secrets masked", async () => {
    const release = await start({ ...chart, "templates/more.yaml": extra }, { value: "one", more: true });
    await release.reconcile();
    const before = await release.configMap("web-a");
    release.setSpec({ value: "two", password: "second" });
    const lines = await textOf(release);
    assert.deepEqual(lines, [
      "~ v1/Secret ns/web-secret",
      "    data.password: *** (changed)",
      "~ v1/ConfigMap ns/web-a",
      '    data.value: "one" -> "two"',
      "- v1/ConfigMap ns/web-more",
      "> pre-upgrade hook Job/web-hook",
      'Upgrade of release "web" from revision 1: 2 objects to change, 1 object to delete, 1 hook to run.',
    ]);
    assert.deepEqual(await release.configMap("web-a"), before);
    assert.equal((await release.history()).length, 1);
    assert.equal(await release.reconcile(), "updated");
    assert.deepEqual(await textOf(release), ['No changes: release "web" is up to date at revision 2.']);
  });

  it("of a release with drift shows the repair", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const reference = { apiVersion: "v1", kind: "ConfigMap", namespace: release.namespace, name: "web-a" };
    await release.api.patch(reference, { data: { value: "drift", own: "stays" } });
    assert.deepEqual(await textOf(release), [
      "~ v1/ConfigMap ns/web-a",
      '    data.value: "drift" -> "one"',
      'Repair of release "web" at revision 1: 1 object to change.',
    ]);
    await release.api.delete(reference);
    assert.equal((await planOf(release)).objects[0].change, "create");
  });

  it("tells what the API server would refuse, and what stays", async () => {
    const kept = "{{ if .Values.more }}\n" + configMapTemplate("more", "one: two", "{helm.sh/resource-policy: keep}") +
      "{{ end }}\n";
    const service = "{{ if .Values.bad }}\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n" +
      "spec: {ports: [{port: 99999}]}\n{{ end }}\n";
    const release = await start({ "templates/more.yaml": kept, "templates/service.yaml": service }, { more: true });
    await release.reconcile();
    release.setSpec({ bad: true });
    const lines = await textOf(release);
    assert.equal(lines[0], "+ v1/Service ns/web");
    assert.match(lines[1], /! the API server would refuse it: .*99999/);
    assert.equal(lines[2], "= v1/ConfigMap ns/web-more (stays in the cluster)");
  });

  it("tells what would be made anew by force", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n" +
      "spec: {clusterIP: {{ .Values.ip }}, ports: [{port: 80}]}\n";
    const release = await start({ "templates/service.yaml": service }, { ip: "None" });
    await release.reconcile();
    release.annotate({ "helm.sdk.operatorframework.io/upgrade-force": "true" });
    release.setSpec({ ip: "10.0.0.77" });
    assert.equal((await planOf(release)).objects[0].change, "replace");
    release.annotate({});
    const [refused] = (await planOf(release)).objects;
    assert.equal(refused.change, "change");
    assert.match(refused.problem!, /Service "web" is invalid/);
  });

  it("goes through kinds and namespaces that the release brings itself", async () => {
    const group = `t${crypto.randomUUID().slice(0, 8)}.example.com`;
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
    const fresh = `ns-${group.split(".")[0]}`;
    const release = await start({
      "crds/thing.yaml": crd,
      "templates/thing.yaml": `apiVersion: ${group}/v1\nkind: Thing\nmetadata: {name: one}\n`,
      "templates/namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${fresh}}\n`,
      "templates/inside.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inside, namespace: ${fresh}}\n`,
    });
    const plan = await planOf(release);
    assert.deepEqual(plan.objects.map(({ kind, change, problem }) => [kind, change, problem]), [
      ["CustomResourceDefinition", "create", undefined],
      ["Namespace", "create", undefined],
      ["ConfigMap", "create", undefined],
      ["Thing", "create", undefined],
    ]);
    assert.equal(summarize(plan), 'Install of release "web": 4 objects to create.');
  });

  it("shows what would go of a release that was applied on the client's side", async () => {
    const template = configMapTemplate("a", "{{ toYaml .Values.data | nindent 2 }}");
    const release = await start({ "templates/a.yaml": template }, { data: { one: "1", two: "2" } }, {
      serverSideApply: false,
    });
    await release.reconcile();
    assert.notEqual((await release.history())[0].apply_method, "ssa");
    release.setSpec({ data: { one: "1" } });
    const manager = await release.managerWith({ serverSideApply: true });
    const { objects: [planned] } = await release.run(manager.plan);
    assert.deepEqual(planned.fields, [{ field: "data.two", before: "2" }]);
  });

  it("leaves alone what drifts by the watch's leave", async () => {
    const drift = { mode: "warn", ignore: [] } as const;
    const release = await start(chart, { value: "one" }, { drift });
    await release.reconcile();
    const reference = { apiVersion: "v1", kind: "ConfigMap", namespace: release.namespace, name: "web-a" };
    await release.api.patch(reference, { data: { value: "drift" } });
    assert.equal((await planOf(release)).action, "none");
  });

  it("masks values that come from Secrets, wherever they are", async () => {
    const valuesFrom = [{ kind: "Secret", name: "db", valuesKey: "p", targetPath: "value", optional: false } as const];
    const release = await start(chart, {}, { valuesFrom });
    const put = (p: string) =>
      release.api.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "db", namespace: release.namespace },
        stringData: { p },
      });
    await put("horse-one");
    await release.reconcile();
    await put("horse-two");
    const lines = await textOf(release);
    assert.ok(lines.includes("    data.value: *** (changed)"), lines.join("\n"));
    assert.ok(!lines.join().includes("horse"), lines.join("\n"));
  });
});

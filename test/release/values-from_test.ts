import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Effect } from "effect";
import { ApiError } from "../../src/kube/kube-client.ts";
import type { ValuesReference } from "../../src/chart/values-reference.ts";
import type { ManagerFailure } from "../../src/release/failure.ts";
import { configMapTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();
const chart = {
  "values.yaml": "a: chart\nb: chart\nc: chart\nd: chart\ne: chart\n",
  "templates/a.yaml": configMapTemplate("a", "all: {{ .Values | toJson | quote }}"),
};

const reference = (kind: ValuesReference["kind"], name: string, more: Partial<ValuesReference> = {}) => ({
  kind,
  name,
  valuesKey: "values.yaml",
  targetPath: "",
  optional: false,
  ...more,
});
const put = (release: Fixture, kind: "ConfigMap" | "Secret", name: string, data: Record<string, string>) =>
  release.api.apply({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace: release.namespace },
    ...(kind === "Secret" ? { stringData: data } : { data }),
  });
const valuesOf = async (release: Fixture) => JSON.parse((await release.configMap("web-a"))!.data.all);
const failureOf = async (release: Fixture): Promise<ManagerFailure> => {
  const manager = await release.manager();
  return await release.run(Effect.flip(manager.installRelease()));
};

describe("values from elsewhere", () => {
  it("go over the chart's, in their order, and under spec and overrides", async () => {
    const release = await start(chart, { d: "spec", e: "spec" }, {
      valuesFrom: [reference("ConfigMap", "one"), reference("Secret", "two")],
      overrideValues: { e: "override" },
    });
    await put(release, "ConfigMap", "one", { "values.yaml": "b: one\nc: one\nd: one\ne: one\nmap: {p: 1, q: 1}\n" });
    await put(release, "Secret", "two", { "values.yaml": "c: two\nd: two\ne: two\nmap: {q: 2}\n" });
    await put(release, "ConfigMap", "three", { part: "k: three\n" });
    release.annotate({ "helmwright.dev/values-from": "[{kind: ConfigMap, name: three, valuesKey: part}]" });
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual(await valuesOf(release), {
      a: "chart",
      b: "one",
      c: "two",
      d: "spec",
      e: "override",
      k: "three",
      map: { p: 1, q: 2 },
    });
  });

  it("are set at a path, as they are but for their type", async () => {
    const at = (valuesKey: string, targetPath: string) => reference("ConfigMap", "parts", { valuesKey, targetPath });
    const release = await start(chart, {}, {
      valuesFrom: [
        at("text", "db.password"),
        at("number", "db.port"),
        at("flag", "db.on"),
        at("quoted", "db.version"),
        at("text", "list[1].x"),
      ],
    });
    await put(release, "ConfigMap", "parts", { text: "a,b={c}\n", number: "5432", flag: "true", quoted: '"5"' });
    await release.reconcile();
    const { db, list } = await valuesOf(release);
    assert.deepEqual(db, { password: "a,b={c}\n", port: 5432, on: true, version: "5" });
    assert.deepEqual(list, [null, { x: "a,b={c}\n" }]);
  });

  it("lead to an upgrade when they change, and to nothing when they do not", async () => {
    const release = await start(chart, {}, { valuesFrom: [reference("Secret", "db")] });
    await put(release, "Secret", "db", { "values.yaml": "a: first\n" });
    assert.equal(await release.reconcile(), "installed");
    assert.equal(await release.reconcile(), "repaired 0");
    await put(release, "Secret", "db", { "values.yaml": "a: second\n" });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await valuesOf(release)).a, "second");
  });

  it("may be missing when they are optional", async () => {
    const release = await start(chart, {}, { valuesFrom: [reference("Secret", "db", { optional: true })] });
    assert.equal(await release.reconcile(), "installed");
    const manager = await release.fresh();
    assert.deepEqual(manager.references, [
      { kind: "Secret", namespace: release.namespace, name: "db", resourceVersion: null },
    ]);
  });

  it("say what is missing, and need it no longer to uninstall", async () => {
    const release = await start(chart, {}, { valuesFrom: [reference("Secret", "db", { valuesKey: "k" })] });
    const missing = await failureOf(release);
    assert.equal(
      missing.message,
      `valuesFrom: Secret "${release.namespace}/db": there is no such Secret in namespace "${release.namespace}"`,
    );
    await put(release, "Secret", "db", { other: "x" });
    assert.match((await failureOf(release)).message, /: its data has no key "k"$/);
    await put(release, "Secret", "db", { k: "a: 1\n" });
    assert.equal(await release.reconcile(), "installed");
    await release.api.delete({ apiVersion: "v1", kind: "Secret", namespace: release.namespace, name: "db" });
    const last = await release.fresh();
    assert.equal((await release.run(last.uninstallRelease)).info.status, "uninstalled");
  });

  it("say what may not be read, and read an object once", async () => {
    const asked: string[] = [];
    const at = (valuesKey: string) => reference("Secret", "db", { valuesKey, targetPath: valuesKey });
    const release = await start(chart, {}, {
      valuesFrom: [at("a"), at("b"), reference("ConfigMap", "closed")],
      wrap: (kube) => ({
        ...kube,
        get: (ref) => {
          asked.push(`${ref.kind}/${ref.name}`);
          const refused = new ApiError({ code: 403, reason: "Forbidden", request: "get", detail: "not for you" });
          return ref.name === "closed" ? Effect.fail(refused) : kube.get(ref);
        },
      }),
    });
    await put(release, "Secret", "db", { a: "1", b: "2" });
    const { message } = await failureOf(release);
    assert.equal(
      message,
      `valuesFrom: ConfigMap "${release.namespace}/closed": it may not be read: not for you`,
    );
    assert.deepEqual(asked.slice(0, 2), ["Secret/db", "ConfigMap/closed"]);
  });

  it("name the entry of an annotation that cannot be read", async () => {
    const release = await start(chart);
    release.annotate({ "helmwright.dev/values-from": "[{kind: Secret}]" });
    assert.equal(
      (await failureOf(release)).message,
      'annotation helmwright.dev/values-from, entry 1: name must be an object\'s name: current value is ""',
    );
  });
});

describe("values from a Secret", () => {
  const secret = "s3cr3t-horse";
  const withSecret = (files: Record<string, string>) =>
    start(files, {}, { valuesFrom: [reference("Secret", "db", { valuesKey: "password", targetPath: "password" })] });

  it("are in no error of the chart's schema, its templates or its values file", async () => {
    const schema = JSON.stringify({ properties: { password: { type: "string", pattern: "^[0-9]+$" } } });
    const charts = [
      { ...chart, "values.schema.json": schema },
      {
        ...chart,
        "templates/fail.yaml": '{{ fail (printf "bad %s and %s" .Values.password (b64enc .Values.password)) }}',
      },
      { ...chart, "templates/fail.yaml": "{{ .Values.password }}: [" },
    ];
    for (const files of charts) {
      const release = await withSecret(files);
      await put(release, "Secret", "db", { password: secret });
      const error = await failureOf(release);
      const shown = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
      assert.ok(!shown.includes(secret) && !shown.includes(btoa(secret)), shown);
    }
    const release = await start(chart, {}, { valuesFrom: [reference("Secret", "db")] });
    await put(release, "Secret", "db", { "values.yaml": `a: [${secret}\n` });
    const { message } = await failureOf(release);
    assert.match(message, /its key "values\.yaml" is no values file/);
    assert.ok(!message.includes(secret), message);
  });

  it("are in no error of the API server", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n" +
      "  ports: [{port: 80, protocol: {{ .Values.password }}}]\n";
    const release = await withSecret({ ...chart, "templates/service.yaml": service });
    await put(release, "Secret", "db", { password: secret });
    const error = await failureOf(release);
    assert.match(error.message, /Unsupported value: "\*\*\*"/);
  });

  it("are neither in the notes nor in the manifest for the status, but in the record and the cluster", async () => {
    const release = await withSecret({ ...chart, "templates/NOTES.txt": "Log in with {{ .Values.password }}." });
    await put(release, "Secret", "db", { password: secret });
    const manager = await release.manager();
    const { info, manifest } = await release.run(manager.installRelease());
    assert.equal(info.notes, "Log in with ***.");
    assert.ok(!manifest!.includes(secret) && manifest!.includes("***"), manifest!);
    assert.match(manifest!, /name: web-a/);
    assert.equal((await valuesOf(release)).password, secret);
    assert.equal((await release.history())[0].config?.password, secret);
  });
});

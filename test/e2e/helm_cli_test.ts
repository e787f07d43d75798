// The helm command line, versions 3 and 4, and Helmwright take turns on one release.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { storedManifest } from "../../src/release/stored-manifest.ts";
import { ensureTools } from "../cluster/tools.ts";
import { type Fixture, startFixture } from "../release/fixture.ts";

type Version = "helm" | "helm3";
const execute = promisify(execFile);

const files = {
  "Chart.yaml": "apiVersion: v2\nname: front\nversion: 1.0.0\nappVersion: '7'\n",
  "values.yaml": "replicas: 1\nextra: false\n",
  "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations:
    {{- if .Values.extra }}
    extra: "yes"
    {{- end }}
    by: chart
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      containers:
        - name: main
          image: example.com/front:{{ .Chart.AppVersion }}
          {{- if .Values.extra }}
          env:
            - name: EXTRA
              value: "1"
          {{- end }}
`,
  "templates/extra.yaml": `{{- if .Values.extra }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-extra
data: {a: b}
{{- end }}
`,
  "templates/hook.yaml": `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {helm.sh/hook: "pre-install,pre-upgrade"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/hook}]
`,
  "templates/NOTES.txt": "Replicas: {{ .Values.replicas }}\n",
};

let tools: Record<Version, string>;
before(async () => {
  tools = await ensureTools(["helm", "helm3"]);
});

for (const version of ["helm", "helm3"] as const) {
  describe(version === "helm" ? "Helm 4" : "Helm 3", () => {
    let release: Fixture;
    const values = (
      spec: Record<string, unknown>,
    ) => ["--set-json", `replicas=${spec.replicas}`, "--set-json", `extra=${spec.extra}`];
    const helm = (...args: string[]) => run(version, args);
    const run = async (by: Version, args: string[]) => {
      const { stdout } = await execute(tools[by], [
        ...args,
        "--namespace",
        release.namespace,
        "--kubeconfig",
        release.kubeconfig,
      ]);
      return stdout;
    };
    const deployment = async () =>
      (await release.api.get({
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: release.namespace,
        name: "web",
      }))!;
    /** What a person sees of the release's state: fields that come and go with the values. */
    const state = async () => {
      const { spec, metadata } = await deployment();
      const { extra, by } = metadata.annotations as Record<string, string>;
      const configMap = await release.configMap("web-extra");
      const { image, env } = spec.template.spec.containers[0];
      return { replicas: spec.replicas, extra, by, image, env: env?.length ?? 0, configMap: configMap !== undefined };
    };
    const plain = {
      replicas: 1,
      extra: undefined,
      by: "chart",
      image: "example.com/front:7",
      env: 0,
      configMap: false,
    };
    const full = { ...plain, replicas: 2, extra: "yes", env: 1, configMap: true };

    it("reads a release that Helmwright made", async () => {
      release = await startFixture(files, { replicas: 2, extra: true });
      after(release.close);
      assert.equal(await release.reconcile(), "installed");
      const [listed] = JSON.parse(await helm("list", "--output", "json"));
      assert.deepEqual(
        { ...listed, updated: "" },
        {
          name: "web",
          namespace: release.namespace,
          revision: "1",
          updated: "",
          status: "deployed",
          chart: "front-1.0.0",
          app_version: "7",
        },
      );
      const given = values({ replicas: 2, extra: true });
      const template = await run("helm", ["template", "web", release.chart.folder, "--no-hooks", ...given]);
      assert.equal((await helm("get", "manifest", "web")).trim(), storedManifest(template).trim());
      assert.deepEqual(JSON.parse(await helm("get", "values", "web", "--output", "json")), {
        extra: true,
        replicas: 2,
      });
      assert.match(await helm("get", "hooks", "web"), /name: web-hook/);
      assert.equal((await helm("get", "notes", "web")).trim(), "NOTES:\nReplicas: 2");
      const history = JSON.parse(await helm("history", "web", "--output", "json"));
      assert.deepEqual(
        history.map((entry: Record<string, unknown>) => [entry.revision, entry.status, entry.description]),
        [
          [1, "deployed", "Install complete"],
        ],
      );
      assert.equal(JSON.parse(await helm("status", "web", "--output", "json")).info.status, "deployed");
    });

    it("upgrades, rolls back and uninstalls what Helmwright installed", async () => {
      release = await startFixture(files, { replicas: 2, extra: true });
      after(release.close);
      await release.reconcile();
      assert.deepEqual(await state(), full);
      await helm("upgrade", "web", release.chart.folder, ...values({ replicas: 1, extra: false }));
      assert.deepEqual(await state(), plain);
      await helm("rollback", "web", "1");
      assert.deepEqual(await state(), full);
      assert.deepEqual((await release.states()).map((line) => line.split(":")[0]), [
        "1 superseded",
        "2 superseded",
        "3 deployed",
      ]);
      assert.equal(await release.reconcile(), "repaired 0");
      await helm("uninstall", "web");
      assert.equal(await release.configMap("web-extra"), undefined);
      assert.deepEqual(await release.states(), []);
      assert.equal(await release.reconcile(), "installed");
    });

    it("hands a release over, which is adopted without a new revision, a lost field or a restart", async () => {
      release = await startFixture(files, { replicas: 2, extra: true });
      after(release.close);
      await helm("install", "web", release.chart.folder, ...values({ replicas: 2, extra: true }));
      const before = await deployment();
      assert.equal(await release.reconcile(), "repaired 0");
      assert.deepEqual((await release.states()).map((line) => line.split(":")[0]), ["1 deployed"]);
      assert.equal((await deployment()).metadata.generation, before.metadata.generation);
    });

    it("is followed by an upgrade and an uninstall that take away what left the chart", async () => {
      release = await startFixture(files, { replicas: 2, extra: true });
      after(release.close);
      await helm("install", "web", release.chart.folder, ...values({ replicas: 2, extra: true }));
      release.setSpec({ replicas: 1, extra: false });
      assert.equal(await release.reconcile(), "updated");
      assert.deepEqual(await state(), plain);
      await helm("upgrade", "web", release.chart.folder, ...values({ replicas: 2, extra: true }));
      assert.deepEqual(await state(), full);
      assert.equal(await release.reconcile(), "updated");
      assert.deepEqual(await state(), plain);
      const history = JSON.parse(await helm("history", "web", "--output", "json"));
      assert.deepEqual(history.map((entry: Record<string, unknown>) => [entry.revision, entry.status]), [
        [1, "superseded"],
        [2, "superseded"],
        [3, "superseded"],
        [4, "deployed"],
      ]);
      const manager = await release.fresh();
      await release.run(manager.uninstallRelease);
      assert.deepEqual(JSON.parse(await helm("list", "--output", "json")), []);
      assert.equal(
        await release.api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: release.namespace, name: "web" }),
        undefined,
      );
    });
  });
}

describe("helm create's chart", () => {
  it("is installed, upgraded and uninstalled, and is what helm get manifest shows", async () => {
    const folder = mkdtempSync(join(tmpdir(), "helmwright-create-"));
    after(() => rmSync(folder, { recursive: true }));
    await execute(tools.helm, ["create", join(folder, "front")]);
    const release = await startFixture(readTree(join(folder, "front")), { replicaCount: 1 });
    after(release.close);
    const kinds = ["Deployment", "Service", "ServiceAccount"];
    const present = async () => {
      const versions = { Deployment: "apps/v1" } as Record<string, string>;
      const found = await Promise.all(kinds.map((kind) =>
        release.api.get({
          apiVersion: versions[kind] ?? "v1",
          kind,
          namespace: release.namespace,
          name: "web-front",
        })
      ));
      return found.filter((object) => object !== undefined);
    };
    assert.equal(await release.reconcile(), "installed");
    assert.equal((await present()).length, 3);
    assert.equal(await release.reconcile(), "repaired 0");
    release.setSpec({ replicaCount: 3 });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await present())[0].spec.replicas, 3);
    const place = ["--namespace", release.namespace, "--kubeconfig", release.kubeconfig];
    const { stdout: stored } = await execute(tools.helm, ["get", "manifest", "web", ...place]);
    const values = ["--set", "replicaCount=3", "--no-hooks"];
    const { stdout: wanted } = await execute(tools.helm, [
      "template",
      "web",
      release.chart.folder,
      ...values,
      ...place,
    ]);
    assert.equal(stored.trim(), storedManifest(wanted).trim());
    await release.run((await release.fresh()).uninstallRelease);
    assert.deepEqual(await present(), []);
  });
});

/** The files under a folder, by their paths in it. */
function readTree(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(folder, path), readFileSync(path, "utf8")];
  }));
}

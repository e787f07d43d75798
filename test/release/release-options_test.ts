import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Effect } from "effect";
import type { KubeClient } from "../../src/kube/kube-client.ts";
import { legacyProgress } from "../../src/release/legacy-readiness.ts";
import type { HookLog } from "../../src/release/hook-log.ts";
import { configMapTemplate, hookTemplate } from "./charts.ts";
import { startForEachTest } from "./fixture.ts";

const start = startForEachTest();
const config = { "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}") };

describe("description and labels", () => {
  it("are the records'", async () => {
    const release = await start(config, { value: "one" }, {
      description: "by the shop's operator",
      labels: { team: "a" },
    });
    await release.reconcile();
    release.setSpec({ value: "two" });
    await release.reconcile();
    const history = await release.history();
    assert.deepEqual(history.map(({ info }) => info.description), ["by the shop's operator", "by the shop's operator"]);
    const secrets = await release.api.list("v1", "Secret", release.namespace, "owner=helm,team=a");
    assert.equal(secrets.length, 2);
  });
});

describe("cleanupOnFail", () => {
  it("deletes what a failed upgrade added, and nothing else", async () => {
    const chart = {
      ...config,
      "templates/b.yaml": "{{ if .Values.bad }}" + configMapTemplate("b", "x: text") + "{{ end }}",
      "templates/c.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n" +
        "spec:\n  ports: [{port: {{ if .Values.bad }}99999{{ else }}80{{ end }}}]\n",
    };
    for (const takeOwnership of [false, true]) {
      for (const cleanupOnFail of [false, true]) {
        const release = await start(chart, { value: "one" }, { cleanupOnFail, takeOwnership });
        await release.reconcile();
        release.setSpec({ value: "two", bad: true });
        // Each try adds it anew.
        for (let tries = 0; tries < 2; tries++) {
          await assert.rejects(release.reconcile());
          assert.equal(await release.configMap("web-b") === undefined, cleanupOnFail);
          assert.notEqual(await release.configMap("web-a"), undefined);
        }
      }
    }
  });
});

describe("crds", () => {
  const crd = (group: string, description: string) =>
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: "things.${group}"}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, description: ${description}}}
`;
  const cases = [["create", "one", "one"], ["replace", "one", "two"], ["skip", undefined, undefined]] as const;
  for (const [crds, installed, upgraded] of cases) {
    it(`${crds} leaves ${installed ?? "nothing"} after an install, ${upgraded ?? "nothing"} after an upgrade`, async () => {
      const group = `c${crypto.randomUUID().slice(0, 8)}.example.com`;
      const release = await start({ ...config, "crds/thing.yaml": crd(group, "one") }, { value: "one" }, { crds });
      const described = async () => {
        const apiVersion = "apiextensions.k8s.io/v1";
        const found = await release.api.get({ apiVersion, kind: "CustomResourceDefinition", name: `things.${group}` });
        return found?.spec.versions[0].schema.openAPIV3Schema.description;
      };
      await release.reconcile();
      assert.equal(await described(), installed);
      release.chart.write("crds/thing.yaml", crd(group, "two"));
      release.setSpec({ value: "two" });
      await release.reconcile();
      assert.equal(await described(), upgraded);
    });
  }
});

describe("tests of a release", () => {
  it("run once after an install and after an upgrade, and the record tells how they went", async () => {
    const chart = {
      ...config,
      "templates/t.yaml": hookTemplate("check", "test", { outcome: "{{ .Values.outcome }}" }),
    };
    const release = await start(chart, { value: "one" }, { test: true });
    await release.reconcile();
    const manager = await release.manager();
    assert.equal(manager.isTestDue(), true);
    const { passed, message } = await release.run(manager.testRelease);
    assert.deepEqual([passed, message], [true, "Job/web-check succeeded"]);
    assert.equal(manager.isTestDue(), false);
    assert.equal((await release.manager()).isTestDue(), false);
    assert.equal(await release.reconcile(), "repaired 0");

    release.setSpec({ value: "two", outcome: "fail" });
    await release.reconcile();
    const again = await release.manager();
    const report = await release.run(again.testRelease);
    assert.equal(report.passed, false);
    assert.match(report.message, /test failed|resource Job\/.*\/web-check not ready/);
    assert.equal((await release.manager()).isTestDue(), false);
    const [, last] = await release.history();
    assert.equal(last.info.status, "deployed");
    assert.equal(last.hooks?.[0].last_run.phase, "Failed");
  });

  it("do not run when nobody asks", async () => {
    const release = await start({ ...config, "templates/t.yaml": hookTemplate("check", "test") });
    await release.reconcile();
    assert.equal((await release.manager()).isTestDue(), false);
  });
});

describe("hooks", () => {
  /** kwok's pods write no log: the client answers for the kubelet. */
  const withLogs = (kube: KubeClient["Service"]): KubeClient["Service"] => ({
    ...kube,
    podLog: (_, pod, container) => Effect.succeed(`${"x".repeat(20_000)} ${pod} ${container} says hello\n`),
  });

  it("hand on the end of their pods' logs by their policy", async () => {
    const logging = (name: string, outcome: string) =>
      hookTemplate(name, "pre-install", { outcome }).replace(
        "    helm.sh/hook-weight",
        `    helm.sh/hook-output-log-policy: ${
          outcome === "" ? "hook-succeeded" : "hook-failed"
        }\n    helm.sh/hook-weight`,
      );
    const logs: HookLog[] = [];
    const chart = {
      ...config,
      "templates/1.yaml": logging("good", ""),
      "templates/2.yaml": "{{ if .Values.bad }}" + logging("worse", "fail") + "{{ end }}",
    };
    const release = await start(chart, {}, { wrap: withLogs, onHookLog: (log) => void logs.push(log) });
    await release.reconcile();
    assert.deepEqual(logs.map(({ hook, container }) => `${hook} ${container}`), ["Job/web-good main"]);
    assert.match(logs[0].text, /^\(cut\)\nx+ web-good-\S+ main says hello\n$/);
    assert.ok(logs[0].text.length < 17_000);

    const failing = await start(chart, { bad: true }, { wrap: withLogs, onHookLog: (log) => void logs.push(log) });
    await assert.rejects(failing.reconcile(), /failed pre-install/);
    assert.deepEqual(logs.slice(1).map(({ hook }) => hook), ["Job/web-worse"]);
  });

  it("fail when they take longer than the timeout, and the error says what they wait for", async () => {
    const chart = { ...config, "templates/h.yaml": hookTemplate("slow", "pre-install", { outcome: "image-missing" }) };
    const release = await start(chart, {}, { timeout: 2_000 });
    await assert.rejects(
      release.reconcile(),
      /failed pre-install: cannot watch hook .*|resource Job\/.*\/web-slow not ready.*waited 2 s.*ImagePullBackOff/,
    );
  });

  it("do not run when they are disabled", async () => {
    const chart = { ...config, "templates/h.yaml": hookTemplate("bad", "pre-install", { outcome: "fail" }) };
    const release = await start(chart, {}, { disableHooks: true });
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual(await release.api.list("batch/v1", "Job", release.namespace), []);
  });
});

describe("wait: legacy", () => {
  const object = (kind: string, spec: unknown, status: unknown = {}, generation = 1) => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "a", generation },
    spec,
    status,
  });
  const rolling = (maxUnavailable: unknown) => ({ replicas: 4, strategy: { rollingUpdate: { maxUnavailable } } });
  const cases: [string, ReturnType<typeof object>, boolean][] = [
    ["a ConfigMap", object("ConfigMap", {}), true],
    [
      "a Deployment with all pods",
      object("Deployment", rolling("25%"), { readyReplicas: 4, observedGeneration: 1 }),
      true,
    ],
    [
      "a Deployment that may miss one",
      object("Deployment", rolling("25%"), { readyReplicas: 3, observedGeneration: 1 }),
      true,
    ],
    [
      "a Deployment that misses two",
      object("Deployment", rolling(1), { readyReplicas: 2, observedGeneration: 1 }),
      false,
    ],
    [
      "a Deployment not seen yet",
      object("Deployment", rolling(0), { readyReplicas: 4, observedGeneration: 1 }, 2),
      false,
    ],
    ["a paused Deployment", object("Deployment", { paused: true }), true],
    ["a Pod that runs", object("Pod", {}, { conditions: [{ type: "Ready", status: "True" }] }), true],
    ["a Pod that starts", object("Pod", {}, { conditions: [{ type: "Ready", status: "False" }] }), false],
    ["a Service without address", object("Service", { type: "ClusterIP" }), false],
    ["a Service elsewhere", object("Service", { type: "ExternalName" }), true],
    ["a LoadBalancer without one", object("Service", { type: "LoadBalancer", clusterIP: "1.1.1.1" }), false],
    ["a claim without volume", object("PersistentVolumeClaim", {}, { phase: "Pending" }), false],
    [
      "a StatefulSet that updates a part",
      object("StatefulSet", { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } }, {
        observedGeneration: 1,
        updatedReplicas: 1,
        readyReplicas: 3,
      }),
      true,
    ],
    [
      "a DaemonSet that misses two",
      object("DaemonSet", {}, {
        observedGeneration: 1,
        desiredNumberScheduled: 4,
        updatedNumberScheduled: 4,
        numberReady: 2,
      }),
      false,
    ],
    ["a Job that runs", object("Job", {}, { active: 1 }), true],
  ];
  for (const [what, live, ready] of cases) {
    it(`${ready ? "takes" : "waits for"} ${what}`, () => {
      const { status, message } = legacyProgress(live);
      assert.equal(status, ready ? "Current" : "InProgress", message);
    });
  }
});

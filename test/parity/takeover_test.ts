// Take-over on a live cluster, both ways: releases that somebody else made are adopted as they are, and the other goes on
// with them afterwards. The others are the helm command lines, versions 3 and 4, and, where the environment variable
// HELM_OPERATOR has the path of its executable, operator-sdk's Helm operator.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { ensureTools } from "../cluster/tools.ts";
import { type Kind, makeKind } from "../e2e/kind.ts";
import { type Operator, startOperator } from "../e2e/operator.ts";
import { logOf, revisionsOf } from "./setup.ts";

const chart = {
  "values.yaml": "replicas: 1\nextra: false\nsize: 1\n",
  "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
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
          image: example.com/front
          ports: [{containerPort: 80, name: http}]
          {{- if .Values.extra }}
          env: [{name: EXTRA, value: "1"}]
          {{- end }}
`,
  "templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
data:
  size: {{ .Values.size | quote }}
  {{- if .Values.extra }}
  extra: "yes"
  {{- end }}
`,
  "templates/rest.yaml": `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: {{ .Release.Name }}}
  ports: [{port: 80, name: http}]
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-secret
stringData: {password: hunter2}
`,
};

/** Who had the release before and has it again afterwards. */
interface Other {
  /** Makes the release of a custom resource that is there. */
  readonly install: (name: string) => Promise<void>;
  /** Ends all work on releases. */
  readonly leave: () => Promise<void>;
  /** Works on the releases again, and finds that there is nothing to do. */
  readonly comeBack: (name: string) => Promise<void>;
  /** Upgrades after the custom resource's spec has changed. */
  readonly upgrade: (name: string, spec: Spec) => Promise<void>;
  readonly uninstall: (name: string) => Promise<void>;
}

type Spec = { readonly extra: boolean; readonly size: number };

let cluster: SharedControlPlane;
let api: Api;
let tools: Record<"helm" | "helm3", string>;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
  tools = await ensureTools(["helm", "helm3"]);
});

const execute = promisify(execFile);

function helm(program: () => string, kind: Kind, namespace: string): Other {
  const run = (...args: string[]) =>
    execute(program(), [...args, "--namespace", namespace, "--kubeconfig", cluster.kubeconfig]);
  const values = ({ extra, size }: Spec) => ["--set", `extra=${extra},size=${size}`];
  return {
    install: async (name) => void await run("install", name, join(kind.folder, "chart"), ...values(first)),
    leave: async () => {},
    comeBack: async (name) => {
      const { stdout } = await run("status", name, "--output", "json");
      assert.equal(JSON.parse(stdout).info.status, "deployed");
    },
    upgrade: async (name, spec) => void await run("upgrade", name, join(kind.folder, "chart"), ...values(spec)),
    uninstall: async (name) => {
      await run("uninstall", name);
      await kind.change(namespace, name, { metadata: { finalizers: null } });
      await kind.delete(namespace, name);
    },
  };
}

function goOperator(program: string, kind: Kind, namespace: string): Other {
  let operator: Operator | undefined;
  const start = async () => {
    operator = await startOperator({
      kubeconfig: cluster.kubeconfig,
      ...kind.run,
      command: (args) => [program, "run", ...args, "--reconcile-period=2s"],
      env: { WATCH_NAMESPACE: namespace },
    });
    after(() => operator!.kill());
  };
  const reconciled = (name: string) =>
    logOf(operator!).some((line) => line.name === name && line.msg === "Reconciled release");
  return {
    async install(name) {
      await start();
      await kind.waitForCondition(namespace, name, "Deployed");
    },
    leave: async () => void await operator!.kill(),
    async comeBack(name) {
      await start();
      await waitFor("its reconcile", () => reconciled(name));
    },
    upgrade: async (name) => {
      const isUpgrade = (condition: { reason?: string }) => condition.reason === "UpgradeSuccessful";
      await kind.waitForCondition(namespace, name, "Deployed", isUpgrade);
    },
    uninstall: async (name) => {
      await kind.delete(namespace, name);
      await kind.waitUntilGone(namespace, name);
    },
  };
}

const first: Spec = { extra: true, size: 2 };
const others: Array<[string, (kind: Kind, namespace: string) => Other]> = [
  ["Helm 4's command line", (kind, namespace) => helm(() => tools.helm, kind, namespace)],
  ["Helm 3's command line", (kind, namespace) => helm(() => tools.helm3, kind, namespace)],
];
const given = process.env.HELM_OPERATOR;
if (given) others.push(["operator-sdk's Helm operator", (kind, namespace) => goOperator(given, kind, namespace)]);
else console.log("HELM_OPERATOR is not set: take-over is tested with releases of the helm command lines only.");

for (const [what, make] of others) {
  describe(`a release of ${what}`, () => {
    let kind: Kind;
    let namespace: string;
    let other: Other;
    let operator: Operator;
    before(async () => {
      kind = await makeKind(api, { chart });
      after(kind.close);
      namespace = await api.createNamespace("takeover");
      other = make(kind, namespace);
      await kind.create(namespace, "web", first);
      await other.install("web");
      await waitFor("its pod", async () => (await pods()).length === 1);
      // What somebody added by hand, and nobody may take away.
      await api.patch(config, { data: { own: "kept" }, metadata: { labels: { own: "kept" } } });
      await other.leave();
    });

    const place = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, name });
    const objects = [
      place("apps/v1", "Deployment", "web"),
      place("v1", "ConfigMap", "web-config"),
      place("v1", "Service", "web"),
      place("v1", "Secret", "web-secret"),
    ];
    const config = {
      ...objects[1],
      get namespace() {
        return namespace;
      },
    };
    const pods = async () => (await api.list("v1", "Pod", namespace)).map(({ metadata }) => metadata.uid);
    /** What people see of the release's objects: which they are, and all that is in them but books. */
    const state = () =>
      Promise.all(objects.map(async (each) => {
        const { metadata: { uid, generation, labels = {} }, spec, data } = (await api.get({ ...each, namespace }))!;
        return { uid, generation, own: labels.own, spec, data };
      }));
    const shape = async () => {
      const [{ spec }, { data }] = await state();
      return { env: spec.template.spec.containers[0].env, data };
    };

    it("is adopted without a new revision, a restarted pod or a lost field", async () => {
      const before = { state: await state(), pods: await pods(), revisions: await revisionsOf(api, namespace, "web") };
      operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...kind.run });
      after(() => operator.kill());
      await waitFor("its reconcile", () => logOf(operator).some(({ msg }) => msg === "Reconciled release"));
      await kind.waitForCondition(namespace, "web", "Deployed", ({ reason }) => reason === "InstallSuccessful");
      assert.deepEqual(await revisionsOf(api, namespace, "web"), before.revisions);
      assert.deepEqual(await state(), before.state);
      assert.deepEqual(await pods(), before.pods);
      const repaired = logOf(operator).filter(({ msg }) => msg.startsWith("Repaired"));
      assert.deepEqual(repaired, []);
    });

    it("is upgraded: what left the chart leaves the objects, what others added stays", async () => {
      await kind.change(namespace, "web", { spec: { extra: false, size: 3 } });
      await kind.waitForCondition(namespace, "web", "Deployed", ({ reason }) => reason === "UpgradeSuccessful");
      assert.deepEqual(await shape(), { env: undefined, data: { size: "3", own: "kept" } });
      assert.deepEqual(await revisionsOf(api, namespace, "web"), ["1 superseded", "2 deployed"]);
    });

    it("is given back, and nothing changes by that", async () => {
      assert.equal(await operator.stop(), 0);
      const before = { state: await state(), pods: await pods() };
      await other.comeBack("web");
      assert.deepEqual({ state: await state(), pods: await pods() }, before);
      assert.equal((await revisionsOf(api, namespace, "web")).at(-1), "2 deployed");
    });

    it("is upgraded and uninstalled by the other", async () => {
      await kind.change(namespace, "web", { spec: { extra: true, size: 4 } });
      await other.upgrade("web", { extra: true, size: 4 });
      await waitFor("revision 3", async () => (await revisionsOf(api, namespace, "web")).at(-1) === "3 deployed");
      assert.deepEqual(await shape(), {
        env: [{ name: "EXTRA", value: "1" }],
        data: { size: "4", extra: "yes", own: "kept" },
      });
      await kind.change(namespace, "web", { spec: { extra: false, size: 4 } });
      await other.upgrade("web", { extra: false, size: 4 });
      await waitFor("revision 4", async () => (await revisionsOf(api, namespace, "web")).at(-1) === "4 deployed");
      assert.deepEqual(await shape(), { env: undefined, data: { size: "4", own: "kept" } });
      await other.uninstall("web");
      for (const each of objects) {
        await waitFor(`${each.kind} ${each.name} to be gone`, async () => {
          return await api.get({ ...each, namespace }) === undefined;
        });
      }
      assert.deepEqual(await revisionsOf(api, namespace, "web"), []);
      await kind.waitUntilGone(namespace, "web");
    });
  });
}

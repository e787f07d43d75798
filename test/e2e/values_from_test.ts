// valuesFrom on a running operator: changes that arrive at once, what is missing, and secrets that stay secret.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import type { Operator } from "./operator.ts";
import { startFor } from "./started.ts";

const secretChart = {
  "templates/config.yaml": configMap,
  "templates/password.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-password
data:
  password: {{ .Values.password | default "none" | quote }}
`,
  "templates/NOTES.txt": "The password is {{ .Values.password }}.\n",
  "values.schema.json": JSON.stringify({ properties: { password: { type: "string", pattern: "^[a-z0-9-]*$" } } }),
};

let cluster: SharedControlPlane;
let api: Api;
let kind: Kind;
let operator: Operator;
let namespace: string;

before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
  kind = await makeKind(api, {
    chart: secretChart,
    watch: "  valuesFrom:\n  - {kind: ConfigMap, name: common, optional: true}\n",
  });
  namespace = await api.createNamespace();
  operator = await startFor(kind, { kubeconfig: cluster.kubeconfig });
});

const put = (kind: "ConfigMap" | "Secret", name: string, data: Record<string, string>) =>
  api.apply({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    ...(kind === "Secret" ? { stringData: data } : { data }),
  });
const remove = (kind: "ConfigMap" | "Secret", name: string) => api.delete({ apiVersion: "v1", kind, namespace, name });
const dataOf = async (name: string) => (await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name }))?.data;
const from = (secret: string) => ({
  annotations: {
    "helmwright.dev/values-from":
      `[{"kind": "Secret", "name": "${secret}", "valuesKey": "p", "targetPath": "password"}]`,
  },
});
/** All that the operator has shown of a custom resource. */
const shown = async (name: string) => {
  const events = await api.list("v1", "Event", namespace);
  return JSON.stringify([(await kind.get(namespace, name))?.status, events, operator.output()]);
};
const watchesOf = (path: string) =>
  cluster.requests({ userAgent: "helmwright/" }).filter(({ requestURI, verb }) =>
    verb === "watch" && requestURI.startsWith(`/api/v1/namespaces/${namespace}/${path}`)
  );

describe("values from elsewhere", () => {
  it("change a release at once: created, changed and deleted", async () => {
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed");
    assert.equal((await dataOf("web-config")).size, "1");
    for (const size of ["5", "6"]) {
      await put("ConfigMap", "common", { "values.yaml": `size: ${size}\n` });
      await waitFor(`size ${size}`, async () => (await dataOf("web-config")).size === size, { timeoutMs: 5_000 });
    }
    await remove("ConfigMap", "common");
    await waitFor("the chart's size", async () => (await dataOf("web-config")).size === "1", { timeoutMs: 5_000 });
  });

  it("cost nothing at rest, and are watched by name, one watch for all that refer", async () => {
    await kind.create(namespace, "second");
    await kind.waitForCondition(namespace, "second", "Deployed");
    await sleep(1_000);
    const since = cluster.auditPosition();
    await sleep(4_000);
    const requests = cluster.requests({ userAgent: "helmwright/", since }).filter(({ verb }) => verb !== "watch");
    assert.deepEqual(requests.map(({ verb, requestURI }) => `${verb} ${requestURI}`), []);
    const watches = watchesOf("configmaps").filter(({ requestURI }) => requestURI.includes("metadata.name"));
    assert.ok(watches.length > 0);
    const selectors = watches.map(({ requestURI }) =>
      new URL(requestURI, "http://x").searchParams.get("fieldSelector")
    );
    assert.deepEqual([...new Set(selectors)], ["metadata.name=common"]);
    assert.equal(watches.length, 1);
  });

  it("that are missing are waited for", async () => {
    await kind.create(namespace, "late", {}, from("late-password"));
    const failed = await kind.waitForCondition(namespace, "late", "ReleaseFailed");
    assert.match(failed.message!, /valuesFrom: Secret ".*\/late-password": there is no such Secret/);
    await sleep(3_000); // The backoff has become longer than what follows takes.
    await put("Secret", "late-password", { p: "correct-horse" });
    await kind.waitForCondition(namespace, "late", "Deployed", undefined, { timeoutMs: 5_000 });
    await kind.waitForNoCondition(namespace, "late", "ReleaseFailed");
    assert.equal((await dataOf("late-password")).password, "correct-horse");

    await remove("Secret", "late-password");
    const lost = await kind.waitForCondition(namespace, "late", "Irreconcilable");
    assert.match(lost.message!, /there is no such Secret/);
    assert.equal((await dataOf("late-password")).password, "correct-horse");
    await put("Secret", "late-password", { p: "battery-staple" });
    await waitFor("the new password", async () => (await dataOf("late-password")).password === "battery-staple");
    await kind.waitForNoCondition(namespace, "late", "Irreconcilable");
  });

  it("from Secrets are not shown, not even by a failure that quotes them", async () => {
    await put("Secret", "loud", { p: "Troubador" });
    await kind.create(namespace, "loud", {}, from("loud"));
    const failed = await kind.waitForCondition(namespace, "loud", "ReleaseFailed");
    assert.match(failed.message!, /password.*\*\*\*/s);
    await put("Secret", "loud", { p: "troubador-3" });
    const deployed = await kind.waitForCondition(namespace, "loud", "Deployed");
    assert.equal(deployed.message, "The password is ***.\n");
    const all = await shown("loud");
    for (const secret of ["Troubador", "troubador-3", btoa("troubador-3"), "correct-horse", "battery-staple"]) {
      assert.ok(!all.includes(secret), secret);
    }
    const { status } = (await kind.get(namespace, "loud"))!;
    assert.match(status.deployedRelease.manifest, /password: .*\*\*\*/);
    assert.match(status.deployedRelease.manifest, /name: loud-password/);
  });

  it("are followed no longer when nothing refers to them, and do not hinder an uninstall", async () => {
    await remove("Secret", "late-password");
    await kind.waitForCondition(namespace, "late", "Irreconcilable");
    await kind.delete(namespace, "late");
    await kind.waitUntilGone(namespace, "late");
    const since = cluster.auditPosition();
    await put("Secret", "late-password", { p: "nobody" });
    await sleep(1_000);
    assert.deepEqual(cluster.requests({ userAgent: "helmwright/", since }).filter(({ verb }) => verb !== "watch"), []);
  });
});

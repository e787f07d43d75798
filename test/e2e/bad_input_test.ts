// What users and clusters do wrong. Each time: a clear condition or log line, no crash, no hot loop, recovery by itself.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type FaultProxy, startFaultProxy } from "../cluster/proxy.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { configMap, type Kind, type KindOptions, makeKind } from "./kind.ts";
import { type Operator, startOperator } from "./operator.ts";

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

const started: Array<() => Promise<void>> = [];
after(() => Promise.all(started.map((end) => end())));

async function make(options: KindOptions): Promise<Kind> {
  const kind = await makeKind(api, options);
  started.push(() => Promise.resolve(kind.close()));
  return kind;
}

async function start(kind: Kind, options: Parameters<typeof startOperator>[0] = {}): Promise<Operator> {
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...kind.run, ...options });
  started.push(operator.kill);
  return operator;
}

/** An operator with a connection of its own that counts its requests. */
async function startCounted(kind: Kind): Promise<{ operator: Operator; proxy: FaultProxy }> {
  const proxy = await startFaultProxy(cluster);
  started.push(proxy.stop);
  return { operator: await start(kind, { kubeconfig: proxy.kubeconfig }), proxy };
}

/** How many requests but watches come within some seconds. */
async function requestsWithin(proxy: FaultProxy, seconds: number): Promise<number> {
  proxy.reset();
  await sleep(seconds * 1000);
  return proxy.requests.filter(({ isWatch }) => !isWatch).length;
}

const isRunning = (operator: Operator) =>
  Promise.race([operator.exited.then((code) => assert.fail(`exited with ${code}:\n${operator.output()}`)), sleep(1)]);

const schema = JSON.stringify({ type: "object", properties: { size: { type: "integer", maximum: 10 } } });
/** The ConfigMap with something more in its data when `size` is 99. */
const atSize99 = (more: string) =>
  configMap.replace("\ndata:\n", `\ndata:\n{{ if eq (toString .Values.size) "99" }}${more}{{ end }}\n`);
const failing = atSize99('{{ fail "size is 99" }}');
const unreadable = atSize99("  a: [b\n");
const refused = configMap.replace("name: {{", 'name: {{ if eq (toString .Values.size) "99" }}No_Name{{ end }}{{');

const charts: Array<[what: string, chart: Record<string, string>, bad: number, words: RegExp]> = [
  [
    "values that fail the chart's schema",
    { "templates/config.yaml": configMap, "values.schema.json": schema },
    99,
    /values don't meet the specifications of the schema.*(\n.*)*size/,
  ],
  ["a template that fails", { "templates/config.yaml": failing }, 99, /templates\/config\.yaml.*size is 99/s],
  ["a chart that renders invalid YAML", { "templates/config.yaml": unreadable }, 99, /YAML/],
  ["an object that the API server refuses", { "templates/config.yaml": refused }, 99, /No_Name.*RFC 1123/s],
];

for (const [what, chart, bad, words] of charts) {
  describe(what, () => {
    let kind: Kind;
    let namespace: string;
    let operator: Operator;
    let proxy: FaultProxy;
    before(async () => {
      kind = await make({ chart });
      namespace = await api.createNamespace();
      ({ operator, proxy } = await startCounted(kind));
    });

    it("is told in the status of a new resource, without a hot loop, and mended by a new spec", async () => {
      await kind.create(namespace, "fresh", { size: bad });
      const failed = await kind.waitForCondition(namespace, "fresh", "ReleaseFailed");
      assert.equal(failed.reason, "InstallError");
      assert.match(failed.message!, words);
      await sleep(2_000);
      const requests = await requestsWithin(proxy, 4);
      assert.ok(requests < 60, `${requests} requests in 4 s`);
      await isRunning(operator);
      await kind.change(namespace, "fresh", { spec: { size: 2 } });
      await kind.waitForCondition(namespace, "fresh", "Deployed");
      await kind.waitForNoCondition(namespace, "fresh", "ReleaseFailed");
    });

    it("leaves what an installed resource has, and is mended by the old spec", async () => {
      await kind.create(namespace, "old", { size: 2 });
      await kind.waitForCondition(namespace, "old", "Deployed");
      await kind.change(namespace, "old", { spec: { size: bad } });
      const failure = await waitFor(
        "a failure",
        async () =>
          (await kind.condition(namespace, "old", "Irreconcilable")) ??
            (await kind.condition(namespace, "old", "ReleaseFailed")),
      );
      assert.match(failure.message!, words);
      assert.match(failure.reason!, /^(ReconcileError|UpgradeError)$/);
      assert.equal((await kind.condition(namespace, "old", "Deployed"))!.status, "True");
      const config = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "old-config" };
      await waitFor("the old object", async () => (await api.get(config))?.data.size === "2");
      await kind.change(namespace, "old", { spec: { size: 2 } });
      await kind.waitForNoCondition(namespace, "old", failure.type);
      await isRunning(operator);
    });
  });
}

describe("missing rights", () => {
  it("are told in the status, and the release goes on when they are given", async () => {
    const kind = await make({ chart: { "templates/config.yaml": configMap } });
    const namespace = await api.createNamespace();
    const base = [
      { apiGroups: [kind.group], resources: ["*"], verbs: ["*"] },
      { apiGroups: [""], resources: ["secrets", "events"], verbs: ["*"] },
    ];
    const user = `poor-${kind.group}`;
    const operator = await start(kind, { kubeconfig: await cluster.createUser(user, base) });
    await kind.create(namespace, "web");
    const failed = await kind.waitForCondition(namespace, "web", "ReleaseFailed");
    assert.match(failed.message!, /configmaps.* is forbidden.*cannot get resource "configmaps"/);
    await cluster.createUser(user, [...base, { apiGroups: [""], resources: ["configmaps"], verbs: ["*"] }]);
    await kind.waitForCondition(namespace, "web", "Deployed", undefined, { timeoutMs: 60_000 });
    await kind.waitForNoCondition(namespace, "web", "ReleaseFailed");
    await isRunning(operator);
  });

  it("to watch the kind itself are told in the log, and keep the operator from being ready", async () => {
    const kind = await make({ chart: { "templates/config.yaml": configMap } });
    const kubeconfig = await cluster.createUser(`blind-${kind.group}`, []);
    const operator = await start(kind, { kubeconfig, startOnly: true });
    await waitFor("the log line", () => /Cannot watch .*Probe.* is forbidden/.test(operator.output()));
    await sleep(3_000);
    assert.equal(operator.output().split("Cannot watch").length, 2, operator.output());
    await isRunning(operator);
  });
});

describe("an API server that goes away for 30 s", () => {
  it("is waited for, and what changed meanwhile is done when it is back", async () => {
    const kind = await make({ chart: { "templates/config.yaml": configMap } });
    const namespace = await api.createNamespace();
    const { operator, proxy } = await startCounted(kind);
    await kind.create(namespace, "web", { size: 1 });
    await kind.waitForCondition(namespace, "web", "Deployed");
    await kind.create(namespace, "doomed");
    await kind.waitForCondition(namespace, "doomed", "Deployed");
    await sleep(500);
    const before = operator.output().length;
    proxy.goDown();
    await sleep(15_000);
    await kind.change(namespace, "web", { spec: { size: 2 } });
    await kind.delete(namespace, "doomed");
    await kind.create(namespace, "fresh");
    await sleep(15_000);
    await isRunning(operator);
    const lines = operator.output().slice(before).split("\n");
    assert.ok(lines.length < 30, `${lines.length} lines:\n${lines.join("\n")}`);
    proxy.comeBack();
    const wait = { timeoutMs: 60_000 };
    await kind.waitForCondition(namespace, "web", "Deployed", ({ reason }) => reason === "UpgradeSuccessful", wait);
    await kind.waitForCondition(namespace, "fresh", "Deployed", undefined, wait);
    await kind.waitUntilGone(namespace, "doomed", wait);
    const names = (await api.list("v1", "Secret", namespace, "owner=helm")).map(({ metadata }) => metadata.name);
    assert.deepEqual(names.sort(), [
      "sh.helm.release.v1.fresh.v1",
      "sh.helm.release.v1.web.v1",
      "sh.helm.release.v1.web.v2",
    ]);
  });
});

describe("a CRD that is not there yet", () => {
  it("is waited for, told once, and does not keep the operator from being ready", async () => {
    const kind = await make({ chart: { "templates/config.yaml": configMap }, withoutDefinition: true });
    const namespace = await api.createNamespace();
    const operator = await start(kind);
    await sleep(4_000);
    const told = operator.output().split("\n").filter((line) => line.includes("no matches for kind"));
    assert.equal(told.length, 1, operator.output());
    await kind.define();
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Deployed", undefined, { timeoutMs: 40_000 });
  });
});

describe("a configuration that cannot be used", () => {
  const cases: Array<[what: string, watch: string, words: RegExp]> = [
    ["an unknown field with --strict", "  colour: red\n", /watches\.yaml:5: entry 1 \(Probe\): unknown field "colour"/],
    ["a wrong type", "  maxHistory: many\n", /watches\.yaml:5: entry 1 \(Probe\): maxHistory must be a whole number/],
    ["a GVK twice", "TWICE", /watches\.yaml:\d+: entry 2 \(Probe\): .*occurs twice/],
  ];
  for (const [what, watch, words] of cases) {
    it(`ends the operator before anything starts: ${what}`, async () => {
      const kind = await make({ chart: {}, watch, withoutDefinition: true });
      if (watch === "TWICE") {
        const { readFileSync, writeFileSync } = await import("node:fs");
        const entry = readFileSync(kind.run.watches, "utf8").replace("TWICE", "");
        writeFileSync(kind.run.watches, entry + entry);
      }
      const operator = await start(kind, { startOnly: true, args: ["--strict"] });
      assert.equal(await operator.exited, 1);
      assert.match(operator.output(), /^Error: Cannot use the watches/m);
      assert.match(operator.output(), words);
    });
  }

  it("names a kubeconfig that is not there", async () => {
    const kind = await make({ chart: {}, withoutDefinition: true });
    const operator = await start(kind, { startOnly: true, args: ["--kubeconfig", "/nowhere"] });
    assert.equal(await operator.exited, 1);
    assert.match(operator.output(), /^Error: .*\/nowhere/m);
  });
});

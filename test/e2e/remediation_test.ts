import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { type Kind, makeKind } from "./kind.ts";
import { startOperator } from "./operator.ts";
import { failProbe } from "./probe.ts";
import { startWebhook } from "./webhook.ts";

/** The API server refuses the Service when `port` is 99999. */
const chart = {
  "templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-a"}
data: {port: {{ .Values.port | quote }}}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: {{ .Values.port }}}]}
`,
};

let api: Api;
let kubeconfig: string;
before(async () => {
  ({ api, kubeconfig } = await sharedControlPlane());
});

const started: Array<() => Promise<void>> = [];
after(() => Promise.all(started.map((end) => end())));

async function begin(watch: string, files: Readonly<Record<string, string>> = chart) {
  const kind = await makeKind(api, { chart: files, watch });
  started.push(() => Promise.resolve(kind.close()));
  const operator = await startOperator({ kubeconfig, ...kind.run });
  started.push(operator.kill);
  return { kind, operator, namespace: await api.createNamespace() };
}

const stalled = (kind: Kind, namespace: string) =>
  kind.waitForCondition(namespace, "web", "Stalled", undefined, { timeoutMs: 60_000 });
const records = async (namespace: string) =>
  (await api.list("v1", "Secret", namespace, "owner=helm,name=web"))
    .sort((a, b) => Number(a.metadata.labels!.version) - Number(b.metadata.labels!.version))
    .map(({ metadata }) => metadata.labels!.status);
const reasons = async (namespace: string) => (await api.list("v1", "Event", namespace)).map(({ reason }) => reason);

describe("remediation", () => {
  it("rolls back, gives up after the retries, rests, and tries again when it is asked to", async () => {
    const { kind, namespace, operator } = await begin("  remediation:\n    retries: 1\n");
    await kind.create(namespace, "web", { port: 80 });
    await kind.waitForCondition(namespace, "web", "Deployed");
    await kind.change(namespace, "web", { spec: { port: 99999 } });
    const { message } = await stalled(kind, namespace);
    assert.match(message!, /^Gave up after 2 tries: .* annotation helmwright\.dev\/retry .*Service "web" is invalid/);
    const failed = await kind.condition(namespace, "web", "ReleaseFailed");
    assert.match(failed!.message!, /spec\.ports\[0\]\.port/);
    assert.ok((await reasons(namespace)).includes("RolledBack"));

    const attempts = () => operator.output().split("Release failed").length - 1;
    const config = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-a" };
    const before = attempts();
    await sleep(4_000);
    assert.equal(attempts(), before);
    await api.patch(config, { data: { port: "drifted" } });
    await waitFor("the repair", async () => (await api.get(config))?.data.port === "80");
    assert.equal(attempts(), before);

    await kind.change(namespace, "web", { metadata: { annotations: { "helmwright.dev/retry": "now" } } });
    await waitFor("two more tries", () => attempts() === before + 2, { timeoutMs: 30_000 });
    await stalled(kind, namespace);

    await kind.change(namespace, "web", { spec: { port: 81 } });
    await kind.waitForNoCondition(namespace, "web", "Stalled");
    await waitFor("the port", async () => (await api.get(config))?.data.port === "81");
  });

  it("goes on with its tries, and gives up as before, when the operator is restarted", async () => {
    for (const strategy of ["rollback", "uninstall"]) {
      const { kind, namespace, operator } = await begin(`  remediation: {strategy: ${strategy}, retries: 1}\n`);
      const restart = async () => {
        const operator = await startOperator({ kubeconfig, ...kind.run });
        started.push(operator.kill);
        return { operator, attempts: () => operator.output().split("Release failed").length - 1 };
      };
      await kind.create(namespace, "web", { port: 80 });
      await kind.waitForCondition(namespace, "web", "Deployed");
      await kind.change(namespace, "web", { spec: { port: 99999 } });
      await kind.waitForCondition(namespace, "web", "ReleaseFailed");
      await operator.kill();
      const second = await restart();
      const { message } = await stalled(kind, namespace);
      assert.match(message!, /^Gave up after 2 tries: /);
      assert.equal(second.attempts(), 1);
      await second.operator.kill();

      const history = await records(namespace);
      const third = await restart();
      await waitFor("the resource to be looked at", () => third.operator.output().includes("no try is left"));
      if (strategy === "rollback") {
        const config = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-a" };
        await api.patch(config, { data: { port: "drifted" } });
        await waitFor("the repair", async () => (await api.get(config))?.data.port === "80");
      }
      assert.equal(third.attempts(), 0);
      assert.deepEqual(await records(namespace), history);
      await kind.change(namespace, "web", { metadata: { annotations: { "helmwright.dev/retry": "now" } } });
      await waitFor("two more tries", () => third.attempts() === 2, { timeoutMs: 30_000 });
      await kind.change(namespace, "web", { spec: { port: 81 } });
      await kind.waitForNoCondition(namespace, "web", "Stalled");
      assert.equal((await kind.get(namespace, "web"))!.status.failures, undefined);
    }
  });

  it("uninstalls a release whose upgrade failed, where the resource asks for it", async () => {
    const { kind, namespace } = await begin("");
    const annotations = { "helmwright.dev/remediation": "uninstall", "helmwright.dev/remediation-retries": "0" };
    await kind.create(namespace, "web", { port: 80 }, { annotations });
    await kind.waitForCondition(namespace, "web", "Deployed");
    await kind.change(namespace, "web", { spec: { port: 99999 } });
    await stalled(kind, namespace);
    assert.deepEqual(await records(namespace), []);
    assert.equal(await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-a" }), undefined);
    await kind.change(namespace, "web", { spec: { port: 81 } });
    await kind.waitForNoCondition(namespace, "web", "Stalled");
    assert.deepEqual(await records(namespace), ["deployed"]);
  });

  it("leaves what failed with retry", async () => {
    const { kind, namespace } = await begin("  remediation: {strategy: retry, retries: 0}\n");
    await kind.create(namespace, "web", { port: 99999 });
    await stalled(kind, namespace);
    assert.deepEqual(await records(namespace), ["failed"]);
    assert.ok(await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-a" }));
    await kind.change(namespace, "web", { spec: { port: 80 } });
    await kind.waitForCondition(namespace, "web", "Deployed");
    await kind.change(namespace, "web", { spec: { port: 99999 } });
    await stalled(kind, namespace);
    assert.deepEqual(await records(namespace), ["failed", "deployed", "failed"]);
    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web");
  });
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {helmwright.test/outcome: "{{ .Values.outcome }}"}
    spec:
      containers:
      - {name: main, image: example.com/main, resources: {limits: {memory: {{ .Values.memory | default "1Mi" }}}}}
`;

describe("the condition of a release that failed", () => {
  it("says for which reason a pod waits", async () => {
    const watch = "  wait: watcher\n  timeout: 3s\n  remediation: {retries: 0}\n";
    const { kind, namespace } = await begin(watch, { "templates/all.yaml": deployment });
    await kind.create(namespace, "web", { outcome: "image-missing" });
    await stalled(kind, namespace);
    const { message } = (await kind.condition(namespace, "web", "ReleaseFailed"))!;
    assert.match(message!, /Deployment\/.*\/web not ready.*pod web-\S+: container main waits: ImagePullBackOff/);
  });

  it("says what a pod's probe says", async () => {
    const watch = "  wait: watcher\n  timeout: 5s\n  remediation: {retries: 0}\n";
    const { kind, namespace } = await begin(watch, { "templates/all.yaml": deployment });
    await kind.create(namespace, "web", { outcome: "never-ready" });
    await failProbe(api, namespace, "app=web", "connection refused");
    await stalled(kind, namespace);
    const { message } = (await kind.condition(namespace, "web", "ReleaseFailed"))!;
    assert.match(message!, /pod web-\S+: containers with unready status: Readiness probe failed: connection refused/);
  });

  it("says once which quota is used up, or which limit is exceeded", async () => {
    const watch = "  wait: watcher\n  timeout: 3s\n  remediation: {retries: 0}\n";
    const { kind, namespace } = await begin(watch, { "templates/all.yaml": deployment });
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none", namespace } };
    await api.create({ ...quota, spec: { hard: { pods: "0" } } });
    await sleep(1_000);
    await kind.create(namespace, "web", {});
    await stalled(kind, namespace);
    const { message } = (await kind.condition(namespace, "web", "ReleaseFailed"))!;
    assert.match(message!, /Deployment\/.*\/web not ready.*exceeded quota: none, requested: pods=1/);
    assert.equal(message!.split("exceeded quota").length, 2, message!);

    await api.delete({ ...quota, namespace, name: "none" });
    await api.create({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "small", namespace },
      spec: { limits: [{ type: "Container", max: { memory: "1Gi" } }] },
    });
    await sleep(1_000);
    await kind.change(namespace, "web", { spec: { memory: "8Gi" } });
    const limited = await kind.waitForCondition(
      namespace,
      "web",
      "ReleaseFailed",
      ({ message }) => /per Container is 1Gi/.test(message!),
    );
    assert.match(limited.message!, /not ready.*maximum memory usage per Container is 1Gi, but limit is 8Gi/);
    assert.equal(limited.message!.split("maximum memory").length, 2, limited.message!);
  });

  it("has an admission webhook's own words, of the object and of its pods", async () => {
    const watch = "  wait: watcher\n  timeout: 3s\n  remediation: {retries: 0}\n";
    const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
    const files = {
      "templates/all.yaml": "{{ if .Values.service }}" + service + "{{ else }}" + deployment + "{{ end }}",
    };
    const { kind, namespace } = await begin(watch, files);
    const webhook = await startWebhook(await sharedControlPlane(), { namespace, resources: ["services", "pods"] });
    started.push(webhook.stop);
    webhook.verdict = "nothing on Mondays";
    const probe = { apiVersion: "v1", kind: "Service", metadata: { name: "probe", namespace } };
    const refuses = (words: RegExp) =>
      waitFor(`the webhook to say ${words}`, async () => {
        const spec = { ports: [{ port: 1 }] };
        const told = await api.create({ ...probe, spec }).then(() => "", ({ message }) => message);
        if (told === "") await api.delete({ ...probe, namespace, name: "probe" });
        return words.test(told);
      }, { timeoutMs: 60_000 });
    const message = async () => {
      await stalled(kind, namespace);
      return (await kind.condition(namespace, "web", "ReleaseFailed"))!.message!;
    };
    await refuses(/Mondays/);
    await kind.create(namespace, "web", { service: true });
    assert.equal(
      await message(),
      `failed to install release: server-side apply failed for object ${namespace}/web v1, Kind=Service: ` +
        `admission webhook "${webhook.name}" denied the request: nothing on Mondays`,
    );
    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web");
    await kind.create(namespace, "web", { service: false });
    const ofPods = await message();
    assert.match(ofPods, /Deployment\/\S+\/web not ready.*denied the request: nothing on Mondays/);
    assert.equal(ofPods.split("Mondays").length, 2, ofPods);

    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web");
    await webhook.goDown();
    await refuses(/failed calling webhook/);
    const words = new RegExp(`Kind=Service: .*failed calling webhook "${webhook.name}": .*refused`);
    await kind.create(namespace, "web", { service: true });
    await kind.waitForCondition(namespace, "web", "ReleaseFailed", ({ message }) => words.test(message!));
    // It may be on its way: that counts as no try, and nothing is undone.
    await sleep(3_000);
    assert.equal(await kind.condition(namespace, "web", "Stalled"), undefined);
    assert.deepEqual(await records(namespace), ["pending-install"]);
    webhook.verdict = null;
    await webhook.comeBack();
    await kind.waitForCondition(namespace, "web", "Deployed", undefined, { timeoutMs: 60_000 });
    assert.deepEqual(await records(namespace), ["deployed"]);
  });

  it("names the object whose kind nobody serves, and says what to do", async () => {
    const { kind, namespace } = await begin("  remediation: {retries: 0}\n", {
      "templates/all.yaml": "apiVersion: example.com/v9\nkind: Nothing\nmetadata: {name: thing}\n",
    });
    await kind.create(namespace, "web");
    const { message } = await kind.waitForCondition(namespace, "web", "ReleaseFailed");
    assert.equal(
      message,
      'failed to install release: resource mapping not found for name: "thing" namespace: "" from "": ' +
        'no matches for kind "Nothing" in version "example.com/v9"\nensure CRDs are installed first',
    );
  });

  it("has an admission policy's own words", async () => {
    const { kind, namespace } = await begin("  remediation: {retries: 0}\n");
    const name = `refuse-${kind.group}`;
    const admission = "admissionregistration.k8s.io/v1";
    await api.create({
      apiVersion: admission,
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["services"] }],
        },
        validations: [{ expression: "false", message: "no services on Mondays" }],
      },
    });
    await api.create({
      apiVersion: admission,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ["Deny"],
        matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
      },
    });
    const probe = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "probe", namespace },
      spec: { ports: [{ port: 1 }] },
    };
    await waitFor("the policy", async () => {
      const created = await api.create(probe).then(() => true, () => false);
      if (created) await api.delete({ apiVersion: "v1", kind: "Service", namespace, name: "probe" });
      return !created;
    }, { timeoutMs: 60_000 });
    await kind.create(namespace, "web", { port: 80 });
    await stalled(kind, namespace);
    assert.match((await kind.condition(namespace, "web", "ReleaseFailed"))!.message!, /no services on Mondays/);
  });
});

// Statements 46 to 57: events, metrics, health, the lease, the image, missing rights, uninstall and the log.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { waitFor } from "../cluster/api.ts";
import { signClient } from "../cluster/certificates.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { configMap, makeKind } from "../e2e/kind.ts";
import { helmwrightCommand, startOperator } from "../e2e/operator.ts";
import {
  annotation,
  configMapWith,
  configOf,
  everything,
  logOf,
  type Project,
  startProject,
  waitForEvent,
} from "./setup.ts";

const hooks = ["pre-delete", "post-delete"].map((event) =>
  configMapWith("a: b", { name: event, metadata: `annotations: {helm.sh/hook: ${event}}` })
);
const kinds = {
  overridden: { chart: { "templates/config.yaml": configMap }, watch: "  overrideValues: {size: big}\n" },
  ordered: {
    chart: {
      "templates/config.yaml": configMap,
      "templates/service.yaml":
        'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {ports: [{port: 80}]}\n',
      "templates/pre.yaml": hooks[0],
      "templates/post.yaml": hooks[1],
    },
  },
  slow: {
    chart: { "templates/config.yaml": configMap },
    watch: "  watchDependentResources: false\n",
  },
} as const;

const user = `operations-${crypto.randomUUID().slice(0, 8)}`;
let project: Project<keyof typeof kinds>;
let healthAddress: string;
let lease: string;
before(async () => {
  const { api } = await sharedControlPlane();
  lease = await api.createNamespace("parity");
  const command = (flags: ReadonlyArray<string>): [string, ...string[]] => {
    healthAddress = flags.find((flag) => flag.startsWith("--health"))!.split("=")[1];
    return [...helmwrightCommand(), "run", ...flags];
  };
  const args = ["--leader-elect", `--leader-election-namespace=${lease}`];
  project = await startProject(kinds, {
    user,
    command: (flags) => command([...flags, ...args]),
    env: { OPERATOR_NAME: "by-name" },
  });
});
after(() => project?.close());

test("S46 each override is told in an event before an install, and its value can be hidden", async () => {
  const { kinds: { overridden }, api, namespace } = project;
  await overridden.create(namespace, "s46");
  const event = await waitForEvent(api, namespace, "s46", "OverrideValuesInUse");
  assert.equal(event.type, "Warning");
  assert.equal(event.message, `Chart value "size" overridden to "big" by operator's watches.yaml`);
  const hidden = await startProject({ overridden: kinds.overridden }, { args: ["--suppress-override-values"] });
  after(hidden.close);
  await hidden.kinds.overridden.create(hidden.namespace, "s46");
  const { message } = await waitForEvent(api, hidden.namespace, "s46", "OverrideValuesInUse");
  assert.equal(message, `Chart value "size" overridden to "****" by operator's watches.yaml`);
});

test("S47 the metrics have operator-sdk's and controller-runtime's names and labels", async () => {
  const { kinds: { ordered }, namespace } = project;
  await ordered.create(namespace, "s47");
  await ordered.waitForCondition(namespace, "s47", "Deployed");
  const metrics = await project.operator.metrics();
  const controller = 'controller="probe-controller"';
  for (
    const line of [
      'helm_operator_build_info{version="',
      `resource_created_at_seconds{name="s47",namespace="${namespace}",group="${ordered.group}",version="v1",kind="Probe"}`,
      ...["success", "error", "requeue", "requeue_after"].map((result) =>
        `controller_runtime_reconcile_total{${controller},result="${result}"}`
      ),
      `controller_runtime_reconcile_errors_total{${controller}}`,
      `controller_runtime_terminal_reconcile_errors_total{${controller}}`,
      `controller_runtime_reconcile_panics_total{${controller}}`,
      `controller_runtime_reconcile_time_seconds_bucket{${controller}`,
      `controller_runtime_max_concurrent_reconciles{${controller}}`,
      `controller_runtime_active_workers{${controller}}`,
      ...["depth", "adds_total", "retries_total"].map((name) =>
        `workqueue_${name}{${controller},name="probe-controller"`
      ),
      "workqueue_queue_duration_seconds_bucket{",
      "workqueue_work_duration_seconds_bucket{",
      "rest_client_requests_total{",
      'leader_election_master_status{name="by-name"} 1',
      "process_",
    ]
  ) assert.ok(metrics.includes(`\n${line}`), line);
});

test("S48 /healthz and /readyz answer 200 ok", async () => {
  for (const path of ["healthz", "readyz"]) {
    const answer = await fetch(`http://${healthAddress}/${path}`);
    assert.deepEqual([answer.status, (await answer.text()).trim()], [200, "ok"], path);
  }
});

test("S49 the lock is a Lease of 15 s with the identity hostname_uuid; OPERATOR_NAME gives the missing id", async () => {
  const reference = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: lease, name: "by-name" };
  const { spec } = (await project.api.get(reference))!;
  assert.match(spec.holderIdentity, /^[^_]+_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(spec.leaseDurationSeconds, 15);
});

const refusals: Array<[name: string, args: string[], words: RegExp]> = [
  ["S49 without an id the start ends with exit code 1", ["--leader-elect"], /LeaderElectionID must be configured/],
  [
    "S50 --metrics-require-rbac without --metrics-secure is refused",
    ["--metrics-require-rbac"],
    /--metrics-secure flag is required when --metrics-require-rbac is present/,
  ],
];
for (const [name, args, words] of refusals) {
  test(name, async () => {
    const operator = await startOperator({ ...project.kinds.slow.run, args, startOnly: true });
    assert.equal(await operator.exited, 1);
    assert.match(operator.output(), words);
  });
}

test("S51 the image has operator-sdk's paths and entrypoint, and a group-writable home", () => {
  const dockerfile = readFileSync(resolve(import.meta.dirname!, "..", "..", "Dockerfile"), "utf8");
  const last = (name: string) =>
    dockerfile.split("\n").findLast((line) => line.startsWith(name))!.slice(name.length + 1);
  assert.equal(last("ENTRYPOINT"), '["/usr/local/bin/helm-operator", "run", "--watches-file=./watches.yaml"]');
  assert.equal(last("WORKDIR"), "/opt/helm");
  assert.equal(last("ENV"), "HOME=/opt/helm");
  assert.match(last("USER"), /^[1-9]\d*:/);
  assert.match(dockerfile, /chown \d+:0 \/image\/opt\/helm && chmod 775 \/image\/opt\/helm/);
});

test("S52 secure metrics have a certificate of their own, or the one that is mounted", async () => {
  const { cluster, kinds: { slow } } = project;
  const temporary = mkdtempSync(join(tmpdir(), "helmwright-parity-"));
  after(() => rmSync(temporary, { recursive: true }));
  const subject = async () => {
    let port = 0;
    const operator = await startOperator({
      kubeconfig: cluster.kubeconfig,
      ...slow.run,
      env: { TMPDIR: temporary },
      command: (flags) => {
        port = Number(flags.find((flag) => flag.startsWith("--metrics"))!.split(":").at(-1));
        return [...helmwrightCommand(), "run", ...flags, "--metrics-secure"];
      },
    });
    try {
      return await new Promise<string>((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.end();
        });
        socket.on("error", reject);
      });
    } finally {
      await operator.kill();
    }
  };
  assert.notEqual(await subject(), "mounted");
  const folder = join(temporary, "k8s-metrics-server", "serving-certs");
  mkdirSync(folder, { recursive: true });
  const { certificate, key } = await signClient(cluster.authority, { user: "mounted" });
  writeFileSync(join(folder, "tls.crt"), certificate);
  writeFileSync(join(folder, "tls.key"), key);
  assert.equal(await subject(), "mounted");
});

test("S53 a namespace whose Secrets cannot be read is told of, and holds no other up", async () => {
  const { api, cluster } = project;
  const [good, bad] = [await api.createNamespace("parity"), await api.createNamespace("parity")];
  const kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
  after(kind.close);
  const name = `half-${kind.group.slice(0, 9)}`;
  await cluster.createUser(name, everything.slice(0, 1), { namespace: good });
  const rules = [
    { apiGroups: [kind.group], resources: ["*"], verbs: ["*"] },
    { apiGroups: [""], resources: ["events", "configmaps"], verbs: ["*"] },
  ];
  const kubeconfig = await cluster.createUser(name, rules, { namespace: bad });
  await kind.create(bad, "web");
  const operator = await startOperator({ kubeconfig, ...kind.run, env: { WATCH_NAMESPACE: `${bad},${good}` } });
  after(operator.kill);
  await kind.create(good, "web");
  await kind.waitForCondition(good, "web", "Deployed");
  const failed = await kind.waitForCondition(bad, "web", "ReleaseFailed");
  assert.match(failed.message!, /secrets.* is forbidden/);
});

test("S54 an API that is gone holds up neither an upgrade nor an uninstall", async () => {
  const { api, cluster, namespace } = project;
  const gone = await makeKind(api, { chart: {} });
  const object = configMapWith("a: b").replace("v1", gone.apiVersion).replace("ConfigMap", "Probe")
    .replace("data:\n  a: b", "spec: {}");
  const kind = await makeKind(api, { chart: { "templates/config.yaml": configMap, "templates/gone.yaml": object } });
  after(() => [gone, kind].forEach((each) => each.close()));
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...kind.run });
  after(operator.kill);
  for (const name of ["s54-upgraded", "s54-deleted"]) {
    await kind.create(namespace, name, { size: 1 });
    await kind.waitForCondition(namespace, name, "Deployed");
  }
  const name = gone.definition.metadata.name!;
  await api.delete({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name });
  await waitFor("its end", async () => !JSON.stringify(await api.request("GET", "/apis")).includes(gone.group));
  await kind.delete(namespace, "s54-deleted");
  await kind.waitUntilGone(namespace, "s54-deleted");
  assert.equal(await api.get(configOf(namespace, "s54-deleted")), undefined);
  kind.writeChart("templates/gone.yaml", "");
  await kind.change(namespace, "s54-upgraded", { spec: { size: 2 } });
  await waitFor("the size", async () => (await api.get(configOf(namespace, "s54-upgraded")))?.data.size === "2");
});

test("S55 an uninstall deletes in reverse order, with its hooks around it", async () => {
  const { kinds: { ordered }, api, cluster, namespace } = project;
  await ordered.create(namespace, "s55");
  await ordered.waitForCondition(namespace, "s55", "Deployed");
  const since = cluster.auditPosition();
  await ordered.delete(namespace, "s55");
  await ordered.waitUntilGone(namespace, "s55");
  await sleep(200);
  const steps = cluster.requests({ user, since })
    .filter(({ verb, requestURI }) =>
      /^(delete|patch|create)$/.test(verb) && /(configmaps|services)\/s55/.test(requestURI)
    )
    .map(({ verb, requestURI }) => `${verb} ${/s55[a-z-]*/.exec(requestURI)![0]}`);
  assert.deepEqual(steps, ["patch s55-pre-delete", "delete s55", "delete s55-config", "patch s55-post-delete"]);
  for (const name of ["s55-pre-delete", "s55-post-delete"]) {
    assert.ok(await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name }) !== null, name);
  }
});

test("S56 watchDependentResources: false leaves the resource's events and the period", async () => {
  const { kinds: { slow }, api, namespace } = project;
  await slow.create(namespace, "s56");
  await slow.waitForCondition(namespace, "s56", "Deployed");
  await api.patch(configOf(namespace, "s56"), { data: { size: "x" } });
  await sleep(300);
  assert.equal((await api.get(configOf(namespace, "s56")))!.data.size, "x");
  const annotations = { [annotation("reconcile-period")]: "1s" };
  await slow.change(namespace, "s56", { metadata: { annotations } });
  for (let time = 1; time <= 2; time++) { // First by the resource's event, then by the period.
    await waitFor("the repair", async () => (await api.get(configOf(namespace, "s56")))!.data.size === "1");
    await api.patch(configOf(namespace, "s56"), { data: { size: "x" } });
  }
});

test("S57 the log is JSON in zap's form, and a line ends each path", async () => {
  const { kinds: { slow }, namespace } = project;
  await slow.create(namespace, "s57", { size: 1 });
  await slow.waitForCondition(namespace, "s57", "Deployed");
  await slow.change(namespace, "s57", { spec: { size: 2 } });
  await slow.waitForCondition(namespace, "s57", "Deployed", ({ reason }) => reason === "UpgradeSuccessful");
  await project.reconcileAgain(slow, "s57");
  await slow.delete(namespace, "s57");
  await slow.waitUntilGone(namespace, "s57");
  const lines = logOf(project.operator).filter(({ name }) => name === "s57");
  for (
    const msg of [
      "Installed release",
      "Upgraded release",
      "Reconciled release",
      "Uninstalled release",
      "Removing finalizer",
    ]
  ) {
    const line = lines.find((line) => line.msg === msg)!;
    assert.ok(line, msg);
    assert.equal(line.level, "info");
    assert.equal(line.logger, "helm.controller");
    assert.equal(line.release, "s57");
    assert.equal(line.kind, "Probe");
    assert.ok(!Number.isNaN(Date.parse(String(line.ts))));
  }
  assert.equal(lines.find(({ msg }) => msg === "Upgraded release")!.force, false);
});

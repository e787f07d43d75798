import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { waitFor } from "./api.ts";
import { startControlPlane } from "./control-plane.ts";
import { sharedControlPlane } from "./shared.ts";
import { ensureTools } from "./tools.ts";

const podSpec = { containers: [{ name: "main", image: "example.test/image" }] };

describe("a shared control plane", () => {
  it("is the same for everybody in a test run", async () => {
    const [first, second] = await Promise.all([sharedControlPlane(), sharedControlPlane()]);
    assert.equal(first.server, second.server);
    assert.equal(first.directory, second.directory);
  });

  it("makes the pods of a Deployment Ready", async () => {
    const { api } = await sharedControlPlane();
    const namespace = await api.createNamespace();
    await api.create({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: podSpec },
      },
    });
    await waitFor("three ready replicas", async () => {
      const web = await api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" });
      return web?.status?.readyReplicas === 3;
    });
  });

  it("gives claims a volume and load balancers an address", async () => {
    const { api } = await sharedControlPlane();
    const namespace = await api.createNamespace();
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: "data" };
    await api.create({
      ...claim,
      metadata: { name: claim.name, namespace },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const service = { apiVersion: "v1", kind: "Service", namespace, name: "web" };
    await api.create({
      ...service,
      metadata: { name: service.name, namespace },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
    await waitFor("the claim to be bound", async () => (await api.get(claim))?.status?.phase === "Bound");
    await waitFor("an address", async () => (await api.get(service))?.status?.loadBalancer?.ingress?.[0]?.ip);
  });

  const endings = [
    { outcome: "", condition: "Complete" },
    { outcome: "fail", condition: "Failed" },
  ];
  for (const { outcome, condition } of endings) {
    it(`ends a Job as ${condition}${outcome && ` when its pod's outcome is ${outcome}`}`, async () => {
      const { api } = await sharedControlPlane();
      const namespace = await api.createNamespace();
      const annotations = outcome === "" ? {} : { "helmwright.test/outcome": outcome };
      await api.create({
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "work", namespace },
        spec: {
          backoffLimit: 0,
          template: { metadata: { annotations }, spec: { ...podSpec, restartPolicy: "Never" } },
        },
      });
      await waitFor(`the Job to be ${condition}`, async () => {
        const job = await api.get({ apiVersion: "batch/v1", kind: "Job", namespace, name: "work" });
        return job?.status?.conditions?.some((found: Record<string, string>) => found.type === condition);
      });
    });
  }

  const stuck = [
    { outcome: "never-ready", phase: "Running", waiting: undefined },
    { outcome: "image-missing", phase: "Pending", waiting: "ImagePullBackOff" },
    { outcome: "crash-loop", phase: "Running", waiting: "CrashLoopBackOff" },
  ];
  for (const { outcome, phase, waiting } of stuck) {
    it(`leaves a pod not ready when its outcome is ${outcome}, and deletes it when asked`, async () => {
      const { api } = await sharedControlPlane();
      const namespace = await api.createNamespace();
      const pod = { apiVersion: "v1", kind: "Pod", namespace, name: "stuck" };
      const annotations = { "helmwright.test/outcome": outcome };
      await api.create({ ...pod, metadata: { name: pod.name, namespace, annotations }, spec: podSpec });
      const status = await waitFor(`phase ${phase}`, async () => {
        const { status } = (await api.get(pod))!;
        return status.containerStatuses !== undefined && status.phase === phase && status;
      });
      assert.equal(status.containerStatuses[0].ready, false);
      assert.equal(status.containerStatuses[0].state.waiting?.reason, waiting);
      await api.delete(pod);
      await waitFor("the pod to be gone", async () => await api.get(pod) === undefined);
    });
  }

  it("gives a user its rights and no more, and counts its requests", async () => {
    const controlPlane = await sharedControlPlane();
    const namespace = await controlPlane.api.createNamespace();
    const kubeconfig = await controlPlane.createUser(`reader-of-${namespace}`, [
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] },
    ], { namespace });
    const { helm } = await ensureTools(["helm"]);
    const mark = controlPlane.auditPosition();
    const listed = execFileSync(helm, ["list", "-n", namespace, "--kubeconfig", kubeconfig, "-o", "json"]);
    assert.deepEqual(JSON.parse(listed.toString()), []);
    assert.throws(
      () => execFileSync(helm, ["list", "-n", "default", "--kubeconfig", kubeconfig], { stdio: "pipe" }),
      /cannot list resource "secrets"/,
    );
    const requests = await waitFor("both requests in the audit log", () => {
      const found = controlPlane.requests({ user: `reader-of-${namespace}`, since: mark });
      return found.filter(({ verb }) => verb === "list").length === 2 && found;
    });
    assert.deepEqual(requests.filter(({ verb }) => verb === "list").map(({ status }) => status), [200, 403]);
  });
});

describe("a control plane of one's own", () => {
  it("keeps its address and objects over a restart of its API server, and is gone when stopped", async () => {
    const controlPlane = await startControlPlane();
    const { api, directory } = controlPlane;
    try {
      const namespace = await api.createNamespace();
      await controlPlane.stopApiServer();
      await assert.rejects(api.get({ apiVersion: "v1", kind: "Namespace", name: namespace }));
      await controlPlane.startApiServer();
      assert.ok(await api.get({ apiVersion: "v1", kind: "Namespace", name: namespace }));
    } finally {
      await controlPlane.stop();
    }
    assert.equal(existsSync(directory), false);
    assert.equal(processesOf(directory), "");
  });

  it("is ended by the reaper when its owner is killed", async () => {
    const script = `
      import { startControlPlane } from ${JSON.stringify(import.meta.resolve("./control-plane.ts"))};
      const { directory } = await startControlPlane();
      console.log(directory);
      process.kill(process.pid, "SIGKILL");
    `;
    let output = "";
    try {
      execFileSync(process.execPath, ["run", "--allow-all", "-"], { input: script, stdio: ["pipe", "pipe", "ignore"] });
    } catch (error) {
      output = String((error as { stdout: unknown }).stdout);
    }
    const directory = output.trim();
    assert.match(directory, /helmwright-cluster-/);
    await waitFor("the folder to be gone", () => !existsSync(directory), { timeoutMs: 15_000 });
    assert.equal(processesOf(directory), "");
  });
});

/** The processes that have a folder in their arguments, as `ps` shows them. */
function processesOf(directory: string): string {
  const all = execFileSync("ps", ["-eo", "pid=,args="]).toString().split("\n");
  return all.filter((line) => line.includes(directory)).join("\n");
}

// An operator's figures: cold start, memory, the time to deploy many custom resources, and the cost of rest.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { waitFor } from "../../test/cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../../test/cluster/control-plane.ts";
import { createChart } from "./charts.ts";
import { freePort, table } from "./measure.ts";

/** How many custom resources are deployed. */
const COUNT = Number(process.env.BENCH_COUNT ?? 100);
/** How long rest is watched, in seconds. */
const REST = Number(process.env.BENCH_REST ?? 120);

interface Subject {
  readonly name: string;
  readonly command: string;
}

interface Figures {
  readonly name: string;
  readonly readyMs: number;
  readonly idleMb: number;
  readonly deployS: number;
  readonly busyMb: number;
  readonly restRequests: number;
  readonly restCpuS: number;
  readonly deleteS: number;
}

/** Measures dist/helmwright and, where HELM_OPERATOR names it, the Go operator, one after the other. */
export async function benchOperators(_arguments: ReadonlyArray<string>): Promise<void> {
  const subjects: Subject[] = [{ name: "helmwright", command: "dist/helmwright" }];
  if (process.env.HELM_OPERATOR) subjects.push({ name: "Go operator", command: process.env.HELM_OPERATOR });
  const missing = subjects.find(({ command }) => !existsSync(command));
  if (missing) throw new Error(`Cannot bench "${missing.command}": no such file. Run \`deno task compile\` first.`);
  const controlPlane = await startControlPlane();
  try {
    const figures: Figures[] = [];
    for (const subject of subjects) figures.push(await measure(controlPlane, subject));
    print(figures);
  } finally {
    await controlPlane.stop();
  }
}

async function measure(controlPlane: ControlPlane, { name, command }: Subject): Promise<Figures> {
  const id = name === "helmwright" ? "hw" : "go";
  const directory = mkdtempSync(join(tmpdir(), "helmwright-bench-"));
  const kind = `Web${id}`;
  await createKind(controlPlane, kind);
  const namespace = `bench-${id}`;
  await controlPlane.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const chart = await createChart(directory);
  writeFileSync(
    join(directory, "watches.yaml"),
    `- group: bench.helmwright.dev\n  version: v1alpha1\n  kind: ${kind}\n  chart: ${chart}\n`,
  );
  const kubeconfig = await controlPlane.createUser(`bench-${id}`, [{
    apiGroups: ["*"],
    resources: ["*"],
    verbs: ["*"],
  }]);
  const [metrics, health] = [await freePort(), await freePort()];
  const started = performance.now();
  const log = openSync(join(directory, "log"), "w");
  const child = spawn(
    command,
    [
      "run",
      `--watches-file=${join(directory, "watches.yaml")}`,
      `--metrics-bind-address=:${metrics}`,
      `--health-probe-bind-address=:${health}`,
    ],
    { env: { ...process.env, KUBECONFIG: kubeconfig }, stdio: ["ignore", log, log] },
  );
  try {
    const pid = child.pid!;
    await waitFor(
      `${name} to be ready`,
      () => fetch(`http://127.0.0.1:${health}/readyz`).then((answer) => answer.ok, () => false),
      { intervalMs: 5, timeoutMs: 60_000 },
    );
    const readyMs = performance.now() - started;
    await sleep(10_000);
    const idleMb = residentMb(pid);

    const applied = performance.now();
    await eachOf(COUNT, (n) => createResource(controlPlane, kind, namespace, `web-${n}`));
    await waitFor(
      `${COUNT} releases to be deployed`,
      async () => (await deployed(controlPlane, kind, namespace)) === COUNT,
      {
        timeoutMs: 600_000,
        intervalMs: 250,
      },
    );
    const deployS = (performance.now() - applied) / 1000;
    const busyMb = residentMb(pid);

    await sleep(20_000);
    const [position, cpu] = [controlPlane.auditPosition(), cpuSeconds(pid)];
    await sleep(REST * 1000);
    const restRequests = controlPlane.requests({ user: `bench-${id}`, since: position }).length;
    const restCpuS = cpuSeconds(pid) - cpu;

    const deleting = performance.now();
    await eachOf(
      COUNT,
      (n) =>
        controlPlane.api.delete({ apiVersion: "bench.helmwright.dev/v1alpha1", kind, namespace, name: `web-${n}` }),
    );
    await waitFor(
      "the releases to be gone",
      async () => (await resources(controlPlane, kind, namespace)).length === 0,
      {
        timeoutMs: 600_000,
        intervalMs: 250,
      },
    );
    return {
      name,
      readyMs,
      idleMb,
      deployS,
      busyMb,
      restRequests,
      restCpuS,
      deleteS: (performance.now() - deleting) / 1000,
    };
  } catch (error) {
    const lines = readFileSync(join(directory, "log"), "utf8").trimEnd().split("\n").slice(-10).join("\n");
    throw new Error(`Cannot bench ${name}: ${(error as Error).message}\nits last lines:\n${lines}`, { cause: error });
  } finally {
    child.kill("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  }
}

async function createKind({ api }: ControlPlane, kind: string): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  const free = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  await api.create({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.bench.helmwright.dev` },
    spec: {
      group: "bench.helmwright.dev",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: "Namespaced",
      versions: [{
        name: "v1alpha1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", properties: { spec: free, status: free } } },
      }],
    },
  });
  await waitFor("the kind to be served", async () => {
    const crd = await api.get({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      name: `${plural}.bench.helmwright.dev`,
    });
    return crd?.status?.conditions?.some((c: Record<string, string>) =>
      c.type === "Established" && c.status === "True"
    );
  });
}

function createResource({ api }: ControlPlane, kind: string, namespace: string, name: string): Promise<unknown> {
  return api.create({
    apiVersion: "bench.helmwright.dev/v1alpha1",
    kind,
    metadata: { name, namespace },
    spec: { replicaCount: 1, podAnnotations: { of: name } },
  });
}

async function resources({ api }: ControlPlane, kind: string, namespace: string): Promise<Array<Record<string, any>>> {
  const path = `/apis/bench.helmwright.dev/v1alpha1/namespaces/${namespace}/${kind.toLowerCase()}s`;
  return ((await api.request("GET", path)) as { items: Array<Record<string, any>> }).items;
}

async function deployed(controlPlane: ControlPlane, kind: string, namespace: string): Promise<number> {
  return (await resources(controlPlane, kind, namespace)).filter((item) =>
    item.status?.conditions?.some((c: Record<string, string>) => c.type === "Deployed" && c.status === "True")
  ).length;
}

/** Runs `act` for 0 to count - 1, ten at a time. */
async function eachOf(count: number, act: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (next < count) await act(next++);
  }));
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

/** User and system time of the process so far; the kernel counts in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function print(figures: ReadonlyArray<Figures>): void {
  console.log(`\nOperators, ${COUNT} custom resources of \`helm create\`'s chart, one control plane, one run\n`);
  console.log(table(
    ["", ...figures.map(({ name }) => name)],
    ([
      ["ready after a cold start", ({ readyMs }) => `${readyMs.toFixed(0)} ms`],
      ["resident memory, idle, one watch", ({ idleMb }) => `${idleMb.toFixed(0)} MB`],
      [`${COUNT} from apply to Deployed`, ({ deployS }) => `${deployS.toFixed(1)} s`],
      [`resident memory with ${COUNT} releases`, ({ busyMb }) => `${busyMb.toFixed(0)} MB`],
      [`API requests in ${REST} s at rest`, ({ restRequests }) => `${restRequests}`],
      [`CPU in ${REST} s at rest`, ({ restCpuS }) => `${restCpuS.toFixed(2)} s`],
      [`${COUNT} from delete to gone`, ({ deleteS }) => `${deleteS.toFixed(1)} s`],
    ] as Array<[string, (f: Figures) => string]>).map(([label, show]) => [label, ...figures.map(show)]),
  ));
}

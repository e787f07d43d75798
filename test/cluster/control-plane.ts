// A real Kubernetes control plane on this machine, for tests, the demo and the benchmarks: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler, and kwok in the place of kubelets. See README.md.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Api, waitFor } from "./api.ts";
import { AUDIT_POLICY, type AuditedRequest, auditPosition, readRequests, type RequestFilter } from "./audit.ts";
import { createAuthority, createServiceAccountKeys, type KeyPair, signClient, signServer } from "./certificates.ts";
import * as components from "./components.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { isRunning, logTail, startProcess, startReaper, stopAll, stopProcess } from "./processes.ts";
import type { Progress } from "./progress.ts";
import { certificateSender } from "./sender.ts";
import { CONTROL_PLANE, ensureTools, MissingTools } from "./tools.ts";
import { createUser, type PolicyRule, type UserOptions } from "./users.ts";

/** A running control plane. All of its state is in its folder, so that any process can {@link connect} to it. */
export interface ControlPlane {
  /** Certificates, kubeconfigs, logs, data; gone after {@link ControlPlane.stop}. */
  readonly directory: string;
  /** `https://127.0.0.1:<port>`; the same after a restart of the API server. */
  readonly server: string;
  /** Path of a kubeconfig for the administrator, user `admin`. */
  readonly kubeconfig: string;
  /** The administrator's client certificate. */
  readonly admin: KeyPair;
  /** Whether controllers, scheduler and kwok run too; see `allowWithoutPods`. */
  readonly hasPods: boolean;
  /** What signs client and server certificates here; `certificate` is what clients trust. */
  readonly authority: KeyPair;
  /** A client with the administrator's rights. */
  readonly api: Api;
  /** Makes (or changes) a user with exactly these rights; returns the path of a kubeconfig for it. */
  readonly createUser: (name: string, rules: ReadonlyArray<PolicyRule>, options?: UserOptions) => Promise<string>;
  /** A kubeconfig for the administrator that connects to another address, such as a fault proxy's; returns its path. */
  readonly kubeconfigFor: (server: string) => string;
  /** The requests that reached the API server, except those of the control plane's own parts. */
  readonly requests: (filter?: RequestFilter) => Array<AuditedRequest>;
  /** A mark for `requests({ since })`. */
  readonly auditPosition: () => number;
  /** Kills the API server; the rest goes on. */
  readonly stopApiServer: () => Promise<void>;
  /** Starts the API server again and waits until it is ready. */
  readonly startApiServer: () => Promise<void>;
  /** The last lines of a part's log, such as `kube-apiserver`'s. */
  readonly logs: (part: string, lines?: number) => string;
  /** Kills everything and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Options of {@link startControlPlane}. */
export interface ControlPlaneOptions {
  /** The process that the control plane must not outlive; this one by default. */
  readonly owner?: number;
  /** Where a build of missing programs is shown; standard error by default. */
  readonly progress?: Progress;
  /** An empty folder to live in; a new one in the system's temporary folder by default. Removed at the end. */
  readonly directory?: string;
  /** Without Go, go on with etcd and kube-apiserver alone if these are there; then there are no pods. Off by default. */
  readonly allowWithoutPods?: boolean;
}

/** Starts a control plane and waits until pods can run in it: about five seconds, when nothing has to be built. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const programs = await findPrograms(options);
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "helmwright-cluster-"));
  try {
    const [apiServerPort, etcdPort, etcdPeerPort] = await freePorts(3);
    const layout = { directory, apiServerPort, etcdPort, etcdPeerPort, programs };
    startReaper(directory, options.owner ?? process.pid);
    startProcess(directory, components.etcd(layout));
    await writeCertificates(layout);
    writeFileSync(join(directory, "audit-policy.yaml"), AUDIT_POLICY);
    writeFileSync(layoutFile(directory), JSON.stringify(layout));
    const controlPlane = connect(directory);
    await controlPlane.startApiServer();
    if (controlPlane.hasPods) {
      startProcess(directory, components.controllerManager(layout));
      startProcess(directory, components.scheduler(layout));
      startProcess(directory, components.kwok(layout));
      await prepareCluster(controlPlane);
    }
    return controlPlane;
  } catch (error) {
    await stopAll(directory);
    throw error;
  }
}

async function findPrograms(options: ControlPlaneOptions): Promise<components.Layout["programs"]> {
  try {
    return await ensureTools(CONTROL_PLANE, { progress: options.progress });
  } catch (error) {
    const least = ["etcd", "kube-apiserver"] as const;
    const isEnough = error instanceof MissingTools && !least.some((name) => error.missing.includes(name));
    if (!isEnough || !options.allowWithoutPods) throw error;
    return await ensureTools(least);
  }
}

/** The control plane whose folder this is. */
export function connect(directory: string): ControlPlane {
  const layout: components.Layout = JSON.parse(readFileSync(layoutFile(directory), "utf8"));
  const server = serverUrl(layout);
  const keyPair = (name: string): KeyPair => ({
    certificate: readFileSync(components.pki(layout, `${name}.crt`), "utf8"),
    key: readFileSync(components.pki(layout, `${name}.key`), "utf8"),
  });
  const [authority, admin] = [keyPair("ca"), keyPair("admin")];
  const api = new Api(certificateSender(server, authority.certificate, admin));
  return {
    directory,
    server,
    kubeconfig: components.componentKubeconfig(layout, "admin"),
    admin,
    authority,
    api,
    hasPods: layout.programs.kwok !== undefined,
    createUser: (name, rules, userOptions) =>
      createUser({ directory, server, api, authority }, name, rules, userOptions),
    kubeconfigFor(address) {
      const path = join(directory, `admin-${crypto.randomUUID().slice(0, 8)}.kubeconfig`);
      writeKubeconfig(path, address, authority, "admin", admin);
      return path;
    },
    requests: (filter) => readRequests(components.auditLog(layout), filter),
    auditPosition: () => auditPosition(components.auditLog(layout)),
    stopApiServer: () => stopProcess(directory, "kube-apiserver"),
    async startApiServer() {
      if (isRunning(directory, "kube-apiserver")) return;
      startProcess(directory, components.apiServer(layout));
      await waitUntilReady(directory, api);
    },
    logs: (part, lines) => logTail(directory, part, lines),
    async stop() {
      api.close();
      await stopAll(directory);
    },
  };
}

async function waitUntilReady(directory: string, api: Api): Promise<void> {
  let died: string | undefined;
  await waitFor("the API server to be ready", async () => {
    died = ["etcd", "kube-apiserver"].find((part) => !isRunning(directory, part));
    return died !== undefined || await api.request("GET", "/readyz").then(() => true);
  }, { timeoutMs: 120_000, intervalMs: 50 });
  if (died !== undefined) throw new Error(`Cannot start ${died}: it exited\n${logTail(directory, died)}`);
}

/** A node that is Ready and takes pods, and the default namespace's service account, without which no pod starts. */
async function prepareCluster({ api, directory }: ControlPlane): Promise<void> {
  const node = { apiVersion: "v1", kind: "Node", name: "node-1" };
  await api.create({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      labels: { "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
    },
  });
  await waitFor("the node to take pods", async () => {
    const died = ["kube-controller-manager", "kube-scheduler", "kwok"].find((part) => !isRunning(directory, part));
    if (died !== undefined) throw new Error(`${died} exited\n${logTail(directory, died)}`);
    const current = await api.get(node);
    const ready = current?.status?.conditions?.some((condition: Record<string, string>) =>
      condition.type === "Ready" && condition.status === "True"
    );
    if (!ready) return false;
    if ((current?.spec?.taints ?? []).length === 0) return true;
    // The controller manager removes the not-ready taint too, but only after some seconds.
    await api.patch(node, { spec: { taints: null } });
    return false;
  }, { timeoutMs: 60_000, intervalMs: 50 });
  await waitFor(
    "the default service account",
    () => api.get({ apiVersion: "v1", kind: "ServiceAccount", namespace: "default", name: "default" }),
    { timeoutMs: 60_000, intervalMs: 50 },
  );
}

async function writeCertificates(layout: components.Layout): Promise<void> {
  mkdirSync(join(layout.directory, "pki"), { recursive: true });
  const write = (name: string, pair: KeyPair) => {
    writeFileSync(components.pki(layout, `${name}.crt`), pair.certificate);
    writeFileSync(components.pki(layout, `${name}.key`), pair.key, { mode: 0o600 });
  };
  const authority = await createAuthority("helmwright-local");
  write("ca", authority);
  write("service-accounts", createServiceAccountKeys());
  write(
    "apiserver",
    await signServer(authority, "kube-apiserver", ["localhost", "kubernetes.default.svc"], ["127.0.0.1", "10.0.0.1"]),
  );
  const clients = {
    "admin": { user: "admin", groups: ["system:masters"] },
    "kube-controller-manager": { user: "system:kube-controller-manager" },
    "kube-scheduler": { user: "system:kube-scheduler" },
    "kwok": { user: "system:kwok", groups: ["system:masters"] },
  };
  for (const [name, subject] of Object.entries(clients)) {
    const pair = await signClient(authority, subject);
    if (name === "admin") write(name, pair);
    writeKubeconfig(components.componentKubeconfig(layout, name), serverUrl(layout), authority, subject.user, pair);
  }
}

function writeKubeconfig(path: string, server: string, authority: KeyPair, user: string, client: KeyPair): void {
  const text = kubeconfigText({ server, authority: authority.certificate, user, client });
  writeFileSync(path, text, { mode: 0o600 });
}

function serverUrl(layout: components.Layout): string {
  return `https://127.0.0.1:${layout.apiServerPort}`;
}

function layoutFile(directory: string): string {
  return join(directory, "layout.json");
}

/** Ports that nobody listens on now. They are all held until the last one is found, so that they differ. */
async function freePorts(count: number): Promise<Array<number>> {
  const servers = await Promise.all(
    Array.from({ length: count }, () =>
      new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
        const server = createServer();
        server.on("error", reject);
        server.listen(0, "127.0.0.1", () => resolve(server));
      })),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

// The command lines of a control plane's parts.

import { join } from "node:path";
import type { Command } from "./processes.ts";
import type { Tool } from "./tools.ts";

/** Where a control plane lives. Everything it writes is under `directory`. */
export interface Layout {
  readonly directory: string;
  readonly apiServerPort: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  /** All of them, or etcd and kube-apiserver alone. */
  readonly programs: Readonly<Partial<Record<Tool, string>>>;
}

/** The certificate (`.crt`) or key (`.key`) file of this name. */
export function pki(layout: Pick<Layout, "directory">, file: string): string {
  return join(layout.directory, "pki", file);
}

/** The kubeconfig of one of the control plane's own parts. */
export function componentKubeconfig(layout: Pick<Layout, "directory">, name: string): string {
  return join(layout.directory, `${name}.kubeconfig`);
}

/** The audit log, which `audit.ts` reads. */
export function auditLog(layout: Pick<Layout, "directory">): string {
  return join(layout.directory, "audit.log");
}

/** etcd, which trades durability for speed: nothing outlives the control plane. */
export function etcd(layout: Layout): Command {
  const client = `http://127.0.0.1:${layout.etcdPort}`;
  const peer = `http://127.0.0.1:${layout.etcdPeerPort}`;
  return {
    name: "etcd",
    program: layout.programs.etcd!,
    args: [
      `--data-dir=${join(layout.directory, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
  };
}

/** The API server: TLS, client certificates, RBAC, an audit log, and a service range that holds a million services. */
export function apiServer(layout: Layout): Command {
  return {
    name: "kube-apiserver",
    program: layout.programs["kube-apiserver"]!,
    args: [
      `--etcd-servers=http://127.0.0.1:${layout.etcdPort}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      `--secure-port=${layout.apiServerPort}`,
      `--cert-dir=${join(layout.directory, "pki")}`,
      `--tls-cert-file=${pki(layout, "apiserver.crt")}`,
      `--tls-private-key-file=${pki(layout, "apiserver.key")}`,
      `--client-ca-file=${pki(layout, "ca.crt")}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki(layout, "service-accounts.crt")}`,
      `--service-account-signing-key-file=${pki(layout, "service-accounts.key")}`,
      "--service-cluster-ip-range=10.0.0.0/12",
      "--allow-privileged=true",
      `--audit-policy-file=${join(layout.directory, "audit-policy.yaml")}`,
      `--audit-log-path=${auditLog(layout)}`,
      "--audit-log-maxsize=10000",
      "--profiling=false",
    ],
  };
}

/** The controllers: deployments, jobs, garbage collection, namespaces, service accounts, and the others. */
export function controllerManager(layout: Layout): Command {
  return {
    name: "kube-controller-manager",
    program: layout.programs["kube-controller-manager"]!,
    args: [
      `--kubeconfig=${componentKubeconfig(layout, "kube-controller-manager")}`,
      "--bind-address=127.0.0.1",
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${pki(layout, "service-accounts.key")}`,
      `--root-ca-file=${pki(layout, "ca.crt")}`,
      "--kube-api-qps=200",
      "--kube-api-burst=400",
    ],
  };
}

/** The scheduler. */
export function scheduler(layout: Layout): Command {
  return {
    name: "kube-scheduler",
    program: layout.programs["kube-scheduler"]!,
    args: [
      `--kubeconfig=${componentKubeconfig(layout, "kube-scheduler")}`,
      "--bind-address=127.0.0.1",
      "--secure-port=0",
      "--leader-elect=false",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
    ],
  };
}

/** kwok, which plays the kubelet of every node by the stages in `stages.yaml`. */
export function kwok(layout: Layout): Command {
  return {
    name: "kwok",
    program: layout.programs.kwok!,
    args: [
      `--kubeconfig=${componentKubeconfig(layout, "kwok")}`,
      `--config=${join(import.meta.dirname!, "stages.yaml")}`,
      "--manage-all-nodes=true",
      "--cidr=10.128.0.1/9",
      "--node-ip=10.127.0.1",
      "--node-lease-duration-seconds=40",
    ],
  };
}

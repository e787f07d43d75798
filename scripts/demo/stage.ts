// Where the demo plays: a control plane of its own, or a cluster of the user's that was named.

import { Effect } from "effect";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";
import { makeConnection } from "../../src/kube/connection.ts";
import { Api } from "../../test/cluster/api.ts";
import { startControlPlane } from "../../test/cluster/control-plane.ts";
import type { Sender } from "../../test/cluster/sender.ts";

/** A cluster that the demo may change. */
export interface Stage {
  /** Such as `Kubernetes v1.36.3 at https://127.0.0.1:1234`. */
  readonly description: string;
  readonly api: Api;
  /** What the operator needs to be told to reach it. */
  readonly operator: { readonly kubeconfig?: string; readonly args: ReadonlyArray<string> };
  /** How kubectl reaches it. */
  readonly kubectl: string;
  /** Whether pods run in it: a control plane without controllers has none. */
  readonly hasPods: boolean;
  /** Whether it is the user's: then the demo leaves nothing behind in it. */
  readonly isTheUsers: boolean;
  readonly close: () => Promise<void>;
}

/** Starts a control plane on this machine. */
export async function localStage(): Promise<Stage> {
  const { api, hasPods, kubeconfig, server, stop } = await startControlPlane({ allowWithoutPods: true });
  return {
    description: `${await versionText(api)} at ${server}`,
    api,
    operator: { kubeconfig, args: [] },
    kubectl: `kubectl --kubeconfig ${kubeconfig}`,
    hasPods,
    isTheUsers: false,
    close: stop,
  };
}

/** The cluster of a context in the user's kubeconfig (`KUBECONFIG`, else `~/.kube/config`). */
export async function contextStage(context: string): Promise<Stage> {
  const config = await Effect.runPromise(loadClusterConfig({ context }));
  const connection = makeConnection(config, "helmwright-demo");
  const sender: Sender = {
    close: connection.close,
    async send(method, path, body, contentType) {
      const headers = { accept: "application/json", ...(body !== undefined && { "content-type": contentType }) };
      const response = await connection.send(path, { method, headers, body });
      const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
      return { status: response.status, text: await response.text(), isJson };
    },
  };
  const api = new Api(sender);
  return {
    description: `${await versionText(api)} at ${config.server}, context ${context}`,
    api,
    operator: { args: ["--kube-context", context] },
    kubectl: `kubectl --context ${context}`,
    hasPods: true,
    isTheUsers: true,
    close: () => Promise.resolve(api.close()),
  };
}

async function versionText(api: Api): Promise<string> {
  const { gitVersion } = await api.request<{ gitVersion: string }>("GET", "/version");
  return `Kubernetes ${gitVersion}`;
}

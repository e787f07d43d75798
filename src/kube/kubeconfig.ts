/** Finds the cluster to talk to: a kubeconfig, or the service account of the pod that this runs in. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Data, Effect } from "effect";
import type { ClusterConfig } from "./cluster-config.ts";
import { KubeconfigError, type KubeconfigFile, readKubeconfigs } from "./kubeconfig-format.ts";
import { type Env, processEnv } from "./environment.ts";

/** There is no usable cluster configuration; the message says why and what to do. */
export class ClusterConfigError extends Data.TaggedError("ClusterConfigError")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail;
  }
}

export interface ClusterConfigOptions {
  /** A kubeconfig file (`--kubeconfig`), before all else. */
  readonly kubeconfig?: string;
  /** The context to use (`--kube-context`); the kubeconfig's current one when absent. */
  readonly context?: string;
  /** Default: the process's. */
  readonly env?: Env;
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string;
}

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Looks in this order, as controller-runtime does: `kubeconfig`; the files of KUBECONFIG; the pod's service account;
 * `~/.kube/config`. With a context named, the service account is not considered.
 */
export const loadClusterConfig = (
  options: ClusterConfigOptions = {},
): Effect.Effect<ClusterConfig, ClusterConfigError> => {
  const env = options.env ?? processEnv();
  return Effect.tryPromise({
    try: async () => {
      if (options.kubeconfig) return fromFiles([options.kubeconfig], options.context, true);
      const named = (env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
      if (named.length > 0) return fromFiles(named, options.context, false);
      const inCluster = options.context ? undefined : await fromServiceAccount(env, options.serviceAccountFolder);
      return inCluster ?? fromFiles([join(env.HOME ?? homedir(), ".kube", "config")], options.context, false);
    },
    catch: (error) => new ClusterConfigError({ detail: error instanceof Error ? error.message : String(error) }),
  });
};

/** Files of KUBECONFIG may be missing, as in client-go, but not all. */
async function fromFiles(paths: string[], context: string | undefined, required: boolean): Promise<ClusterConfig> {
  const files = await Promise.all(paths.map((path) => readOne(path, required)));
  const found = files.filter((file) => file !== undefined);
  if (found.length > 0) return readKubeconfigs(found, context);
  throw new KubeconfigError(
    `Cannot find a cluster as there is no ${paths.join(" nor ")}, and this is no pod with a service account: ` +
      "set KUBECONFIG to a kubeconfig file",
  );
}

async function readOne(path: string, required: boolean): Promise<KubeconfigFile | undefined> {
  try {
    return { path, text: await readFile(path, "utf8") };
  } catch (error) {
    if (!required && (error as { code?: string }).code === "ENOENT") return undefined;
    throw new KubeconfigError(`Cannot read the kubeconfig ${path}: ${(error as Error).message}`);
  }
}

/** Undefined when this is no pod, or its service account is not mounted. */
async function fromServiceAccount(env: Env, folder = serviceAccount): Promise<ClusterConfig | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const tokenFile = join(folder, "token");
  if (!host || !port || (await readOne(tokenFile, false)) === undefined) return undefined;
  const namespace = await readOne(join(folder, "namespace"), false);
  return {
    context: "in-cluster",
    namespace: namespace?.text.trim() || "default",
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ca: { file: join(folder, "ca.crt") },
    user: { tokenFile },
  };
}

/** Reads kubeconfig texts as client-go does: several files merge, the first to say a thing wins. Pure. */
import { Buffer } from "node:buffer";
import { dirname, resolve } from "node:path";
import { type GoMap, type GoValue, isMap } from "../template/value.ts";
import { readYaml } from "../yaml/read.ts";
import type { ClusterConfig, ExecConfig, Pem, UserConfig } from "./cluster-config.ts";

/** A kubeconfig that cannot be used; the message names the file and the entry. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

export interface KubeconfigFile {
  readonly path: string;
  readonly text: string;
}

/** An entry of `clusters`, `users` or `contexts`, and where it stands. */
interface Entry {
  readonly value: GoMap;
  readonly path: string;
  /** `user "admin"`, for messages. */
  readonly what: string;
}

type Section = "cluster" | "user" | "context";

interface Merged {
  readonly entries: Record<Section, Map<string, Entry>>;
  readonly currentContext: string;
}

/** The cluster of `context`, or of the current context. Throws KubeconfigError. */
export function readKubeconfigs(files: ReadonlyArray<KubeconfigFile>, context?: string): ClusterConfig {
  const merged = merge(files);
  const where = files.map(({ path }) => path).join(", ");
  const name = context || merged.currentContext;
  if (name === "") {
    throw new KubeconfigError(
      `Cannot choose a cluster as ${where} has no current-context: name one with --kube-context`,
    );
  }
  const found = pick(merged, "context", name, where);
  const cluster = pick(merged, "cluster", textOf(found, "cluster") ?? "", where);
  const userName = textOf(found, "user");
  const user = userName ? readUser(pick(merged, "user", userName, where)) : {};
  return { ...readCluster(cluster), context: name, namespace: textOf(found, "namespace") || "default", user };
}

function merge(files: ReadonlyArray<KubeconfigFile>): Merged {
  const entries = { cluster: new Map(), user: new Map(), context: new Map() } as Merged["entries"];
  let currentContext = "";
  for (const { path, text } of files) {
    const root = parse(path, text);
    const current = root.get("current-context");
    if (currentContext === "" && typeof current === "string") currentContext = current;
    for (const section of ["cluster", "user", "context"] as const) {
      const list = root.get(`${section}s`) ?? [];
      if (!Array.isArray(list)) throw new KubeconfigError(`Cannot read ${path} as ${section}s must be a list`);
      for (const item of list) {
        const name = isMap(item) ? item.get("name") : undefined;
        if (typeof name !== "string") {
          throw new KubeconfigError(`Cannot read ${path} as one of ${section}s has no name`);
        }
        const value = (item as GoMap).get(section) ?? new Map<string, GoValue>();
        if (!isMap(value)) throw new KubeconfigError(`Cannot read ${path} as ${section} "${name}" must be a map`);
        if (!entries[section].has(name)) entries[section].set(name, { value, path, what: `${section} "${name}"` });
      }
    }
  }
  return { entries, currentContext };
}

function parse(path: string, text: string): GoMap {
  let root: GoValue;
  try {
    root = readYaml(text);
  } catch (error) {
    throw new KubeconfigError(`Cannot read ${path}: ${(error as Error).message}`);
  }
  if (root === null) return new Map();
  if (isMap(root)) return root;
  throw new KubeconfigError(`Cannot read ${path} as a kubeconfig must be a map`);
}

function pick(merged: Merged, section: Section, name: string, where: string): Entry {
  const found = merged.entries[section].get(name);
  if (found) return found;
  const names = [...merged.entries[section].keys()].join(", ") || "none";
  throw new KubeconfigError(`Cannot use the ${section} "${name}" as ${where} does not have it: there is ${names}`);
}

function readCluster(entry: Entry): Omit<ClusterConfig, "context" | "namespace" | "user"> {
  const server = textOf(entry, "server") ?? "";
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw new KubeconfigError(
      `Cannot use the ${entry.what} of ${entry.path} as its server must be an http or https URL: it is "${server}"`,
    );
  }
  return {
    server: server.replace(/\/+$/, ""),
    ca: pemOf(entry, "certificate-authority"),
    insecureSkipVerify: entry.value.get("insecure-skip-tls-verify") === true,
    serverName: textOf(entry, "tls-server-name"),
    proxyUrl: textOf(entry, "proxy-url"),
  };
}

function readUser(entry: Entry): UserConfig {
  const tokenFile = textOf(entry, "tokenFile");
  const impersonated = textOf(entry, "as");
  return {
    token: textOf(entry, "token"),
    tokenFile: tokenFile && resolve(dirname(entry.path), tokenFile),
    username: textOf(entry, "username"),
    password: textOf(entry, "password"),
    certificate: pemOf(entry, "client-certificate"),
    key: pemOf(entry, "client-key"),
    exec: readExec(entry),
    authProvider: readAuthProvider(entry),
    impersonate: impersonated === undefined
      ? undefined
      : { user: impersonated, uid: textOf(entry, "as-uid"), group: onlyGroup(entry) },
  };
}

function onlyGroup(entry: Entry): string | undefined {
  const groups = listOf(entry.value.get("as-groups"));
  if (groups.length <= 1 && !entry.value.has("as-user-extra")) return groups[0] as string | undefined;
  throw new KubeconfigError(
    `Cannot use the ${entry.what} of ${entry.path} as only one of as-groups, and no as-user-extra, can be sent`,
  );
}

function readExec(entry: Entry): ExecConfig | undefined {
  const exec = entry.value.get("exec");
  if (!isMap(exec)) return undefined;
  const inner = { ...entry, value: exec };
  const command = textOf(inner, "command");
  if (!command) throw new KubeconfigError(`Cannot use the ${entry.what} of ${entry.path} as its exec has no command`);
  const env = listOf(exec.get("env")).filter(isMap).map((
    item,
  ) => [String(item.get("name")), String(item.get("value"))]);
  return {
    apiVersion: textOf(inner, "apiVersion") ?? "client.authentication.k8s.io/v1",
    // A command with a slash is relative to the file, one without is looked up in PATH.
    command: command.includes("/") ? resolve(dirname(entry.path), command) : command,
    args: listOf(exec.get("args")).map(String),
    env: Object.fromEntries(env),
    installHint: textOf(inner, "installHint"),
    provideClusterInfo: exec.get("provideClusterInfo") === true,
  };
}

function readAuthProvider(entry: Entry): UserConfig["authProvider"] {
  const provider = entry.value.get("auth-provider");
  if (!isMap(provider)) return undefined;
  const config = provider.get("config");
  const pairs = isMap(config) ? [...config].map(([key, value]) => [key, String(value)]) : [];
  return { name: String(provider.get("name")), config: Object.fromEntries(pairs) };
}

function textOf({ value }: Entry, key: string): string | undefined {
  const text = value.get(key);
  return typeof text === "string" && text !== "" ? text : undefined;
}

function listOf(value: GoValue | undefined): GoValue[] {
  return Array.isArray(value) ? value : [];
}

/** `NAME-data` in base64, which wins, or the file NAME, relative to the kubeconfig. */
function pemOf(entry: Entry, key: string): Pem | undefined {
  const data = textOf(entry, `${key}-data`);
  if (data !== undefined) return { data: Buffer.from(data, "base64").toString("utf8") };
  const file = textOf(entry, key);
  return file === undefined ? undefined : { file: resolve(dirname(entry.path), file) };
}

/** Credentials that a program prints: a kubeconfig's `exec`, as client-go runs it (client.authentication.k8s.io). */
import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import type { ClusterConfig, ExecConfig } from "./cluster-config.ts";
import type { Credential, Credentials } from "./credential.ts";

/** Runs the program when there is no credential, when it has expired, and after the server refused it. */
export class ExecCredentials implements Credentials {
  #credential: Credential | undefined;
  #expires = Infinity;
  #running: Promise<Credential> | undefined;

  constructor(private readonly config: ClusterConfig, private readonly exec: ExecConfig) {}

  readonly current = (): Promise<Credential> => {
    if (this.#credential && Date.now() < this.#expires) return Promise.resolve(this.#credential);
    this.#running ??= this.#run().finally(() => this.#running = undefined);
    return this.#running;
  };

  readonly refused = (): void => {
    this.#credential = undefined;
  };

  async #run(): Promise<Credential> {
    const status = parseStatus(await runPlugin(this.exec, execInfo(this.config, this.exec)), this.exec);
    this.#expires = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Infinity;
    return this.#credential = {
      ...(status.token && { authorization: `Bearer ${status.token}` }),
      ...(status.clientCertificateData && { cert: status.clientCertificateData, key: status.clientKeyData }),
    };
  }
}

interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/** What the program finds in KUBERNETES_EXEC_INFO. */
function execInfo(config: ClusterConfig, exec: ExecConfig): string {
  const ca = config.ca && "data" in config.ca ? Buffer.from(config.ca.data).toString("base64") : undefined;
  const cluster = {
    server: config.server,
    ...(config.serverName !== undefined && { "tls-server-name": config.serverName }),
    ...(config.insecureSkipVerify && { "insecure-skip-tls-verify": true }),
    ...(ca !== undefined && { "certificate-authority-data": ca }),
    ...(config.proxyUrl !== undefined && { "proxy-url": config.proxyUrl }),
    config: null,
  };
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: exec.apiVersion,
    spec: { interactive: false, ...(exec.provideClusterInfo && { cluster }) },
  });
}

/** A plugin may ask a cloud's servers. */
const pluginMilliseconds = 60_000;

function runPlugin(exec: ExecConfig, info: string): Promise<string> {
  const env = { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: info };
  const options = { env, timeout: pluginMilliseconds, maxBuffer: 1 << 20 };
  return new Promise((resolve, reject) => {
    execFile(exec.command, [...exec.args], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const missing = (error as { code?: unknown }).code === "ENOENT";
      const hint = missing && exec.installHint ? `\n\n${exec.installHint}` : "";
      const reason = missing ? "there is no such program" : stderr.trim() || error.message;
      reject(new Error(`getting credentials: exec: "${exec.command}": ${reason}${hint}`));
    });
  });
}

/** The text is never part of an error: it may hold a token. */
function parseStatus(text: string, exec: ExecConfig): ExecStatus {
  let status: ExecStatus | undefined;
  try {
    status = JSON.parse(text).status;
  } catch {
    throw new Error(`getting credentials: exec: "${exec.command}" did not print an ExecCredential as JSON`);
  }
  if (status?.token || (status?.clientCertificateData && status.clientKeyData)) return status;
  throw new Error(
    `getting credentials: exec: "${exec.command}" printed no status.token and no status.clientCertificateData with key`,
  );
}

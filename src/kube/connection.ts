/** Requests to one cluster, as one user: a transport that follows the credentials as they change. */
import { setTimeout } from "node:timers";
import type { ClusterConfig } from "./cluster-config.ts";
import { type Credential, CredentialError } from "./credential.ts";
import { makeCredentials } from "./credentials.ts";
import { FileCache } from "./file-cache.ts";
import { makeTransport } from "./make-transport.ts";
import type { Transport, TransportRequest } from "./transport.ts";

export interface Connection {
  /** Host and port, for metrics and messages. */
  readonly host: string;
  /**
   * Sends a request for a path such as `/api/v1/pods?limit=500`. A credential that is refused (401) is got anew and the
   * request is sent once more. Rejects when there is no answer, and when there is no credential.
   */
  readonly send: (path: string, request: TransportRequest) => Promise<Response>;
  readonly close: () => void;
}

/** Opens no connection yet; closing it frees the pool. */
export function makeConnection(config: ClusterConfig, userAgent: string): Connection {
  const files = new FileCache();
  const credentials = makeCredentials(config, files);
  const transports = new Transports(config, files);
  const identity = { ...impersonation(config), "user-agent": userAgent };
  const sendOnce = async (path: string, request: TransportRequest) => {
    const credential = await credentials.current().catch((cause) => {
      throw new CredentialError(cause instanceof Error ? cause.message : String(cause));
    });
    const transport = await transports.get(credential);
    const headers = {
      ...request.headers,
      ...identity,
      ...(credential.authorization !== undefined && { authorization: credential.authorization }),
    };
    return transport.fetch(config.server + path, { ...request, headers });
  };
  return {
    host: new URL(config.server).host,
    send: async (path, request) => {
      const response = await sendOnce(path, request);
      if (response.status !== 401 || !canChange(config)) return response;
      await response.body?.cancel();
      credentials.refused();
      return sendOnce(path, request);
    },
    close: () => transports.close(),
  };
}

/** Whether another credential can be had than the one that was refused. */
function canChange({ user }: ClusterConfig): boolean {
  return user.exec !== undefined || user.authProvider !== undefined || user.tokenFile !== undefined ||
    (user.certificate !== undefined && "file" in user.certificate);
}

/** Keeps one transport, and makes a new one when a certificate has changed. */
class Transports {
  #current: { readonly made: Promise<Transport>; readonly of: string } | undefined;

  constructor(private readonly config: ClusterConfig, private readonly files: FileCache) {}

  async get(credential: Credential): Promise<Transport> {
    const ca = await this.files.pem(this.config.ca);
    const identity = `${ca}\n${credential.cert}\n${credential.key}`;
    if (this.#current?.of === identity) return this.#current.made;
    const { server, insecureSkipVerify, serverName, proxyUrl } = this.config;
    const { cert, key } = credential;
    const made = makeTransport({ server, ca, cert, key, insecureSkipVerify, serverName, proxyUrl });
    const last = this.#current;
    // Another request may have chosen the last one and be about to begin.
    if (last) setTimeout(() => close(last.made), 5_000).unref();
    this.#current = { made, of: identity };
    return made;
  }

  close(): void {
    if (this.#current) close(this.#current.made);
    this.#current = undefined;
  }
}

function close(made: Promise<Transport>): void {
  made.then((transport) => transport.close(), () => {});
}

function impersonation({ user: { impersonate } }: ClusterConfig): Record<string, string> {
  if (!impersonate) return {};
  return {
    "impersonate-user": impersonate.user,
    ...(impersonate.uid !== undefined && { "impersonate-uid": impersonate.uid }),
    ...(impersonate.group !== undefined && { "impersonate-group": impersonate.group }),
  };
}

// A proxy in front of the API server that lets everything pass until a test asks for a fault; see faults.ts.
//
// It ends the client's TLS with a certificate of the control plane's authority and talks to the API server as one user,
// the administrator by default, whoever the client is: so it reads and counts requests.

import { Agent as HttpsAgent, createServer, request as httpsRequest, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type KeyPair, signServer } from "./certificates.ts";
import type { SharedControlPlane } from "./shared.ts";

/** A request on its way through the proxy. */
export interface ProxiedRequest {
  /** 1 for the first request since the proxy started or was reset, and so on. */
  readonly number: number;
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  /** Whether it asks for a watch. */
  readonly isWatch: boolean;
  /** Whether it changes something: any method but GET, HEAD and OPTIONS. */
  readonly isWrite: boolean;
  /** The answer's status once there is one; undefined before, and for a request that was cut. */
  status?: number;
}

/** What a fault works with. */
export interface Exchange {
  readonly request: ProxiedRequest;
  /** The answer to the client. Its socket can be destroyed. */
  readonly response: ServerResponse;
  /** Sends the request on to the API server; its answer is not read yet. */
  readonly forward: () => Promise<IncomingMessage>;
  /** Gives the client the API server's answer. */
  readonly deliver: (answer: IncomingMessage) => Promise<void>;
}

/** What happens to a request instead of passing. */
export type Fault = (exchange: Exchange) => Promise<void> | void;

/** Which requests meet a fault. */
export interface FaultRule {
  /** Every request by default. */
  readonly when?: (request: ProxiedRequest) => boolean;
  /** How many requests meet it; 1 by default. */
  readonly times?: number;
  readonly fault: Fault;
}

/** A running proxy. */
export interface FaultProxy {
  /** `https://127.0.0.1:<port>`. */
  readonly server: string;
  /** Path of a kubeconfig that leads through the proxy. */
  readonly kubeconfig: string;
  /** The requests since the start or the last reset, oldest first. */
  readonly requests: ReadonlyArray<ProxiedRequest>;
  /** How many requests but watches wait for their answer now. */
  readonly underway: () => number;
  /** Adds a fault; when several match, the oldest counts. Returns its removal. */
  readonly inject: (rule: FaultRule) => () => void;
  /** Forgets faults and requests; the next request has number 1. */
  readonly reset: () => void;
  /** From now on no connection is accepted and all are cut, as if the API server's machine had gone. */
  readonly goDown: () => void;
  /** Ends what `goDown` began. */
  readonly comeBack: () => void;
  /** Cuts every connection that is open now. */
  readonly cutAll: () => void;
  /** Shows this certificate from now on; cuts all connections. */
  readonly present: (certificate: KeyPair) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Options of {@link startFaultProxy}. */
export interface FaultProxyOptions {
  /** As whom the proxy talks to the API server; the administrator by default. */
  readonly client?: KeyPair;
  /** The certificate that the proxy shows; by default a valid one of the control plane's authority. */
  readonly certificate?: KeyPair;
}

/** Starts a proxy in front of a control plane's API server. */
export async function startFaultProxy(
  controlPlane: SharedControlPlane,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const { authority } = controlPlane;
  const own = options.certificate ?? await signServer(authority, "fault-proxy", ["localhost"], ["127.0.0.1"]);
  const client = options.client ?? controlPlane.admin;
  const upstream = new HttpsAgent({
    keepAlive: true,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  });
  const sockets = new Set<Socket>();
  const requests: Array<ProxiedRequest> = [];
  let rules: Array<{ rule: FaultRule; left: number }> = [];
  let down = false;
  let underway = 0;

  const pickFault = (request: ProxiedRequest): Fault => {
    const entry = rules.find(({ rule, left }) => left > 0 && (rule.when?.(request) ?? true));
    if (entry === undefined) return pass;
    entry.left--;
    return entry.rule.fault;
  };
  const cutAll = () => sockets.forEach((socket) => socket.destroy());

  const take = (incoming: IncomingMessage, response: ServerResponse) => {
    if (down) return void incoming.socket.destroy();
    const request = describe(incoming, requests.length + 1);
    requests.push(request);
    if (!request.isWatch) {
      underway++;
      response.on("close", () => underway--);
    }
    const exchange: Exchange = {
      request,
      response,
      forward: () => forward(controlPlane.server, upstream, incoming, response),
      deliver: (answer) => deliver(request, answer, response),
    };
    Promise.resolve(pickFault(request)(exchange)).catch(() => response.destroy());
  };
  const serve = ({ key, certificate }: KeyPair): Server => {
    const server = createServer({ key, cert: certificate }, take);
    server.on("connection", (socket: Socket) => {
      if (down) return void socket.destroy();
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    });
    return server;
  };
  const close = async () => {
    cutAll();
    await new Promise((resolve) => proxy.close(resolve));
  };
  let proxy = serve(own);
  const port = await listen(proxy);
  const server = `https://127.0.0.1:${port}`;
  return {
    server,
    kubeconfig: controlPlane.kubeconfigFor(server),
    requests,
    underway: () => underway,
    inject(rule) {
      const entry = { rule, left: rule.times ?? 1 };
      rules.push(entry);
      return () => rules = rules.filter((other) => other !== entry);
    },
    reset() {
      rules = [];
      requests.length = 0;
    },
    goDown() {
      down = true;
      cutAll();
    },
    comeBack() {
      down = false;
    },
    cutAll,
    async present(pair) {
      await close();
      proxy = serve(pair);
      await listen(proxy, port);
    },
    async stop() {
      await close();
      upstream.destroy();
    },
  };
}

/** Lets a request pass. */
const pass: Fault = async ({ forward, deliver }) => await deliver(await forward());

function describe(incoming: IncomingMessage, number: number): ProxiedRequest {
  const url = new URL(incoming.url!, "https://proxy.invalid");
  const method = incoming.method!;
  return {
    number,
    method,
    path: url.pathname,
    query: url.searchParams,
    userAgent: incoming.headers["user-agent"] ?? "",
    isWatch: ["true", "1"].includes(url.searchParams.get("watch") ?? ""),
    isWrite: !["GET", "HEAD", "OPTIONS"].includes(method),
  };
}

function forward(
  server: string,
  agent: HttpsAgent,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, authorization: ___, ...headers } = incoming.headers;
    const outgoing = httpsRequest(server + incoming.url, { method: incoming.method, headers, agent }, resolve);
    outgoing.on("error", reject);
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
}

/** A watch's answer is passed on piece by piece, any other when all of it is there. */
async function deliver(request: ProxiedRequest, answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const { connection: _, "transfer-encoding": __, ...headers } = answer.headers;
  if (!request.isWatch) {
    const body = await buffer(answer);
    request.status = answer.statusCode;
    response.writeHead(answer.statusCode!, { ...headers, "content-length": body.length });
    response.end(body);
    return;
  }
  request.status = answer.statusCode;
  response.writeHead(answer.statusCode!, headers);
  response.flushHeaders();
  answer.on("error", () => response.destroy());
  answer.pipe(response);
}

function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * The small HTTP servers of the operator. They answer GET with text, which node:http does alone; Effect's HTTP server
 * would add 15 MB to a process that has 80.
 */
import { Data, Effect, type Scope } from "effect";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** The address cannot be listened on. */
export class ListenError extends Data.TaggedError("ListenError")<{
  readonly address: string;
  readonly detail: string;
}> {
  override get message(): string {
    return `Cannot listen on "${this.address}": ${this.detail}`;
  }
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

/** Answers a GET of one path. */
export type Route = (request: IncomingMessage) => Effect.Effect<Reply>;

export interface ServeOptions {
  readonly routes: Readonly<Record<string, Route>>;
  /** Makes the server; for TLS. Default: node:http's. */
  readonly create?: (listener: Parameters<typeof createServer>[1]) => Server;
}

/**
 * Serves the routes on `host:port` or `:port` until the scope closes, and gives the port. `0` and the empty address
 * serve nowhere, as in controller-runtime, and give null. `what` names the server in the log.
 */
export const serve = Effect.fnUntraced(function* (
  what: string,
  address: string,
  { routes, create = createServer as NonNullable<ServeOptions["create"]> }: ServeOptions,
): Effect.fn.Return<number | null, ListenError, Scope.Scope> {
  if (address === "0" || address === "") return null;
  const { host, port } = yield* parseAddress(address);
  const context = yield* Effect.context<never>();
  const run = Effect.runPromiseWith(context);
  const server = create((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0];
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    const reply: Effect.Effect<Reply> = route === undefined
      ? Effect.succeed({ status: 404, body: "404 page not found\n" })
      : request.method !== "GET" && request.method !== "HEAD"
      ? Effect.succeed({ status: 405, body: "405 method not allowed\n" })
      : route(request);
    run(Effect.exit(reply)).then((exit) => {
      const { status, body, contentType } = exit._tag === "Success" ? exit.value : { status: 500, body: "error\n" };
      response.writeHead(status, { "content-type": contentType ?? "text/plain; charset=utf-8" }).end(body);
    });
  });
  const sockets = openSockets(server);
  yield* Effect.acquireRelease(listen(server, address, host, port), () => close(server, sockets));
  const listening = server.address() as AddressInfo;
  yield* Effect.annotateLogs(Effect.logInfo(`Serving ${what}`), { address: `${host ?? ""}:${listening.port}` });
  return listening.port;
});

function parseAddress(address: string): Effect.Effect<{ host: string | undefined; port: number }, ListenError> {
  const found = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(address);
  const port = Number(found?.[3]);
  if (found === null || port > 65_535) {
    return Effect.fail(new ListenError({ address, detail: "an address has the form host:port or :port" }));
  }
  return Effect.succeed({ host: found[1] || found[2] || undefined, port });
}

const listen = (server: Server, address: string, host: string | undefined, port: number) =>
  Effect.callback<void, ListenError>((resume) => {
    server.once("error", (error: Error & { code?: string }) => {
      const detail = error.code === "EADDRINUSE" ? "another process uses it; choose another address" : error.message;
      resume(Effect.fail(new ListenError({ address, detail })));
    });
    server.listen(port, host, () => resume(Effect.void));
  });

/** The sockets of clients: not every server of every runtime can close them itself. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

const close = (server: Server, sockets: ReadonlySet<Socket>) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void));
    for (const socket of sockets) socket.destroy();
  });

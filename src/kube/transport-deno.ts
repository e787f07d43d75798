/** {@link Transport} on Deno: `Deno.createHttpClient`. */
import { type Connecting, sentOnce, type Transport } from "./transport.ts";

interface HttpClient {
  close(): void;
}

interface DenoRuntime {
  createHttpClient(options: Record<string, unknown>): HttpClient;
}

/** Idle connections must go before the API server drops them (90 s), or a write could meet one that is just closing. */
const idleMilliseconds = 60_000;

export function makeDenoTransport(options: Connecting): Transport {
  const deno = (globalThis as unknown as { Deno: DenoRuntime }).Deno;
  const named = options.serverName === undefined ? undefined : byServerName(options);
  const client = deno.createHttpClient({
    caCerts: options.ca === undefined ? [] : [options.ca],
    ...(options.cert !== undefined && { cert: options.cert, key: options.key }),
    http1: true,
    http2: false,
    poolMaxIdlePerHost: 32,
    poolIdleTimeout: idleMilliseconds,
    ...(named ? { proxy: named.socket, allowHost: true } : proxyOptions(options.proxy)),
  });
  return {
    fetch: (url, request) =>
      fetch(named ? named.rewrite(url) : url, {
        ...sentOnce(request),
        ...(named && { headers: { ...request.headers, host: named.host } }),
        client,
      } as RequestInit),
    close: () => client.close(),
  };
}

/**
 * Deno has no option for the server's name: the URL gets that name as its host, and the connection goes to the real
 * address. The Host header stays that of the real address.
 */
function byServerName(options: Connecting) {
  if (options.proxy) {
    throw new Error(`Cannot use the proxy "${options.proxy.host}" as tls-server-name is set: Deno cannot do both`);
  }
  const server = new URL(options.server);
  return {
    socket: {
      transport: "tcp",
      hostname: server.hostname.replace(/^\[|\]$/g, ""),
      port: Number(server.port || (server.protocol === "https:" ? 443 : 80)),
    },
    host: server.host,
    rewrite(url: string): string {
      const rewritten = new URL(url);
      rewritten.hostname = options.serverName!;
      return rewritten.href;
    },
  };
}

function proxyOptions(proxy: URL | undefined): Record<string, unknown> {
  if (!proxy) return {};
  const { username, password } = proxy;
  const bare = new URL(proxy);
  bare.username = bare.password = "";
  return {
    proxy: {
      transport: proxy.protocol.startsWith("socks5") ? "socks5" : proxy.protocol.slice(0, -1),
      url: bare.href,
      ...(username && {
        basicAuth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
      }),
    },
  };
}

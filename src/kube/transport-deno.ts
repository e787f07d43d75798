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
  const client = deno.createHttpClient({
    caCerts: options.ca === undefined ? [] : [options.ca],
    ...(options.cert !== undefined && { cert: options.cert, key: options.key }),
    http1: true,
    http2: false,
    poolMaxIdlePerHost: 32,
    poolIdleTimeout: idleMilliseconds,
    ...proxyOptions(options.proxy),
  });
  return {
    fetch: (url, request) => fetch(url, { ...sentOnce(request), client } as RequestInit),
    close: () => client.close(),
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

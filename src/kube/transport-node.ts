/** {@link Transport} on Node, and on Deno where its own client cannot do what the cluster's configuration asks for: undici. */
// The namespace, not its members: a bundle for Bun, whose own undici has fewer, would not start otherwise.
import * as undici from "undici";
import { type Connecting, httpProxy, type Transport } from "./transport.ts";

/** Idle connections must go before the API server drops them (90 s), or a write could meet one that is just closing. */
const idleMilliseconds = 60_000;

export function makeNodeTransport(options: Connecting): Transport {
  const dispatcher = makeDispatcher(options);
  return {
    fetch: (url, request) =>
      undici.fetch(url, { ...request, redirect: "manual", dispatcher }) as unknown as Promise<Response>,
    close: () => void dispatcher.close().catch(() => {}),
  };
}

function makeDispatcher(options: Connecting): undici.Dispatcher {
  const tls = {
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    servername: options.serverName,
    rejectUnauthorized: options.insecureSkipVerify !== true,
  };
  const pool = {
    allowH2: false,
    // Watches are quiet for long; the caller limits the time of everything else.
    bodyTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: idleMilliseconds,
    keepAliveMaxTimeout: idleMilliseconds,
  };
  const proxy = httpProxy(options.proxy);
  if (!proxy) return new undici.Agent({ ...pool, connect: { ...tls, keepAlive: true } });
  return new undici.ProxyAgent({ ...pool, uri: proxy.href, requestTls: tls });
}

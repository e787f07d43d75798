/** The binding of {@link Transport} for the runtime that this is; only that one is loaded. */
import { type Env, processEnv } from "./environment.ts";
import { proxyFor } from "./proxy-settings.ts";
import type { Connecting, Transport, TransportOptions } from "./transport.ts";

/** Opens a transport on the runtime that this is. No connection is made yet. */
export async function makeTransport(options: TransportOptions, env: Env = processEnv()): Promise<Transport> {
  const { proxyUrl, ...rest } = options;
  const connecting: Connecting = { ...rest, proxy: proxyFor(options.server, proxyUrl, env) };
  if ("Bun" in globalThis) return (await import("./transport-bun.ts")).makeBunTransport(connecting);
  // Deno's own client always checks the server's certificate, and by the URL's host; undici on Deno's node:tls need not.
  if ("Deno" in globalThis && !options.insecureSkipVerify && options.serverName === undefined) {
    return (await import("./transport-deno.ts")).makeDenoTransport(connecting);
  }
  return (await import("./transport-node.ts")).makeNodeTransport(connecting);
}

/** The certificate of a TLS server: one that was mounted, or one made for this process. */
import { createServer, type ServerOptions } from "node:https";
import type { RequestListener, Server } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import type { ServeOptions } from "./http-server.ts";

/** Where controller-runtime looks for `tls.crt` and `tls.key` of the metrics server. */
export const metricsCertificateFolder = join(tmpdir(), "k8s-metrics-server", "serving-certs");

/** A certificate and its key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes TLS servers with the folder's `tls.crt` and `tls.key`, or with what `selfSigned` makes when they are not there.
 * A mounted certificate that is renewed is used within a minute. With `http2`, clients that ask for HTTP/2 have it.
 */
export const tlsServer = (
  folder: string,
  selfSigned: () => KeyPair,
  { http2 = false }: { readonly http2?: boolean } = {},
): Effect.Effect<NonNullable<ServeOptions["create"]>> =>
  Effect.gen(function* () {
    const make = http2 ? yield* http2Server : createServer;
    const options = (): ServerOptions => ({
      cert: readFileSync(join(folder, "tls.crt")),
      key: readFileSync(join(folder, "tls.key")),
    });
    const isMounted = existsSync(join(folder, "tls.crt")) && existsSync(join(folder, "tls.key"));
    const own = isMounted ? undefined : selfSigned();
    return (listener) => {
      const server = make(own ?? options(), listener!);
      if (own === undefined) renew(server, options);
      return server as unknown as Server;
    };
  });

/** Loaded when it is asked for: node:http2 costs memory. */
const http2Server = Effect.map(
  Effect.promise(() => import("node:http2")),
  ({ createSecureServer }) => (options: ServerOptions, listener: RequestListener) =>
    createSecureServer({ ...options, allowHTTP1: true }, listener as never) as unknown as ReturnType<
      typeof createServer
    >,
);

/** Looks for a new certificate each minute, if anybody connects. */
function renew(server: ReturnType<typeof createServer>, options: () => ServerOptions): void {
  let looked = Date.now();
  server.on("connection", () => {
    if (Date.now() - looked < 60_000) return;
    looked = Date.now();
    try {
      server.setSecureContext(options());
    } catch {
      // The files are being replaced: the last certificate holds until they are whole.
    }
  });
}

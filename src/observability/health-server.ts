/** `/healthz` and `/readyz`, and `/metrics`. */
import { Effect, type Scope } from "effect";
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics";
import { type ListenError, type Reply, serve, type ServeOptions } from "./http-server.ts";
import { formatProcessMetrics } from "./process-metrics.ts";
import { Readiness } from "./readiness.ts";

const ok: Reply = { status: 200, body: "ok" };

/**
 * Serves `/healthz`, which answers while the process works at all, and `/readyz`, which answers 200 when every watch has
 * its first list or waits for its CRD, else 503 with what is waited for. Gives the port.
 */
export const serveHealth = (address: string): Effect.Effect<number | null, ListenError, Scope.Scope | Readiness> =>
  Effect.flatMap(Readiness, (readiness) =>
    serve("health probes", address, {
      routes: {
        "/healthz": () => Effect.succeed(ok),
        "/readyz": () => Effect.map(readiness.waiting, (waiting) => waiting.size === 0 ? ok : notReady(waiting)),
      },
    }));

function notReady(waiting: ReadonlyMap<string, string>): Reply {
  const lines = [...waiting].map(([part, reason]) => `[-]${part}: ${reason}\n`);
  return { status: 503, body: lines.join("") };
}

/** Serves Effect's metrics and the process's own in Prometheus' text format. Gives the port. */
export const serveMetrics = (
  address: string,
  options: { readonly create?: ServeOptions["create"]; readonly guard?: ServeOptions["routes"][string] } = {},
): Effect.Effect<number | null, ListenError, Scope.Scope> => {
  const metrics = Effect.map(PrometheusMetrics.format(), (text): Reply => ({
    status: 200,
    body: text + formatProcessMetrics(),
    contentType: "text/plain; version=0.0.4; charset=utf-8",
  }));
  const route: ServeOptions["routes"][string] = (request) =>
    options.guard === undefined
      ? metrics
      : Effect.flatMap(options.guard(request), (verdict) => verdict.status === 200 ? metrics : Effect.succeed(verdict));
  return serve("metrics", address, { routes: { "/metrics": route }, create: options.create });
};

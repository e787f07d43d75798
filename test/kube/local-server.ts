// A small API server of the tests' own, that answers as a test tells it, and the project's client on it.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Effect } from "effect";
import { type ClientOptions, layer } from "../../src/kube/client.ts";
import type { ClusterConfig, UserConfig } from "../../src/kube/cluster-config.ts";
import type { KubeClient } from "../../src/kube/kube-client.ts";

/** A request that came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers a request; `nth` counts the requests of this method and path from 1. */
export type Answer = (request: Received, response: ServerResponse, nth: number) => void | Promise<void>;

const core = {
  kind: "APIGroupDiscoveryList",
  items: [{
    metadata: {},
    versions: [{
      version: "v1",
      resources: [{
        resource: "configmaps",
        responseKind: { group: "", version: "v1", kind: "ConfigMap" },
        scope: "Namespaced",
        verbs: ["get", "list", "watch"],
      }],
    }],
  }],
};

/** Serves discovery of ConfigMaps, and everything else by `answer`. */
export async function localServer(answer: Answer) {
  const received: Received[] = [];
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, "http://local");
    let body = "";
    for await (const piece of request) body += piece;
    const path = url.pathname;
    const one = { method: request.method!, path, query: url.searchParams, headers: request.headers, body };
    const key = `${one.method} ${path}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (path === "/api") return json(response, 200, core);
    if (path === "/apis") return json(response, 200, { kind: "APIGroupDiscoveryList", items: [] });
    received.push(one);
    await answer(one, response, counts.get(key)!);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    received,
    run: <A, E>(effect: Effect.Effect<A, E, KubeClient>, options: ClientOptions = {}, user: UserConfig = {}) =>
      Effect.runPromise(Effect.provide(effect, layer(configOf(url, user), options))),
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function configOf(server: string, user: UserConfig = {}): ClusterConfig {
  return { context: "test", namespace: "default", server, user };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** A Status as the API server sends it with an error. */
export function status(code: number, reason: string, message: string) {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

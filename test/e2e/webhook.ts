// An admission webhook of a test's own, on this machine: a small HTTPS server that the API server asks.

import { Buffer } from "node:buffer";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { signServer } from "../cluster/certificates.ts";
import type { SharedControlPlane } from "../cluster/shared.ts";

export interface WebhookOptions {
  /** The kinds that it is asked about, in the plural, of the core group. */
  readonly resources: ReadonlyArray<string>;
  /** Only in this namespace. */
  readonly namespace: string;
  readonly failurePolicy?: "Fail" | "Ignore";
}

export interface Webhook {
  /** `refuses.<namespace>.example.com`. */
  readonly name: string;
  /** Refuses with these words from now on; null allows. */
  verdict: string | null;
  /** From now on nobody listens. */
  readonly goDown: () => Promise<void>;
  /** Somebody listens again. */
  readonly comeBack: () => Promise<void>;
  /** Ends it, and the API server asks it no more. */
  readonly stop: () => Promise<void>;
}

/** Starts it and has the API server ask it when such objects are created or changed. */
export async function startWebhook(cluster: SharedControlPlane, options: WebhookOptions): Promise<Webhook> {
  const { authority, api } = cluster;
  const own = await signServer(authority, "webhook", ["localhost"], ["127.0.0.1"]);
  const name = `refuses.${options.namespace}.example.com`;
  const server = createServer({ key: own.key, cert: own.certificate }, async (incoming, response) => {
    const { apiVersion, kind, request: { uid } } = await json(incoming) as any;
    const { verdict } = webhook;
    const status = verdict === null ? {} : { status: { code: 403, message: verdict } };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ apiVersion, kind, response: { uid, allowed: verdict === null, ...status } }));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const configuration = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration", name };
  const goDown = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const webhook: Webhook = {
    name,
    verdict: null,
    goDown,
    comeBack: () => listen(port),
    stop: async () => {
      await api.delete(configuration);
      await goDown();
    },
  };
  await api.create({
    apiVersion: configuration.apiVersion,
    kind: configuration.kind,
    metadata: { name },
    webhooks: [{
      name,
      clientConfig: {
        url: `https://127.0.0.1:${port}/admit`,
        caBundle: Buffer.from(authority.certificate).toString("base64"),
      },
      rules: [{
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: [...options.resources],
      }],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": options.namespace } },
      failurePolicy: options.failurePolicy ?? "Fail",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      timeoutSeconds: 5,
    }],
  });
  return webhook;
}

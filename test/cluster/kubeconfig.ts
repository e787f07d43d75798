// Kubeconfig files for the control plane's users.

import type { KeyPair } from "./certificates.ts";
import { Buffer } from "node:buffer";

/** What a kubeconfig connects to and as whom. */
export interface Access {
  readonly server: string;
  /** The authority's certificate, PEM. */
  readonly authority: string;
  readonly user: string;
  readonly client: KeyPair;
  /** The namespace that commands use when none is named; `default` by default. */
  readonly namespace?: string;
}

/** The text of a kubeconfig with one context, which is the current one and is named after the user. */
export function kubeconfigText(access: Access): string {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  return `apiVersion: v1
kind: Config
clusters:
  - name: helmwright-local
    cluster:
      server: ${access.server}
      certificate-authority-data: ${base64(access.authority)}
users:
  - name: ${access.user}
    user:
      client-certificate-data: ${base64(access.client.certificate)}
      client-key-data: ${base64(access.client.key)}
contexts:
  - name: ${access.user}
    context:
      cluster: helmwright-local
      user: ${access.user}
      namespace: ${access.namespace ?? "default"}
current-context: ${access.user}
`;
}

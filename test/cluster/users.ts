// Users of a control plane with rights of their own, for tests of what happens when a right is missing.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "./api.ts";
import { type KeyPair, signClient } from "./certificates.ts";
import { kubeconfigText } from "./kubeconfig.ts";

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups?: ReadonlyArray<string>;
  readonly resources?: ReadonlyArray<string>;
  readonly resourceNames?: ReadonlyArray<string>;
  readonly nonResourceURLs?: ReadonlyArray<string>;
  readonly verbs: ReadonlyArray<string>;
}

/** Options of `createUser`. */
export interface UserOptions {
  /** The rules hold in this namespace only; everywhere when left out. */
  readonly namespace?: string;
  /** How long the user's certificate is valid, in milliseconds; ten years by default. */
  readonly validMs?: number;
  /** The kubeconfig's server; the API server itself by default. A fault proxy's address goes here. */
  readonly server?: string;
}

/** What {@link createUser} needs to know of a control plane. */
export interface UserHost {
  readonly directory: string;
  readonly server: string;
  readonly api: Api;
  readonly authority: KeyPair;
}

/**
 * Gives a user exactly these rights and returns the path of a kubeconfig for it. Called again for the same name, it
 * replaces the rights.
 */
export async function createUser(
  host: UserHost,
  name: string,
  rules: ReadonlyArray<PolicyRule>,
  options: UserOptions = {},
): Promise<string> {
  const { namespace } = options;
  const scope = namespace === undefined ? "Cluster" : "";
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = namespace === undefined ? { name } : { name, namespace };
  await host.api.apply({ apiVersion, kind: `${scope}Role`, metadata, rules });
  await host.api.apply({
    apiVersion,
    kind: `${scope}RoleBinding`,
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: `${scope}Role`, name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
  });
  const path = join(host.directory, `${name}-${crypto.randomUUID().slice(0, 8)}.kubeconfig`);
  const access = {
    server: options.server ?? host.server,
    authority: host.authority.certificate,
    user: name,
    client: await signClient(host.authority, { user: name, validMs: options.validMs }),
    namespace,
  };
  writeFileSync(path, kubeconfigText(access), { mode: 0o600 });
  return path;
}

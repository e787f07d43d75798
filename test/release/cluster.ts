// What tests of releases share: the project's own client on the test run's control plane, a kind of custom resource,
// and charts in folders.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Effect, Layer } from "effect";
import { layer as kubeLayer } from "../../src/kube/client.ts";
import { KubeClient } from "../../src/kube/kube-client.ts";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";
import { sharedControlPlane } from "../cluster/shared.ts";

/** The cluster's client as a layer, and the test's own client to look at what came of it. */
export async function connect() {
  const { api, kubeconfig } = await sharedControlPlane();
  const kube: Layer.Layer<KubeClient> = Layer.unwrap(
    Effect.orDie(Effect.map(loadClusterConfig({ kubeconfig }), (config) => kubeLayer(config))),
  );
  await api.createCustomResourceDefinition(definition("Web", "Namespaced"));
  await api.createCustomResourceDefinition(definition("Site", "Cluster"));
  return { api, kube, kubeconfig };
}

const definition = (kind: string, scope: "Namespaced" | "Cluster") => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.release-test.example.com` },
  spec: {
    group: "release-test.example.com",
    scope,
    names: { kind, plural: `${kind.toLowerCase()}s` },
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    }],
  },
});

/** A custom resource of a kind of the tests: `Web` is namespaced, `Site` is not. */
export function customResource(kind: "Web" | "Site", namespace: string, name: string, spec: unknown) {
  const metadata = kind === "Web" ? { name, namespace } : { name };
  return { apiVersion: "release-test.example.com/v1", kind, metadata, spec };
}

/** Files by their paths; a folder of the system's for them, and how to remove it. */
export function chartFolder(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-chart-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

// A kind of custom resources of a test's own, with a chart: the CRD, a watches file, and what a user does with it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Api, type KubeObject, waitFor, type WaitOptions } from "../cluster/api.ts";

export interface KindOptions {
  /** Files of the chart by path; Chart.yaml is made when it is left out. */
  readonly chart: Readonly<Record<string, string>>;
  /** Further fields of the watches file's entry, as YAML lines. */
  readonly watch?: string;
  readonly scope?: "Namespaced" | "Cluster";
  /** Do not create the CRD yet. */
  readonly withoutDefinition?: boolean;
}

/** A custom resource's condition. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export type Kind = Awaited<ReturnType<typeof makeKind>>;

/** Makes a group that no other test has, its CRD, and a folder with the chart `chart` and `watches.yaml`. */
export async function makeKind(api: Api, options: KindOptions) {
  const group = `t${crypto.randomUUID().slice(0, 8)}.example.com`;
  const apiVersion = `${group}/v1`;
  const folder = mkdtempSync(join(tmpdir(), "helmwright-e2e-"));
  const files = { "Chart.yaml": "apiVersion: v2\nname: probe\nversion: 1.0.0\n", ...options.chart };
  for (const [name, text] of Object.entries(files)) write(join(folder, "chart", name), text);
  const watches = join(folder, "watches.yaml");
  writeFileSync(watches, `- group: ${group}\n  version: v1\n  kind: Probe\n  chart: chart\n${options.watch ?? ""}`);
  const definition = crd(group, options.scope ?? "Namespaced");
  if (!options.withoutDefinition) await api.createCustomResourceDefinition(definition);
  const refer = (namespace: string | undefined, name: string) => ({ apiVersion, kind: "Probe", namespace, name });
  const get = (namespace: string | undefined, name: string) => api.get(refer(namespace, name));
  const condition = async (namespace: string | undefined, name: string, type: string) =>
    ((await get(namespace, name))?.status?.conditions as Condition[] | undefined)?.find((each) => each.type === type);
  return {
    group,
    apiVersion,
    folder,
    /** Options of `startOperator`. */
    run: { directory: folder, watches },
    get,
    condition,
    definition,
    define: () => api.createCustomResourceDefinition(definition),
    create: (namespace: string | undefined, name: string, spec: unknown = {}, metadata: object = {}) =>
      api.create({ apiVersion, kind: "Probe", metadata: { name, namespace, ...metadata }, spec } as KubeObject),
    change: (namespace: string | undefined, name: string, patch: object) => api.patch(refer(namespace, name), patch),
    delete: (namespace: string | undefined, name: string) => api.delete(refer(namespace, name)),
    writeChart: (name: string, text: string) => write(join(folder, "chart", name), text),
    /** Waits for a condition that satisfies the test. */
    waitForCondition: (
      namespace: string | undefined,
      name: string,
      type: string,
      test: (condition: Condition) => boolean = ({ status }) => status === "True",
      wait?: WaitOptions,
    ) =>
      waitFor(`condition ${type} of ${name}`, async () => {
        const found = await condition(namespace, name, type);
        return found !== undefined && test(found) ? found : undefined;
      }, wait),
    waitForNoCondition: (namespace: string | undefined, name: string, type: string, wait?: WaitOptions) =>
      waitFor(
        `no condition ${type} of ${name}`,
        async () => (await condition(namespace, name, type)) === undefined,
        wait,
      ),
    waitUntilGone: (namespace: string | undefined, name: string, wait?: WaitOptions) =>
      waitFor(`${name} to be gone`, async () => (await get(namespace, name)) === undefined, wait),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A ConfigMap template whose `size` is the value of that name, 1 by default. */
export const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
data:
  size: {{ .Values.size | default 1 | quote }}
`;

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function crd(group: string, scope: "Namespaced" | "Cluster"): KubeObject {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `probes.${group}` },
    spec: {
      group,
      scope,
      names: { kind: "Probe", plural: "probes", singular: "probe", listKind: "ProbeList" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { "x-kubernetes-preserve-unknown-fields": true }, status: open },
          },
        },
      }],
    },
  };
}

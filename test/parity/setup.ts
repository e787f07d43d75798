// What the parity tests share: several kinds under one operator, and a look at releases, events and the log.
//
// The tests are named after the numbered statements of what a replacement of operator-sdk's Helm operator must do. Where
// a statement describes a flaw of that operator, the test shows what happens instead; docs/migration.md lists those.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type KubeObject, waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import type { PolicyRule } from "../cluster/users.ts";
import { type Kind, type KindOptions, makeKind } from "../e2e/kind.ts";
import { type Operator, type OperatorOptions, startOperator } from "../e2e/operator.ts";

export const annotation = (name: string) => `helm.sdk.operatorframework.io/${name}`;
export const uninstallFinalizer = annotation("uninstall-release");
export const chartLabel = annotation("chart");

export interface ProjectOptions extends OperatorOptions {
  /** The operator is a user of its own who may do everything, so that its requests can be told from others'. */
  readonly user?: string;
}

export type Project<Name extends string> = Awaited<ReturnType<typeof startProject<Name>>>;

/** Starts one operator for kinds that have a chart each, and makes a namespace. */
export async function startProject<Name extends string>(
  definitions: Readonly<Record<Name, KindOptions>>,
  { user, ...options }: ProjectOptions = {},
) {
  const cluster = await sharedControlPlane();
  const { api } = cluster;
  const names = Object.keys(definitions) as Name[];
  const made = await Promise.all(names.map((name) => makeKind(api, definitions[name])));
  const kinds = Object.fromEntries(names.map((name, index) => [name, made[index]])) as Record<Name, Kind>;
  const folder = mkdtempSync(join(tmpdir(), "helmwright-parity-"));
  const watches = join(folder, "watches.yaml");
  writeFileSync(watches, watchesOf(made));
  const kubeconfig = user === undefined ? cluster.kubeconfig : await cluster.createUser(user, everything);
  const operator = await startOperator({ kubeconfig, watches, directory: folder, ...options });
  const namespace = await api.createNamespace("parity");
  return {
    cluster,
    api,
    kinds,
    operator,
    namespace,
    folder,
    log: () => logOf(operator),
    reconcileAgain: (kind: Kind, name: string) => reconcileAgain(operator, kind, namespace, name),
    close: async () => {
      await operator.kill();
      for (const kind of made) kind.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const everything: ReadonlyArray<PolicyRule> = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

/** One watches file for kinds that {@link makeKind} made. */
export function watchesOf(kinds: ReadonlyArray<Kind>): string {
  return kinds.map(({ run, folder }) =>
    readFileSync(run.watches, "utf8").replace("chart: chart", `chart: ${join(folder, "chart")}`)
  ).join("");
}

/** A line of the operator's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

export function logOf(operator: Operator): LogLine[] {
  return operator.output().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

/** Asks for a reconcile by an annotation and waits until it ended well. */
export async function reconcileAgain(operator: Operator, kind: Kind, namespace: string, name: string): Promise<void> {
  const ended = () =>
    logOf(operator).filter((line) =>
      line.namespace === namespace && line.name === name && line.apiVersion === kind.apiVersion &&
      /^(Reconciled|Upgraded|Installed) release$/.test(line.msg)
    ).length;
  const before = ended();
  await kind.change(namespace, name, { metadata: { annotations: { asked: crypto.randomUUID() } } });
  await waitFor(`another reconcile of ${name}`, () => ended() > before);
}

/** `1 superseded`, `2 deployed` for the revisions of a release, the oldest first. */
export async function revisionsOf(api: Api, namespace: string, name: string): Promise<string[]> {
  const records = await api.list("v1", "Secret", namespace, `owner=helm,name=${name}`);
  return records
    .sort((a, b) => Number(a.metadata.labels!.version) - Number(b.metadata.labels!.version))
    .map(({ metadata }) => `${metadata.labels!.version} ${metadata.labels!.status}`);
}

/** Waits for an event about an object of this name. */
export function waitForEvent(api: Api, namespace: string, name: string, reason: string): Promise<KubeObject> {
  return waitFor(`event ${reason} of ${name}`, async () => {
    const events = await api.list("v1", "Event", namespace);
    return events.find((event) => event.reason === reason && event.involvedObject.name === name);
  });
}

/** How to name the ConfigMap of e2e's chart, `NAME-config`. */
export const configOf = (namespace: string, name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace,
  name: `${name}-config`,
});

/** A ConfigMap template with this data (YAML lines) and further metadata. */
export function configMapWith(data: string, { name = "config", metadata = "" } = {}): string {
  return [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    `  name: {{ .Release.Name }}-${name}`,
    ...metadata === "" ? [] : [metadata.replace(/^/gm, "  ")],
    "data:",
    data.replace(/^/gm, "  "),
    "",
  ].join("\n");
}

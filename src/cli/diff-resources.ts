/** What `helmwright diff` does. */
import { readFileSync } from "node:fs";
import { Console, Data, Effect } from "effect";
import { layer as kubeLayer } from "../kube/client.ts";
import { KubeClient } from "../kube/kube-client.ts";
import { loadClusterConfig } from "../kube/kubeconfig.ts";
import { describe, formatApiVersion, gvkOf, type KubeObject } from "../kube/object.ts";
import { parseManifest } from "../release/manifest.ts";
import { dryRunning } from "../release/dry-run.ts";
import { hasChanges, type ReleasePlan } from "../release/plan.ts";
import { formatPlan } from "../release/plan-text.ts";
import { formatGvk } from "../watches/watch.ts";
import { newManagerFactories, type WatchedRelease } from "./manager-factories.ts";
import { loadContext } from "./override-templates.ts";

/** The command's argument and flags. */
export interface DiffOptions {
  readonly file: string;
  readonly watchesFile: string | null;
  readonly namespace: string | null;
  readonly output: "text" | "json";
  readonly kubeconfig: string | null;
  readonly context: string | null;
}

/** The file with the custom resources cannot be used. */
export class DiffError extends Data.TaggedError("DiffError")<{ readonly file: string; readonly detail: string }> {
  override get message(): string {
    return `Cannot use ${this.file}: ${this.detail}`;
  }
}

/** A custom resource's release cannot be planned: the chart, the values or the API server refuse it. */
export class PlanFailed extends Data.TaggedError("PlanFailed")<{ readonly cr: string; readonly cause: Error }> {
  override get message(): string {
    return `Cannot plan ${this.cr}: ${this.cause.message.trimEnd()}`;
  }
}

/** Prints the plans of the file's custom resources, and tells whether there is a change in any. */
export const diffResources = (options: DiffOptions) =>
  Effect.gen(function* () {
    const { watched } = yield* newManagerFactories(options.watchesFile, loadContext(process.env, false));
    const resources = yield* readResources(options.file);
    const found = yield* Effect.forEach(resources, (cr) => releaseOf(options.file, cr, watched));
    const cluster = yield* loadClusterConfig({
      kubeconfig: options.kubeconfig ?? undefined,
      context: options.context ?? undefined,
    });
    const namespace = options.namespace ?? cluster.namespace;
    const plans = yield* Effect.forEach(found, ({ cr, release }) =>
      Effect.mapError(planOf(cr, release, namespace), (cause) =>
        new PlanFailed({ cr: describe(cr), cause }))).pipe(
        Effect.provide(kubeLayer(cluster)),
      );
    yield* Console.log(options.output === "json" ? JSON.stringify(plans, null, 2) : format(plans));
    return plans.some(hasChanges);
  });

function readResources(file: string): Effect.Effect<KubeObject[], DiffError> {
  return Effect.try({
    try: () => {
      const found = parseManifest(readFileSync(file === "-" ? 0 : file, "utf8"));
      if (found.length === 0) throw new Error("it holds no custom resource");
      return found;
    },
    catch: (error) => new DiffError({ file, detail: (error as Error).message }),
  });
}

function releaseOf(file: string, cr: KubeObject, watched: ReadonlyArray<WatchedRelease>) {
  const release = watched.find(({ watch }) => formatApiVersion(watch) === cr.apiVersion && watch.kind === cr.kind);
  if (release !== undefined) return Effect.succeed({ cr, release });
  const known = watched.map(({ watch }) => formatGvk(watch)).join("; ");
  const detail = `no watch has ${formatGvk(gvkOf(cr))}; the watches have ${known === "" ? "nothing" : known}`;
  return Effect.fail(new DiffError({ file, detail }));
}

/** The plan for a custom resource as the API server would store it, with its defaults and after its validation. */
const planOf = Effect.fnUntraced(function* (cr: KubeObject, { newManagerFactory }: WatchedRelease, namespace: string) {
  const kube = dryRunning(yield* KubeClient);
  const stored = yield* admitted(kube, cr, namespace);
  const managers = yield* Effect.provideService(newManagerFactory(), KubeClient, kube);
  const manager = yield* managers.newManager(stored);
  return yield* manager.plan;
});

/** The custom resource as a dry run of its creation, or of its replacement, gives it. */
const admitted = Effect.fnUntraced(function* (kube: KubeClient["Service"], cr: KubeObject, otherwise: string) {
  const { namespaced } = yield* kube.resource(gvkOf(cr));
  const { namespace: given, name = "" } = cr.metadata;
  const namespace = namespaced ? given ?? otherwise : undefined;
  const { apiVersion, kind } = cr;
  const live = yield* kube.get({ apiVersion, kind, namespace, name });
  const { labels, annotations } = cr.metadata;
  if (live === null) return yield* kube.create({ ...cr, metadata: { namespace, name, labels, annotations } });
  return yield* kube.replace({
    ...live,
    spec: cr.spec,
    metadata: {
      ...live.metadata,
      labels: { ...live.metadata.labels, ...labels },
      annotations: { ...live.metadata.annotations, ...annotations },
    },
  });
});

function format(plans: ReadonlyArray<ReleasePlan>): string {
  return plans.map(formatPlan).join("\n").trimEnd();
}

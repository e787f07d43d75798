// A release under test: a chart in a folder, a custom resource in a namespace of its own, and what the reconciler does.

import { afterEach } from "node:test";
import { Effect, Layer, ManagedRuntime } from "effect";
import { KubeClient } from "../../src/kube/kube-client.ts";
import type { ManagerFailure } from "../../src/release/failure.ts";
import type { Manager } from "../../src/release/manager.ts";
import type { HookLog } from "../../src/release/hook-log.ts";
import { makeManagerFactory } from "../../src/release/manager-factory.ts";
import type { ReleaseOptions } from "../../src/release/options.ts";
import { passingCause } from "../../src/release/outcome.ts";
import { Renderer } from "../../src/release/renderer.ts";
import { secretStorage } from "../../src/storage/object-storage.ts";
import type { ReleaseRecord } from "../../src/storage/record.ts";
import { Storage } from "../../src/storage/storage.ts";
import { chartYaml } from "./charts.ts";
import { chartFolder, connect, customResource } from "./cluster.ts";

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export interface FixtureOptions extends ReleaseOptions {
  /** Of the custom resource; a `Site` is cluster-scoped. Default `Web`. */
  readonly kind?: "Web" | "Site";
  /** Takes the logs of hooks. */
  readonly onHookLog?: (log: HookLog) => void;
  /** Leave a failed install as it is. Default: it is uninstalled, as the reconciler does by default. */
  readonly keepFailedInstall?: boolean;
  /** Stands between the release and the API server. */
  readonly wrap?: (kube: KubeClient["Service"]) => KubeClient["Service"];
}

/** Installs nothing yet. Close it when done. */
export async function startFixture(
  files: Readonly<Record<string, string>>,
  spec: Record<string, unknown>,
  { wrap = (kube) => kube, onHookLog = () => {}, kind = "Web", keepFailedInstall = false, ...options }: FixtureOptions =
    {},
) {
  const { api, kube, kubeconfig } = await connect();
  const namespace = await api.createNamespace("release");
  const chart = chartFolder(files);
  const wrapped = Layer.effect(KubeClient, Effect.map(KubeClient, wrap)).pipe(Layer.provide(kube));
  const runtime = ManagedRuntime.make(Layer.mergeAll(Layer.provideMerge(secretStorage, wrapped), Renderer.layer));
  const factory = await runtime.runPromise(
    makeManagerFactory(chart.folder, { namespace, ...options }, (_, log) => Effect.sync(() => onHookLog(log))),
  );
  const name = kind === "Web" ? "web" : `web-${namespace}`;
  const cr = await api.create(customResource(kind, namespace, name, spec));
  const run = <A, E>(effect: Effect.Effect<A, E>) => runtime.runPromise(effect);
  const fresh = () => run(factory.newManager(cr as never));
  const history = () => runtime.runPromise(Effect.flatMap(Storage, (storage) => storage.history({ name, namespace })));
  return {
    api,
    kubeconfig,
    namespace,
    chart,
    cr,
    run,
    /** A manager that has not synced. */
    fresh,
    /** A manager that has. */
    async manager(): Promise<Manager> {
      const manager = await fresh();
      await run(manager.sync);
      return manager;
    },
    /** A manager of another factory on the same release, which has synced. */
    async managerWith(more: ReleaseOptions): Promise<Manager> {
      const other = await runtime.runPromise(makeManagerFactory(chart.folder, { namespace, ...options, ...more }));
      const manager = await run(other.newManager(cr as never));
      await run(manager.sync);
      return manager;
    },
    setSpec: (next: Record<string, unknown>) => void (cr.spec = next),
    annotate: (annotations: Record<string, string>) => void (cr.metadata.annotations = annotations),
    history,
    /** `2 deployed: Upgrade complete` for each revision. */
    states: async () => (await history()).map(({ version, info }) => `${version} ${info.status}: ${info.description}`),
    /** Writes a record over what is there, or as a new one. */
    write: ({ resourceVersion: _, ...record }: ReleaseRecord) =>
      runtime.runPromise(
        Effect.flatMap(Storage, (storage) =>
          Effect.catchTag(storage.create(record as ReleaseRecord), "ReleaseExists", () =>
            storage.update(record as ReleaseRecord))),
      ),
    configMap: (name: string) => api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name }),
    /** One reconcile of a living custom resource, and what it came to. */
    async reconcile(): Promise<string> {
      const manager = await this.manager();
      if (!manager.isInstalled()) {
        const undo = (error: ManagerFailure) =>
          keepFailedInstall || passingCause(error) !== null ? Effect.void : Effect.ignore(manager.uninstallRelease);
        await run(Effect.tapError(manager.installRelease(), undo));
        return "installed";
      }
      if (manager.isUpdateRequired()) {
        await run(manager.updateRelease());
        return "updated";
      }
      const { repairs } = await run(manager.reconcileRelease);
      return `repaired ${repairs.length}`;
    },
    close: async () => {
      chart.remove();
      await runtime.dispose();
    },
  };
}

/** Starts fixtures with a chart called `front`, and closes them after the test. Call it once at the top of a file. */
export function startForEachTest() {
  const open: Fixture[] = [];
  afterEach(async () => {
    for (const fixture of open.splice(0)) await fixture.close();
  });
  return async (files: Record<string, string>, spec: Record<string, unknown> = {}, options?: FixtureOptions) => {
    const fixture = await startFixture({ ...chartYaml, ...files }, spec, options);
    open.push(fixture);
    return fixture;
  };
}

/** Managers for every watch of a watches file, or of the environment. */
import { Effect, Layer } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import type { ManagerFactory } from "../release/manager.ts";
import { logHook } from "../release/hook-log.ts";
import { makeManagerFactory } from "../release/manager-factory.ts";
import type { ReleaseOptions } from "../release/options.ts";
import { Renderer } from "../release/renderer.ts";
import { mergeValues } from "../release/values.ts";
import { storageFor, type UnknownDriver } from "../storage/driver.ts";
import type { DecodedWatches } from "../watches/decode.ts";
import { type LoadContext, loadWatchesFile, loadWatchesFromEnv } from "../watches/load.ts";
import { overrideTree } from "../watches/override-values.ts";
import type { ReleaseFields } from "../watches/release-options.ts";
import type { Watch, WatchesError } from "../watches/watch.ts";

/** A watch, and what makes the managers of its custom resources. */
export interface WatchedRelease {
  readonly watch: Watch;
  readonly managers: ManagerFactory["Service"];
}

/**
 * The factory of one watch, through the client that is in scope. `driver` says where release records are kept, as
 * HELM_DRIVER does.
 */
export const newManagerFactoryFor = (
  watch: Watch,
  driver: string | undefined,
  renderer: Layer.Layer<Renderer> = Renderer.layer,
  hookLog: typeof logHook = logHook,
): Effect.Effect<ManagerFactory["Service"], UnknownDriver, KubeClient> =>
  makeManagerFactory(watch.chart, {
    overrideValues: mergeValues(watch.typedOverrideValues, overrideTree(watch.overrideValues)),
    valuesFrom: watch.valuesFrom,
    maxHistory: watch.maxHistory,
    drift: watch.drift,
    ...releaseOptions(watch.release),
  }, hookLog).pipe(Effect.provide(Layer.merge(storageFor(driver), renderer)));

function releaseOptions({ remediation, atomic: _, ...fields }: ReleaseFields): ReleaseOptions {
  return { ...fields, uninstallFailedInstall: remediation.strategy !== "retry" };
}

/** A factory for each entry of a watches file. Fails with WatchesError, which lists every problem of the file. */
export const newManagerFactoriesFromFile = (
  path: string,
  context: LoadContext,
): Effect.Effect<ReadonlyArray<WatchedRelease>, WatchesError | UnknownDriver, KubeClient> =>
  Effect.flatMap(loadWatchesFile(path, context), factoriesOf(context));

/**
 * A factory for each watch that the environment asks for: HELM_CHART_WATCHES, a watches file, beats API_VERSION, KIND
 * and HELM_CHART. None when it asks for none.
 */
export const newManagerFactoriesFromEnv = (
  context: LoadContext,
): Effect.Effect<ReadonlyArray<WatchedRelease>, WatchesError | UnknownDriver, KubeClient> =>
  Effect.flatMap(
    loadWatchesFromEnv(context),
    (found) => found === null ? Effect.succeed([]) : factoriesOf(context)(found),
  );

const factoriesOf = ({ environment }: LoadContext) => ({ watches }: DecodedWatches) =>
  Effect.forEach(
    watches,
    (watch) => Effect.map(newManagerFactoryFor(watch, environment("HELM_DRIVER")), (managers) => ({ watch, managers })),
  );

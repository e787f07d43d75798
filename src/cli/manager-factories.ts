/** Managers for every watch of a watches file, or of the environment. */
import { Effect, Layer } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";
import { logHook } from "../release/hook-log.ts";
import type { ManagerFactory } from "../release/manager.ts";
import { makeManagerFactory } from "../release/manager-factory.ts";
import { Renderer } from "../release/renderer.ts";
import { mergeValues } from "../release/values.ts";
import { storageFor, type StorageLayer, type UnknownDriver } from "../storage/driver.ts";
import type { DecodedWatches } from "../watches/decode.ts";
import { type LoadContext, loadWatchesFile, loadWatchesFromEnv } from "../watches/load.ts";
import { overrideTree } from "../watches/override-values.ts";
import type { Watch, WatchesError } from "../watches/watch.ts";

/** What managers share, or tell, beside their watch. */
export interface FactoryOptions {
  /** Default one of its own. */
  readonly renderer?: Layer.Layer<Renderer>;
  /** Takes the logs of hooks. Default the operator's log. */
  readonly hookLog?: typeof logHook;
}

/** A watch, and what makes the managers of its custom resources. */
export interface WatchedRelease {
  readonly watch: Watch;
  /** The factory, through the client that is in scope. */
  readonly newManagerFactory: (
    options?: FactoryOptions,
  ) => Effect.Effect<ManagerFactory["Service"], never, KubeClient>;
}

export interface ManagerFactories extends Omit<DecodedWatches, "watches"> {
  readonly watched: ReadonlyArray<WatchedRelease>;
}

type Loading<A> = Effect.Effect<A, WatchesError | UnknownDriver>;

/** A factory for each entry of a watches file. Fails with WatchesError, which lists every problem of the file. */
export function newManagerFactoriesFromFile(path: string, context: LoadContext): Loading<ManagerFactories> {
  return Effect.flatMap(loadWatchesFile(path, context), factoriesOf(context));
}

/**
 * A factory for each watch that the environment asks for: HELM_CHART_WATCHES, a watches file, beats API_VERSION, KIND
 * and HELM_CHART. Null when it asks for none.
 */
export function newManagerFactoriesFromEnv(context: LoadContext): Loading<ManagerFactories | null> {
  return Effect.flatMap(
    loadWatchesFromEnv(context),
    (found) => found === null ? Effect.succeed(null) : factoriesOf(context)(found),
  );
}

/** The factories of the file; without one, of the environment, and else of operator-sdk's `./watches.yaml`. */
export function newManagerFactories(path: string | null, context: LoadContext): Loading<ManagerFactories> {
  if (path !== null) return newManagerFactoriesFromFile(path, context);
  return Effect.flatMap(
    newManagerFactoriesFromEnv(context),
    (found) => found === null ? newManagerFactoriesFromFile("./watches.yaml", context) : Effect.succeed(found),
  );
}

/** HELM_DRIVER says where release records are kept. */
const factoriesOf = ({ environment }: LoadContext) => ({ watches, ...found }: DecodedWatches) =>
  Effect.map(storageFor(environment("HELM_DRIVER")), (storage): ManagerFactories => ({
    watched: watches.map((watch) => ({
      watch,
      newManagerFactory: (options) => newManagerFactoryFor(watch, storage, options),
    })),
    ...found,
  }));

function newManagerFactoryFor(
  watch: Watch,
  storage: StorageLayer,
  { renderer = Renderer.layer, hookLog = logHook }: FactoryOptions = {},
): Effect.Effect<ManagerFactory["Service"], never, KubeClient> {
  const { remediation: _, atomic: __, ...release } = watch.release;
  const options = {
    overrideValues: mergeValues(watch.typedOverrideValues, overrideTree(watch.overrideValues)),
    valuesFrom: watch.valuesFrom,
    maxHistory: watch.maxHistory,
    drift: watch.drift,
    ...release,
  };
  return Effect.provide(makeManagerFactory(watch.chart, options, hookLog), Layer.merge(storage, renderer));
}

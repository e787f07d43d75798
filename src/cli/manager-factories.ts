/** Managers for every watch of a watches file, or of the environment. */
import { Effect, Layer } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import type { ManagerFactory } from "../release/manager.ts";
import { makeManagerFactory } from "../release/manager-factory.ts";
import { Renderer } from "../release/renderer.ts";
import { mergeValues } from "../release/values.ts";
import { secretStorage } from "../storage/object-storage.ts";
import type { DecodedWatches } from "../watches/decode.ts";
import { type LoadContext, loadWatchesFile, loadWatchesFromEnv } from "../watches/load.ts";
import { overrideTree } from "../watches/override-values.ts";
import type { Watch, WatchesError } from "../watches/watch.ts";

/** A watch, and what makes the managers of its custom resources. */
export interface WatchedRelease {
  readonly watch: Watch;
  readonly managers: ManagerFactory["Service"];
}

/** The factory of one watch. Release records are kept in Secrets, through the client that is in scope. */
export const newManagerFactoryFor = (watch: Watch): Effect.Effect<ManagerFactory["Service"], never, KubeClient> =>
  makeManagerFactory(watch.chart, {
    overrideValues: mergeValues(watch.typedOverrideValues, overrideTree(watch.overrideValues)),
    valuesFrom: watch.valuesFrom,
    maxHistory: watch.maxHistory,
  }).pipe(Effect.provide(Layer.merge(secretStorage, Renderer.layer)));

/** A factory for each entry of a watches file. Fails with WatchesError, which lists every problem of the file. */
export const newManagerFactoriesFromFile = (
  path: string,
  context: LoadContext,
): Effect.Effect<ReadonlyArray<WatchedRelease>, WatchesError, KubeClient> =>
  Effect.flatMap(loadWatchesFile(path, context), factoriesOf);

/**
 * A factory for each watch that the environment asks for: HELM_CHART_WATCHES, a watches file, beats API_VERSION, KIND
 * and HELM_CHART. None when it asks for none.
 */
export const newManagerFactoriesFromEnv = (
  context: LoadContext,
): Effect.Effect<ReadonlyArray<WatchedRelease>, WatchesError, KubeClient> =>
  Effect.flatMap(loadWatchesFromEnv(context), (found) => found === null ? Effect.succeed([]) : factoriesOf(found));

const factoriesOf = ({ watches }: DecodedWatches) =>
  Effect.forEach(watches, (watch) => Effect.map(newManagerFactoryFor(watch), (managers) => ({ watch, managers })));

/** Where the watches come from: a watches file, or the environment variables that stand for one entry. */
import { Effect } from "effect";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type DecodeContext, type DecodedWatches, decodeWatches } from "./decode.ts";
import { type Watch, watchDefaults, WatchesError } from "./watch.ts";

/** What loading needs from outside: the environment and the template engine. */
export interface LoadContext extends Omit<DecodeContext, "chartProblem"> {
  readonly environment: (name: string) => string | undefined;
}

/** Reads and checks a watches file. Fails with {@link WatchesError}, which lists every problem. */
export function loadWatchesFile(path: string, context: LoadContext): Effect.Effect<DecodedWatches, WatchesError> {
  return Effect.suspend(() => {
    try {
      return Effect.succeed(decodeWatches(readFileSync(path, "utf8"), path, { ...context, chartProblem }));
    } catch (error) {
      if (error instanceof WatchesError) return Effect.fail(error);
      const code = (error as { code?: string }).code;
      if (code === undefined) return Effect.die(error);
      const text = code === "ENOENT" ? "there is no such file" : `the file cannot be read (${code})`;
      return Effect.fail(new WatchesError({ source: path, problems: [{ entry: "", text }] }));
    }
  });
}

/**
 * The watches that the environment asks for, or null when it asks for none. `HELM_CHART_WATCHES`, a watches file, beats
 * `API_VERSION` + `KIND` + `HELM_CHART`, which name a single watch; of those three, all must be set.
 */
export function loadWatchesFromEnv(context: LoadContext): Effect.Effect<DecodedWatches | null, WatchesError> {
  const file = context.environment("HELM_CHART_WATCHES");
  if (file) return loadWatchesFile(file, context);
  const names = ["API_VERSION", "KIND", "HELM_CHART"] as const;
  const [apiVersion, kind, chart] = names.map((name) => context.environment(name) || undefined);
  if (apiVersion === undefined && kind === undefined && chart === undefined) return Effect.succeed(null);
  if (apiVersion === undefined || kind === undefined || chart === undefined) {
    const missing = names.filter((name) => !context.environment(name));
    return environmentError(`${missing.join(" and ")} must be set too, when one of ${names.join(", ")} is`);
  }
  const problem = chartProblem(chart);
  if (problem !== null) return environmentError(`HELM_CHART "${chart}" cannot be used: ${problem}`);
  const [, group = "", version] = /^(?:([^/]+)\/)?([^/]+)$/.exec(apiVersion) ?? [];
  if (version === undefined) {
    return environmentError(`API_VERSION must be VERSION or GROUP/VERSION: current value is "${apiVersion}"`);
  }
  const watch: Watch = {
    ...watchDefaults,
    group,
    version,
    kind,
    chart,
  };
  return Effect.succeed({ source: "environment", watches: [watch], warnings: [] });
}

function environmentError(text: string): Effect.Effect<never, WatchesError> {
  return Effect.fail(new WatchesError({ source: "environment", problems: [{ entry: "", text }] }));
}

/** Why the path is no chart's folder or archive, or null. The chart itself is read later. */
export function chartProblem(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "there is no such folder or archive";
  if (!stat.isDirectory()) return null;
  return statSync(join(path, "Chart.yaml"), { throwIfNoEntry: false })?.isFile()
    ? null
    : "the folder holds no Chart.yaml";
}

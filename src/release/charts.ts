/** Loading a watch's chart, anew when its files have changed. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Effect } from "effect";
import type { Chart } from "../chart/chart.ts";
import { loadChartPath } from "../chart/folder.ts";
import { ChartError } from "./manager.ts";

/** Gives the chart at a path. It is read again only when a file's name, size or time of change has changed. */
export function chartLoader(path: string): Effect.Effect<Chart, ChartError> {
  let loaded: { readonly stamp: string; readonly chart: Chart } | null = null;
  return Effect.try({
    try: () => {
      const stamp = stampOf(path);
      if (loaded?.stamp !== stamp) loaded = { stamp, chart: loadChartPath(path) };
      return loaded.chart;
    },
    catch: (cause) =>
      new ChartError({ chart: path, detail: `Cannot load the chart "${path}": ${(cause as Error).message}` }),
  });
}

function stampOf(path: string): string {
  const stat = statSync(path);
  if (!stat.isDirectory()) return `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
  return readdirSync(path).sort().map((name) => `${name} ${stampOf(join(path, name))}`).join("\n");
}

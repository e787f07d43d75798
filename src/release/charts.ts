/** Loading a watch's chart, anew when its files have changed. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Effect } from "effect";
import type { Chart } from "../chart/chart.ts";
import { loadChartPath } from "../chart/folder.ts";
import { ChartError } from "./failure.ts";

/** Gives the chart at a path. It is read again only when a file's name, size or time of change has changed. */
export function chartLoader(path: string): Effect.Effect<Chart, ChartError> {
  let loaded: { readonly stamp: string; readonly chart: Chart } | null = null;
  return Effect.try({
    try: () => {
      const stamp = stampOf(path);
      if (loaded?.stamp !== stamp) loaded = { stamp, chart: shared(loadChartPath(path)) };
      return loaded.chart;
    },
    catch: (cause) =>
      new ChartError({ chart: path, detail: `Cannot load the chart "${path}": ${(cause as Error).message}` }),
  });
}

/** The charts in use by their digests. */
const charts = new Map<string, WeakRef<Chart>>();

/**
 * The chart in use that holds the same, or else this one: so watches of equal charts, and a chart whose files were
 * written again as they were, share what has been parsed.
 */
function shared(chart: Chart): Chart {
  const known = charts.get(chart.digest)?.deref();
  if (known !== undefined) return known;
  for (const [digest, reference] of charts) if (reference.deref() === undefined) charts.delete(digest);
  charts.set(chart.digest, new WeakRef(chart));
  return chart;
}

function stampOf(path: string): string {
  const stat = statSync(path);
  if (!stat.isDirectory()) return `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
  return readdirSync(path).sort().map((name) => `${name} ${stampOf(join(path, name))}`).join("\n");
}

// Rendering, beside Helm's own engine in one run on this machine.

import { mkdtempSync, rmSync } from "node:fs";
import process from "node:process";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { loadChartPath } from "../../src/chart/folder.ts";
import type { Chart } from "../../src/chart/chart.ts";
import { defaultCapabilities } from "../../src/render/capabilities.ts";
import { render } from "../../src/render/render.ts";
import { ensureTools } from "../../test/cluster/tools.ts";
import { findCases } from "../../test/conformance/cases.ts";
import { createChart } from "./charts.ts";
import { HelmEngine } from "./helm-engine.ts";
import { table } from "./measure.ts";
import { bytesOf, sizeOnDisk } from "./memory.ts";

/** Renderings that are timed, after as many that warm up, and loads. */
const RUNS = 30;
/** Milliseconds that small charts warm up at least. */
const WARM_UP = 100;
const LOADS = 7;
/** Milliseconds of loading all the charts in turn, after which the code counts as warm. */
const CODE_WARM_UP = 5000;

/** Medians, in milliseconds. */
interface Figures {
  readonly name: string;
  /** Load, parse and first rendering of a chart, in a process that has not rendered this chart before. */
  readonly first: number;
  /** The same, of a chart loaded anew in a process that has rendered charts for a while, whose code is compiled. */
  readonly cold: number;
  /** Another custom resource of the same chart: another name, same parsed chart. */
  readonly warm: number;
  readonly goLoad: number;
  /** Helm parses the templates at each rendering. */
  readonly goRender: number;
  /** What Helm's actions do after the engine, and ours is in each rendering: manifests read as YAML, and sorted. */
  readonly goSort: number;
  /** Bytes that the chart keeps, loaded and rendered once, by its size on disk. */
  readonly memory: number | undefined;
}

/** What is timed. */
export interface RenderBench {
  /** Chart folders, besides `helm create`'s chart. */
  readonly folders: ReadonlyArray<string>;
  /** Folders to search for charts. Of these charts, only the worst are printed one by one. */
  readonly roots: ReadonlyArray<string>;
}

export async function benchRender({ folders, roots }: RenderBench): Promise<void> {
  const { oracle } = await ensureTools(["oracle"]);
  const directory = mkdtempSync(join(tmpdir(), "helmwright-bench-"));
  const helm = new HelmEngine(oracle);
  try {
    const named = await timeAll([await createChart(directory), ...folders], helm);
    print("Rendering", named);
    if (roots.length === 0) return;
    const found = roots.flatMap(findCases).filter(({ name }) => name.endsWith("@default")).map(({ chart }) => chart);
    const all = await timeAll(found, helm);
    const worst = (of: (figures: Figures) => number) => all.toSorted((a, b) => of(b) - of(a)).slice(0, 5);
    print("The five worst when warm", worst(warmRatio), all);
    print("The five worst when cold", worst(coldRatio), all);
  } finally {
    helm.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Times the charts that Helm's engine renders with their default values; both sides of each chart in one go. */
async function timeAll(folders: ReadonlyArray<string>, helm: HelmEngine): Promise<Figures[]> {
  const progress = (n: number) => {
    if (folders.length > 20 && process.stderr.isTTY) process.stderr.write(`\r${n} of ${folders.length} charts\x1b[K`);
  };
  const firsts: Array<{ readonly folder: string; readonly first: number }> = [];
  for (const folder of folders) {
    if (await helm.time(folder, 1) === undefined) continue;
    firsts.push({ folder, first: times(1, () => loadAndRender(folder))[0] });
  }
  const warmed = performance.now() + CODE_WARM_UP;
  while (performance.now() < warmed) for (const { folder } of firsts) loadAndRender(folder);
  const figures: Figures[] = [];
  for (const [n, { folder, first }] of firsts.entries()) {
    progress(n);
    const cold = median(times(LOADS, () => loadAndRender(folder)));
    const warm = timeWarm(folder);
    const kept = bytesOf(() => loadAndRender(folder));
    const memory = kept === undefined ? undefined : kept / sizeOnDisk(folder);
    figures.push({ name: basename(folder), first, cold, warm, memory, ...(await helm.time(folder, RUNS))! });
  }
  return figures;
}

function loadAndRender(folder: string): Chart {
  const chart = loadChartPath(folder);
  renderOnce(chart, 0);
  return chart;
}

function timeWarm(folder: string): number {
  const chart = loadChartPath(folder);
  const end = performance.now() + WARM_UP;
  for (let n = 0; n < RUNS || performance.now() < end; n++) renderOnce(chart, n);
  return median(times(RUNS, (n) => renderOnce(chart, n)));
}

function renderOnce(chart: Chart, n: number): void {
  render({
    chart,
    values: new Map(),
    release: { name: `rel-${n}`, namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
    capabilities: defaultCapabilities,
    lookups: "empty",
  });
}

function times(runs: number, job: (n: number) => void): number[] {
  return Array.from({ length: runs }, (_, n) => {
    const began = performance.now();
    job(n);
    return performance.now() - began;
  });
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

const goCold = ({ goLoad, goRender }: Figures) => goLoad + goRender;
const coldRatio = (figures: Figures) => figures.cold / goCold(figures);
const warmRatio = (figures: Figures) => figures.warm / figures.goRender;
const wholeColdRatio = (figures: Figures) => figures.cold / (goCold(figures) + figures.goSort);
const wholeWarmRatio = (figures: Figures) => figures.warm / (figures.goRender + figures.goSort);

function print(title: string, figures: ReadonlyArray<Figures>, all: ReadonlyArray<Figures> = figures): void {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  console.log(`\n${title}: milliseconds, medians; Helm's engine in one process, same run\n`);
  console.log(table(
    ["chart", "first", "cold", "Helm cold", "warm", "Helm warm", "Helm sort", "cold/Helm", "warm/Helm", "memory/disk"],
    figures.map((each) => [
      each.name,
      ms(each.first),
      ms(each.cold),
      ms(goCold(each)),
      ms(each.warm),
      ms(each.goRender),
      ms(each.goSort),
      coldRatio(each).toFixed(2),
      warmRatio(each).toFixed(2),
      each.memory?.toFixed(2) ?? "-",
    ]),
  ));
  const mean = (of: (f: Figures) => number) =>
    Math.exp(all.reduce((sum, f) => sum + Math.log(of(f)), 0) / all.length).toFixed(2);
  const over = (of: (f: Figures) => number, bound: number) => all.filter((each) => of(each) > bound).length;
  const summary = (cold: (f: Figures) => number, warm: (f: Figures) => number) =>
    `cold ${mean(cold)}, warm ${mean(warm)} of Helm's time; ` +
    `${over(cold, 1)} of them cold in more than Helm's, ${over(warm, 1 / 3)} warm in more than a third`;
  console.log(`
geometric mean over ${all.length} charts: ${summary(coldRatio, warmRatio)}
with the sorting of manifests on both sides: ${summary(wholeColdRatio, wholeWarmRatio)}`);
}

// Rendering, beside Helm's own engine in one run on this machine.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { loadChartPath } from "../../src/chart/folder.ts";
import { defaultCapabilities } from "../../src/render/capabilities.ts";
import { render } from "../../src/render/render.ts";
import { ensureTools } from "../../test/cluster/tools.ts";
import { createChart } from "./charts.ts";
import { table } from "./measure.ts";

/** Renderings that are timed, after as many that warm up. */
const RUNS = 30;

interface Figures {
  readonly name: string;
  /** Load, parse and first rendering, in milliseconds; in this process, which has compiled more code chart by chart. */
  readonly cold: number;
  /** Another custom resource of the same chart: new values, same parsed chart. Mean, in milliseconds. */
  readonly warm: number;
  readonly goLoad: number;
  /** Helm parses the templates at each rendering. */
  readonly goRender: number;
}

/** Times `helm create`'s chart, and the chart folders that are given. */
export async function benchRender(folders: ReadonlyArray<string>): Promise<void> {
  const { oracle } = await ensureTools(["oracle"]);
  const directory = mkdtempSync(join(tmpdir(), "helmwright-bench-"));
  const helm = new Oracle(oracle);
  try {
    const figures: Figures[] = [];
    for (const folder of [await createChart(directory), ...folders]) {
      figures.push({ name: basename(folder), ...timeHere(folder), ...await helm.time(folder) });
    }
    print(figures);
  } finally {
    helm.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function timeHere(folder: string): { cold: number; warm: number } {
  const began = performance.now();
  const chart = loadChartPath(folder);
  const once = (n: number) =>
    render({
      chart,
      values: new Map([["customResource", `number ${n}`]]),
      release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
      capabilities: defaultCapabilities,
      lookups: "empty",
    });
  once(0);
  const cold = performance.now() - began;
  for (let n = 0; n < RUNS; n++) once(n);
  const warmed = performance.now();
  for (let n = 0; n < RUNS; n++) once(n);
  return { cold, warm: (performance.now() - warmed) / RUNS };
}

/** Helm's engine in a process of its own, asked line by line. */
class Oracle {
  readonly #process;
  readonly #answers;

  constructor(program: string) {
    this.#process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async time(folder: string): Promise<{ goLoad: number; goRender: number }> {
    this.#process.stdin.write(JSON.stringify({ op: "bench", text: folder, values: String(RUNS) }) + "\n");
    const { out, err } = JSON.parse((await this.#answers.next()).value ?? `{"err":"the oracle ended"}`);
    if (err) throw new Error(`Cannot render ${folder} with Helm's engine: ${err}`);
    const { load_ms, render_ms } = JSON.parse(out);
    return { goLoad: load_ms, goRender: render_ms };
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

function print(figures: ReadonlyArray<Figures>): void {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  console.log(`\nRendering, milliseconds; warm is the mean of ${RUNS}; Helm's engine in process, same run\n`);
  console.log(table(
    ["chart", "cold", "Helm cold", "warm", "Helm warm", "cold/Helm", "warm/Helm"],
    figures.map(({ name, cold, warm, goLoad, goRender }) => [
      name,
      ms(cold),
      ms(goLoad + goRender),
      ms(warm),
      ms(goRender),
      (cold / (goLoad + goRender)).toFixed(2),
      (warm / goRender).toFixed(2),
    ]),
  ));
  const mean = (of: (f: Figures) => number) =>
    Math.exp(figures.reduce((sum, f) => sum + Math.log(of(f)), 0) / figures.length).toFixed(2);
  console.log(
    `\ngeometric mean over ${figures.length} charts: cold ${mean((f) => f.cold / (f.goLoad + f.goRender))}, ` +
      `warm ${mean((f) => f.warm / f.goRender)} of Helm's time`,
  );
}

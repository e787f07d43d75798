/** What is rendered: charts, each with its default values and with every values file that it brings for its own tests. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** One rendering. */
export interface Case {
  /** The chart's path from the folder that was searched, and the values: `stable/web@default`. */
  readonly name: string;
  readonly chart: string;
  readonly values: readonly string[];
}

/** The cases of all charts under a folder: folders with a Chart.yaml, and packaged charts. Subcharts are not searched. */
export function findCases(root: string): Case[] {
  return findCharts(root, "").flatMap(({ name, path }) => [
    { name: `${name}@default`, chart: path, values: [] },
    ...valuesFiles(path).map((file) => ({
      name: `${name}@${basename(file).replace(/\.ya?ml$/, "")}`,
      chart: path,
      values: [file],
    })),
  ]);
}

function findCharts(root: string, name: string): { readonly name: string; readonly path: string }[] {
  const path = join(root, name);
  if (existsSync(join(path, "Chart.yaml"))) return [{ name: name || basename(path), path }];
  return readdirSync(path).sort().flatMap((entry) => {
    if (entry.startsWith(".")) return [];
    const member = join(name, entry);
    const stats = statSync(join(root, member), { throwIfNoEntry: false });
    if (stats?.isDirectory()) return findCharts(root, member);
    return entry.endsWith(".tgz") ? [{ name: member, path: join(root, member) }] : [];
  });
}

function valuesFiles(chart: string): string[] {
  const folder = join(chart, "ci");
  if (!statSync(chart).isDirectory() || !existsSync(folder)) return [];
  return readdirSync(folder).sort().filter((name) => /-values\.ya?ml$/.test(name)).map((name) => join(folder, name));
}

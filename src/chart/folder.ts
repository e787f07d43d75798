/** Charts on disk: folders and archives. */
import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { fromBytes } from "../template/bytes.ts";
import { ArchiveBudget, archiveLimits, isGzip, readArchive, withoutBom } from "./archive.ts";
import type { Chart, ChartFile } from "./chart.ts";
import { ignoreWarnings, InvalidChart, type Warn } from "./chart-error.ts";
import { evalSymlinks } from "./eval-symlinks.ts";
import { type IgnoreRules, parseIgnoreRules } from "./helm-ignore.ts";
import { loadChart } from "./load.ts";
import { readApiVersion } from "./metadata.ts";
import { FileTooLarge, readOpenFile, readRegularFile } from "./read-file.ts";
import { systemWords } from "./system-words.ts";

/** Loads the chart at a path: a folder, or a packaged chart. Throws {@link InvalidChart} with Helm's words. */
export function loadChartPath(path: string, warn: Warn = ignoreWarnings): Chart {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    throw new InvalidChart(`stat ${path}: ${systemWords(error)}`, { cause: error });
  }
  if (stats.isDirectory()) return loadChartFolder(path, warn);
  if (stats.size > archiveLimits.size) {
    throw new InvalidChart(`chart archive is larger than the maximum size ${archiveLimits.size}`);
  }
  return loadChartArchive(readFileSync(path), warn, path);
}

/** Loads a chart from its folder. Throws {@link InvalidChart} with Helm's words. */
export function loadChartFolder(path: string, warn: Warn = ignoreWarnings): Chart {
  const folder = resolve(path);
  const chartYaml = join(folder, "Chart.yaml");
  requireKnownVersion(
    fromBytes(inChart(`unable to detect chart at ${chartYaml}`, () => readRegularFile(chartYaml, archiveLimits.size))),
  );
  return installable(loadChart(readFolder(folder, warn), warn));
}

/** Loads a packaged chart; `name` is the archive's for errors. Throws {@link InvalidChart} with Helm's words. */
export function loadChartArchive(bytes: Uint8Array, warn: Warn = ignoreWarnings, name = "chart.tgz"): Chart {
  if (!isGzip(bytes)) {
    throw new InvalidChart(
      /\.ya?ml$/.test(name)
        ? `file '${name}' seems to be a YAML file, but expected a gzipped archive`
        : `file '${name}' does not appear to be a gzipped archive; got '${contentType(bytes)}'`,
    );
  }
  const files = filesOf(bytes);
  const chartYaml = files.find((file) => file.name === "Chart.yaml");
  if (chartYaml === undefined) throw new InvalidChart("unable to detect chart version, no Chart.yaml found");
  requireKnownVersion(fromBytes(chartYaml.data));
  return installable(loadChart(files, warn));
}

/** Helm's library says why an archive cannot be read; its command line leaves that out. */
function filesOf(bytes: Uint8Array): ChartFile[] {
  try {
    return readArchive(bytes);
  } catch (error) {
    throw new InvalidChart(`unable to load chart archive: ${(error as Error).message}`, { cause: error });
  }
}

/** Helm loads charts of its unfinished version 3, and then refuses them. */
function installable(chart: Chart): Chart {
  if (chart.metadata.apiVersion === "v3") throw new InvalidChart("invalid chart apiVersion");
  return chart;
}

function requireKnownVersion(chartYaml: string): void {
  let version: string;
  try {
    version = readApiVersion(chartYaml);
  } catch (error) {
    throw new InvalidChart(`cannot load Chart.yaml: ${(error as Error).message}`, { cause: error });
  }
  if (version !== "" && !/^v[123]$/.test(version)) {
    throw new InvalidChart("unsupported chart version");
  }
}

/** The files of a folder that no rule of its `.helmignore` leaves out, in order of their names. Links are followed. */
export function readFolder(folder: string, warn: Warn = ignoreWarnings): ChartFile[] {
  const walk: Walk = { folder, rules: rulesOf(folder), files: [], budget: new ArchiveBudget(), warn };
  walkFolder(walk, "", []);
  return walk.files;
}

interface Walk {
  readonly folder: string;
  readonly rules: IgnoreRules;
  readonly files: ChartFile[];
  readonly budget: ArchiveBudget;
  readonly warn: Warn;
}

function rulesOf(folder: string): IgnoreRules {
  const path = join(folder, ".helmignore");
  // Most charts in tests, and many others, have none.
  if (!existsSync(path)) return parseIgnoreRules("");
  return parseIgnoreRules(fromBytes(inChart("", () => readRegularFile(path, archiveLimits.size))));
}

/** Runs what reads a chart's file, whose failures begin with `what`. */
function inChart<A>(what: string, read: () => A): A {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    throw new InvalidChart(what === "" ? message : `${what}: ${message}`, { cause: error });
  }
}

/** `above` holds the folders that this one lies in. */
function walkFolder(walk: Walk, name: string, above: readonly string[]): void {
  const folder = name === "" ? walk.folder : `${walk.folder}/${name}`;
  const around = [...above, folder];
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const member = name === "" ? entry.name : `${name}/${entry.name}`;
    const path = `${folder}/${entry.name}`;
    // Links are followed; some file systems do not tell what an entry is.
    const type = entry.isFile() || entry.isDirectory() ? entry : statsOf(path, walk.warn);
    if (walk.rules(member, type.isDirectory())) continue;
    if (type.isDirectory()) {
      if (type !== entry) refuseLoop(path, around);
      walkFolder(walk, member, around);
    } else if (!type.isFile()) {
      throw new InvalidChart(`cannot load irregular file ${path} as it has file mode type bits set`);
    } else {
      addFile(walk, member, path);
    }
  }
}

function statsOf(path: string, warn: Warn): Stats {
  const stats = lstatSync(path);
  if (!stats.isSymbolicLink()) return stats;
  const resolved = followed(path);
  warn("INFO", "found symbolic link in path. Contents of linked file included and used", { path, resolved });
  return lstatSync(resolved);
}

function followed(link: string): string {
  try {
    return evalSymlinks(link);
  } catch (error) {
    throw new InvalidChart(`error evaluating symlink ${link}: ${(error as Error).message}`, { cause: error });
  }
}

/** A link to a folder that it lies in itself would never end. */
function refuseLoop(path: string, around: readonly string[]): void {
  const real = realpathSync(path);
  if (around.some((folder) => realpathSync(folder) === real)) {
    throw new InvalidChart(`error evaluating symlink ${path}: EvalSymlinks: too many links`);
  }
}

function addFile({ files, budget }: Walk, name: string, path: string): void {
  const file = open(name, path);
  try {
    const data = readOpenFile(file, path, budget.left);
    budget.take(data.length);
    files.push({ name, data: withoutBom(data), modified: fstatSync(file).mtimeMs });
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error;
    const problem = `chart exceeds maximum decompressed size of ${archiveLimits.size} bytes`;
    throw new InvalidChart(`error reading ${name}: ${problem}`, { cause: error });
  } finally {
    closeSync(file);
  }
}

function open(name: string, path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const unknown = name.includes("\ufffd") ? "; names that are not UTF-8 cannot be read" : "";
    throw new InvalidChart(`error reading ${name}: open ${path}: ${systemWords(error)}${unknown}`, { cause: error });
  }
}

/** The media type that Go's net/http sniffs, as far as files mistaken for charts have one. */
function contentType(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) return "application/zip";
  // Helm looks at 512 bytes, which are zeros where the file is shorter.
  if (bytes.length < 512) return "application/octet-stream";
  const isText = (byte: number) => byte >= 0x20 || (byte >= 9 && byte <= 13 && byte !== 11) || byte === 27;
  return bytes.subarray(0, 512).every(isText) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

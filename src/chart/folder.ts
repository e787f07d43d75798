/** Charts on disk: folders and archives. */
import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
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
  // A pipe or a device is no archive, and might never end.
  return loadChartArchive(stats.isFile() ? readFileSync(path) : new Uint8Array(), warn, path);
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
  walkFolder(walk, "", evalSymlinks(folder), []);
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

/** `real` is where the folder is, links followed, and `above` where those are that it lies in. */
function walkFolder(walk: Walk, name: string, real: string, above: readonly string[]): void {
  const folder = name === "" ? walk.folder : `${walk.folder}/${name}`;
  const around = [...above, real];
  // Links to folders full of links make many of few.
  walk.budget.take(0);
  for (const entry of entriesOf(folder, real)) {
    const member = name === "" ? entry.name : `${name}/${entry.name}`;
    const path = `${folder}/${entry.name}`;
    const place = `${real}/${entry.name}`;
    // Links are followed; some file systems do not tell what an entry is.
    const [type, resolved] = entry.isFile() || entry.isDirectory() ? [entry, place] : follow(path, place, walk.warn);
    if (walk.rules(member, type.isDirectory())) continue;
    if (type.isDirectory()) {
      if (around.includes(resolved)) {
        // It would never end.
        throw new InvalidChart(`error evaluating symlink ${path}: EvalSymlinks: too many links`);
      }
      walkFolder(walk, member, resolved, around);
    } else if (!type.isFile()) {
      throw new InvalidChart(`cannot load irregular file ${path} as it has file mode type bits set`);
    } else {
      addFile(walk, member, path);
    }
  }
}

function entriesOf(folder: string, real: string): Dirent[] {
  try {
    return readdirSync(real, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw new InvalidChart(`open ${folder}: ${systemWords(error)}`, { cause: error });
  }
}

/** What is at a path whose folder really is that of `place`, and where a link leads. */
function follow(path: string, place: string, warn: Warn): [Stats, resolved: string] {
  const stats = lstatSync(place);
  if (!stats.isSymbolicLink()) return [stats, place];
  const resolved = inChart(`error evaluating symlink ${path}`, () => evalSymlinks(place));
  warn("INFO", "found symbolic link in path. Contents of linked file included and used", { path, resolved });
  return [lstatSync(resolved), resolved];
}

function addFile({ files, budget }: Walk, name: string, path: string): void {
  const file = open(name, path);
  try {
    const stats = fstatSync(file);
    const data = readOpenFile(file, path, budget.left, stats);
    budget.take(data.length);
    files.push({ name, data: withoutBom(data), modified: stats.mtimeMs });
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

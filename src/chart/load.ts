/** A chart from its files (helm.sh/helm/v4/pkg/chart/v2/loader). Pure: reading folders and archives is elsewhere. */
import { ArchiveBudget, archiveLimits, readArchive } from "./archive.ts";
import { type Chart, type ChartFile, type Lock, noValues } from "./chart.ts";
import { ignoreWarnings, InvalidChart, type Warn } from "./chart-error.ts";
import { digestOf } from "./digest.ts";
import { pathExtension } from "./go-path.ts";
import type { GoStruct } from "./go-struct.ts";
import { fromBytes } from "../template/bytes.ts";
import { checkMetadata, readLock, readMetadata } from "./metadata.ts";
import { TemplateFile } from "./template-file.ts";
import { readValues } from "./values-file.ts";

/**
 * Makes a chart of its files, whose names are relative to the chart's folder; order counts for nothing but the order
 * of what is kept. Charts under charts/ may be folders and archives.
 *
 * Throws {@link InvalidChart} with Helm's words.
 */
export function loadChart(files: readonly ChartFile[], warn: Warn = ignoreWarnings): Chart {
  return load(files, warn, new ArchiveBudget(), 0);
}

function load(files: readonly ChartFile[], warn: Warn, budget: ArchiveBudget, depth: number): Chart {
  if (depth > archiveLimits.depth) {
    throw new InvalidChart(`charts are nested deeper than the maximum of ${archiveLimits.depth}`);
  }
  const parts = new ChartParts(warn);
  // Chart.yaml first: how other files are read depends on it.
  for (const file of files) if (file.name === "Chart.yaml") parts.addMetadata(file);
  for (const file of files) if (file.name !== "Chart.yaml") parts.add(file);
  if (parts.metadata === undefined) throw new InvalidChart("Chart.yaml file is missing");
  const metadata = checkMetadata(parts.metadata);
  const dependencies = [...parts.subcharts].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, members]) => {
    if (name.startsWith("_") || name.startsWith(".")) return [];
    try {
      return [load(subchartFiles(name, members, metadata.name, budget), warn, budget, depth + 1)];
    } catch (error) {
      if (!(error instanceof InvalidChart) || error.message.startsWith("error unpacking subchart tar")) throw error;
      throw new InvalidChart(`error unpacking subchart ${name} in ${metadata.name}: ${error.message}`, {
        cause: error,
      });
    }
  });
  return {
    metadata,
    lock: parts.lock,
    templates: parts.templates,
    values: parts.values,
    schema: parts.schema?.data ?? null,
    files: parts.files,
    dependencies,
    digest: digestOf(files, dependencies),
    ...(parts.modified === undefined ? {} : { modified: parts.modified }),
    ...(parts.schema?.modified === undefined ? {} : { schemaModified: parts.schema.modified }),
  };
}

/** The files of a subchart that is a folder or an archive under charts/. */
function subchartFiles(name: string, members: ChartFile[], parent: string, budget: ArchiveBudget): ChartFile[] {
  if (pathExtension(name) === ".tgz") {
    const [file] = members;
    if (file.name !== name) {
      throw new InvalidChart(`error unpacking subchart tar in ${parent}: expected ${name}, got ${file.name}`);
    }
    return readArchive(file.data, budget);
  }
  // Files that lie directly in charts/ are no charts.
  return members.filter((file) => file.name.includes("/")).map((file) => ({
    ...file,
    name: file.name.slice(file.name.indexOf("/") + 1),
  }));
}

/** Sorts a chart's files into what they are. */
class ChartParts {
  metadata: GoStruct | undefined;
  lock: Lock | null = null;
  values: Chart["values"] = noValues;
  schema: ChartFile | undefined;
  modified: number | undefined;
  readonly templates: ChartFile[] = [];
  readonly files: ChartFile[] = [];
  /** The files under charts/ by the first part of their names. */
  readonly subcharts = new Map<string, ChartFile[]>();

  constructor(private readonly warn: Warn) {}

  addMetadata(file: ChartFile): void {
    this.#merge(file);
    // Helm 2 took charts without an apiVersion.
    this.metadata!.apiVersion ||= "v1";
    this.modified = file.modified;
  }

  add(file: ChartFile): void {
    switch (file.name) {
      case "Chart.lock":
        this.lock = reading(file, readLock);
        break;
      case "values.yaml":
        this.values = reading(file, readValues);
        break;
      case "values.schema.json":
        this.schema = file;
        break;
      case "requirements.yaml":
        this.#warnUnlessV1(
          'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
        );
        this.#merge(file);
        if (this.#isV1) this.files.push(file);
        break;
      case "requirements.lock":
        this.lock = reading(file, readLock);
        this.metadata ??= {};
        this.#warnUnlessV1(
          'Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.',
        );
        if (this.#isV1) this.files.push(file);
        break;
      default:
        this.#addByFolder(file);
    }
  }

  #addByFolder(file: ChartFile): void {
    if (file.name.startsWith("templates/")) {
      this.templates.push(new TemplateFile(file));
    } else if (file.name.startsWith("charts/") && pathExtension(file.name) !== ".prov") {
      const name = file.name.slice("charts/".length);
      const [chart] = name.split("/", 1);
      const members = this.subcharts.get(chart);
      if (members === undefined) this.subcharts.set(chart, [{ ...file, name }]);
      else members.push({ ...file, name });
    } else {
      this.files.push(file);
    }
  }

  #merge(file: ChartFile): void {
    this.metadata = { ...this.metadata, ...reading(file, readMetadata) };
  }

  get #isV1(): boolean {
    return this.metadata?.apiVersion === "v1";
  }

  #warnUnlessV1(message: string): void {
    if (!this.#isV1) this.warn("INFO", message);
  }
}

function reading<T>(file: ChartFile, read: (text: string) => T): T {
  try {
    return read(fromBytes(file.data));
  } catch (error) {
    throw new InvalidChart(`cannot load ${file.name}: ${(error as Error).message}`, { cause: error });
  }
}

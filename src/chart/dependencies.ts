/**
 * Which subcharts take part, under which names, and what they export (helm.sh/helm/v4/pkg/chart/v2/util/dependencies.go).
 */
import { isCompatibleRange } from "../sprig/semver.ts";
import { quote } from "../template/format.ts";
import { trimSpace } from "../template/space.ts";
import type { GoMap } from "../template/value.ts";
import { ignoreWarnings, type Warn } from "./chart-error.ts";
import type { Chart, Dependency } from "./chart.ts";
import { coalesceValues, copyMap, mergeTables, mergeValues } from "./coalesce.ts";
import { missingTable, tableAt, valueAt } from "./values-path.ts";

/**
 * The chart as it is rendered with `values`: without the subcharts that conditions and tags disable, with aliases in
 * place of names, and with imported values among its own. The argument is not changed.
 */
export function processDependencies(chart: Chart, values: GoMap, warn: Warn = ignoreWarnings): Chart {
  return importValues(enableDependencies(chart, values, "", warn), warn);
}

/** The names in Chart.yaml that no chart under charts/ has. */
export function missingDependencies(chart: Chart): string[] {
  const present = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
  return (chart.metadata.dependencies ?? []).map(({ name }) => name).filter((name) => !present.has(name));
}

function enableDependencies(chart: Chart, values: GoMap, path: string, warn: Warn): Chart {
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return chart;
  const present = [
    ...chart.dependencies.filter((subchart) => !declared.some((dependency) => provides(subchart, dependency))),
    ...declared.flatMap((dependency) => {
      const subchart = chart.dependencies.find((candidate) => provides(candidate, dependency));
      return subchart === undefined ? [] : [renamed(subchart, dependency.alias)];
    }),
  ];
  const named = declared.map((dependency) => ({ ...dependency, name: dependency.alias ?? dependency.name }));
  const coalesced = coalesceValues({ ...chart, dependencies: present }, values, warn);
  const judged = named.map((dependency) => {
    const byTags = enabledByTags(dependency, coalesced, warn);
    return { ...dependency, enabled: enabledByCondition(dependency, coalesced, path, warn) ?? byTags };
  });
  const disabled = new Set(judged.filter(({ enabled }) => !enabled).map(({ name }) => name));
  const kept = judged.filter(({ name }) => !disabled.has(name));
  const { dependencies: _, ...metadata } = chart.metadata;
  return {
    ...chart,
    metadata: kept.length === 0 ? metadata : { ...metadata, dependencies: kept },
    dependencies: present.filter((subchart) => !disabled.has(subchart.metadata.name)).map((subchart) =>
      enableDependencies(subchart, coalesced, `${path}${subchart.metadata.name}.`, warn)
    ),
  };
}

function provides(subchart: Chart, dependency: Dependency): boolean {
  return subchart.metadata.name === dependency.name &&
    isCompatibleRange(dependency.version ?? "", subchart.metadata.version);
}

function renamed(chart: Chart, alias: string | undefined): Chart {
  return alias === undefined ? chart : { ...chart, metadata: { ...chart.metadata, name: alias } };
}

/** By its tags a dependency is enabled unless some are false and none is true. */
function enabledByTags({ name, tags }: Dependency, values: GoMap, warn: Warn): boolean {
  const table = tableAt(values, "tags");
  const settings = (tags ?? []).map((tag) => {
    const setting = table?.get(tag);
    if (setting !== undefined && typeof setting !== "boolean") {
      warn("WARN", "returned non-bool value", { tag, chart: name });
    }
    return setting;
  });
  return settings.includes(true) || !settings.includes(false);
}

/** What the first of the conditions that has a value says; undefined when none has. */
function enabledByCondition(
  { name, condition }: Dependency,
  values: GoMap,
  path: string,
  warn: Warn,
): boolean | undefined {
  for (const key of trimSpace(condition ?? "").split(",")) {
    if (key === "") continue;
    const value = valueAt(values, path + key);
    if (typeof value === "boolean") return value;
    if (value !== undefined) warn("WARN", "returned non-bool value", { path: key, chart: name });
  }
  return undefined;
}

/** Adds what charts import from their subcharts to their own values, the innermost charts first. */
function importValues(chart: Chart, warn: Warn): Chart {
  const inner = chart.dependencies.map((subchart) => importValues(subchart, warn));
  const processed = { ...chart, dependencies: inner };
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return processed;
  const values = mergeValues(processed, new Map(), warn);
  let imported: GoMap = new Map();
  const dependencies = declared.map((dependency) => {
    if (dependency.importValues === undefined) return dependency;
    const { name } = dependency;
    const pairs = dependency.importValues.map((entry) =>
      typeof entry === "string" ? { child: `exports.${entry}`, parent: "." } : entry
    );
    for (const [i, { child, parent }] of pairs.entries()) {
      const path = `${name}.${child}`;
      const table = tableAt(values, path);
      const error = () => `${quote(missingTable(values, path))} is not a table`;
      if (table === undefined && typeof dependency.importValues[i] === "string") {
        warn("WARN", "ImportValues missing table", { error: error() });
      } else if (table === undefined) {
        warn("WARN", "ImportValues missing table from chart", { chart: name, error: error() });
      } // As in Helm, merging may leave nulls in the table that is imported, but not in an empty one.
      else imported = mergeTables(imported, nest(table.size === 0 ? new Map() : table, parent), warn);
    }
    return { ...dependency, importValues: pairs };
  });
  return {
    ...processed,
    metadata: { ...chart.metadata, dependencies },
    // The parent's own values win over what it imports.
    values: mergeTables(copyMap(values), imported, warn),
  };
}

/** The table under a dotted path; "." is the root. */
function nest(table: GoMap, path: string): GoMap {
  if (path === ".") return table;
  return path.split(".").reduceRight<GoMap>((inner, key) => new Map([[key, inner]]), table);
}

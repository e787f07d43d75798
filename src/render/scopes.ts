/** What each chart's templates see as `.` (recAllTpls of helm.sh/helm/v4/pkg/engine/engine.go). */
import type { Chart, Dependency, Metadata } from "../chart/chart.ts";
import { basePath, cleanPath } from "../chart/go-path.ts";
import { tableAt } from "../chart/values-path.ts";
import { fromBytes } from "../template/bytes.ts";
import { NilMap } from "../template/signature.ts";
import { type GoMap, type GoValue, TypedMap } from "../template/value.ts";
import { ChartFiles } from "./chart-files.ts";
import { Values } from "./values.ts";

/** A template and what it is executed with. */
export interface ScopedTemplate {
  /** `chart/charts/sub/templates/service.yaml`. */
  readonly path: string;
  readonly text: string;
  /** `chart/charts/sub/templates`. */
  readonly folder: string;
  /** The chart's `.`, shared by its templates; `Template` is set anew for each. */
  readonly scope: GoMap;
}

/** The facts that all charts of a rendering share. */
export interface SharedFacts {
  readonly release: GoMap;
  readonly capabilities: GoValue;
}

/**
 * All templates of a chart and its subcharts, each path once: of two subcharts of one name the later one's are taken.
 * `values` are coalesced; templates may change them.
 */
export function scopedTemplates(chart: Chart, values: GoMap, facts: SharedFacts): ScopedTemplate[] {
  const templates = new Map<string, ScopedTemplate>();
  addScope(chart, values, { path: chart.metadata.name, isRoot: true }, facts, templates);
  return [...templates.values()];
}

function addScope(
  chart: Chart,
  values: GoMap,
  { path, isRoot }: { path: string; isRoot: boolean },
  facts: SharedFacts,
  templates: Map<string, ScopedTemplate>,
): GoMap {
  const subcharts: GoMap = new Map();
  const scope: GoMap = new Map<string, GoValue>([
    ["Chart", metadataMap(chart.metadata, isRoot)],
    ["Files", new ChartFiles(chart.files)],
    ["Release", facts.release],
    ["Capabilities", facts.capabilities],
    ["Values", new Values(values)],
    ["Subcharts", subcharts],
  ]);
  const dot = new Values(scope);
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = tableAt(values, name) ?? new Map();
    subcharts.set(name, addScope(subchart, own, { path: `${path}/charts/${name}`, isRoot: false }, facts, templates));
  }
  const library = chart.metadata.type?.toLowerCase() === "library";
  for (const file of chart.templates) {
    const { name } = file;
    // Of a library chart only partials count.
    if (library && !basePath(name).startsWith("_")) continue;
    const text = file.text ?? fromBytes(file.data);
    const full = cleanPath(`${path}/${name}`);
    templates.set(full, { path: full, text, folder: `${path}/templates`, scope: dot });
  }
  return scope;
}

/** `.Chart`: Go's struct as a map, under the fields' Go names. */
function metadataMap(metadata: Metadata, isRoot: boolean): GoMap {
  const { annotations, maintainers, dependencies } = metadata;
  return new Map<string, GoValue>([
    ["Name", metadata.name],
    ["Home", metadata.home ?? ""],
    ["Sources", [...metadata.sources ?? []]],
    ["Version", metadata.version],
    ["Description", metadata.description ?? ""],
    ["Keywords", [...metadata.keywords ?? []]],
    [
      "Maintainers",
      (maintainers ?? []).map(({ name, email, url }) =>
        new Map([["Name", name ?? ""], ["Email", email ?? ""], ["URL", url ?? ""]])
      ),
    ],
    ["Icon", metadata.icon ?? ""],
    ["APIVersion", metadata.apiVersion],
    ["Condition", metadata.condition ?? ""],
    ["Tags", metadata.tags ?? ""],
    ["AppVersion", metadata.appVersion ?? ""],
    ["Deprecated", metadata.deprecated ?? false],
    [
      "Annotations",
      annotations === undefined
        ? new NilMap("map[string]string")
        : new TypedMap("map[string]string", Object.entries(annotations)),
    ],
    ["KubeVersion", metadata.kubeVersion ?? ""],
    ["Dependencies", (dependencies ?? []).map(dependencyMap)],
    ["Type", metadata.type ?? ""],
    ["IsRoot", isRoot],
  ]);
}

function dependencyMap(dependency: Dependency): GoMap {
  return new Map<string, GoValue>([
    ["Name", dependency.name],
    ["Version", dependency.version ?? ""],
    ["Repository", dependency.repository],
    ["Condition", dependency.condition ?? ""],
    ["Tags", [...dependency.tags ?? []]],
    ["Enabled", dependency.enabled ?? false],
    [
      "ImportValues",
      (dependency.importValues ?? []).map((entry) =>
        typeof entry === "string" ? entry : new TypedMap("map[string]string", Object.entries(entry))
      ),
    ],
    ["Alias", dependency.alias ?? ""],
  ]);
}

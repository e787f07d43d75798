/** A chart and values to what Helm would store of them: manifest, hooks, notes, CRDs. Pure, and synchronous. */
import type { Chart } from "../chart/chart.ts";
import type { Warn } from "../chart/chart-error.ts";
import { coalesceValues } from "../chart/coalesce.ts";
import { processDependencies } from "../chart/dependencies.ts";
import { basePath, cleanPath } from "../chart/go-path.ts";
import { schemaFailures } from "../chart/schema.ts";
import { fromBytes } from "../sprig/bytes.ts";
import { isCompatibleRange } from "../sprig/semver.ts";
import { trimSpace } from "../template/space.ts";
import { isStackOverflow } from "../template/template.ts";
import { type GoMap, type GoValue, int } from "../template/value.ts";
import { capabilitiesObject, CapabilityLog, parseKubeVersion } from "./capabilities.ts";
import { type SeenFiles, type SortedManifests, sortManifests } from "./manifests.ts";
import { inParseOrder, prepareTemplates } from "./prepared.ts";
import type {
  CapabilityFacts,
  CapabilityUse,
  CrdFile,
  LookupQuery,
  Manifest,
  ReleaseFacts,
  Rendered,
  RenderInput,
} from "./release-facts.ts";
import { executionFailure, InvalidManifest, LookupNeeded, RenderError } from "./render-error.ts";
import { Rendering } from "./rendering.ts";
import { type ScopedTemplate, scopedTemplates } from "./scopes.ts";
import { Values } from "./values.ts";

/**
 * Renders a chart as Helm's install and upgrade do.
 *
 * Throws {@link RenderError} with Helm's words when the chart or the values do not allow it, {@link LookupNeeded} when
 * a template looks up what `input.lookups` does not hold, and `SchemaNeeded` for a remote schema that `input.schemas`
 * does not hold.
 */
export function render(input: RenderInput): Rendered {
  const { warn } = input;
  const chart = processed(input);
  const values = coalesced(chart, input);
  if (!input.skipSchemaValidation) checkSchemas(chart, values, input);
  checkKubeVersion(chart, input.capabilities);
  const { files, lookups, capabilities, seen } = renderTemplates(chart, values, input);
  const notes = takeNotes(chart, files, input.subchartNotes ?? false);
  const { manifests, hooks } = sorted(files, seen, warn);
  return {
    manifest: manifests.map(manifestText).join(""),
    manifests,
    hooks,
    notes,
    crds: crdFiles(chart),
    lookups,
    capabilities,
    chart,
  };
}

function processed({ chart, values, warn }: RenderInput): Chart {
  try {
    return processDependencies(chart, values, warn);
  } catch (error) {
    const message = reasonOf(error as Error);
    warn?.("ERROR", "chart dependencies processing failed", { error: message });
    throw new RenderError(`chart dependencies processing failed: ${message}`, "dependencies", { cause: error });
  }
}

function coalesced(chart: Chart, { values, warn }: RenderInput): GoMap {
  try {
    return coalesceValues(chart, values, warn);
  } catch (error) {
    throw new RenderError(reasonOf(error as Error), "values", { cause: error });
  }
}

/** Of values without end, which import-values can make, Helm dies. */
function reasonOf(error: Error): string {
  return isStackOverflow(error) ? "the values nest deeper than the stack allows, or contain themselves" : error.message;
}

function checkSchemas(chart: Chart, values: GoMap, { schemas = new Map(), warn }: RenderInput): void {
  const failures = schemaFailures(chart, values, schemas, warn);
  if (failures === "") return;
  throw new RenderError(
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${failures}`,
    "values",
  );
}

function checkKubeVersion(chart: Chart, { kubeVersion }: CapabilityFacts): void {
  const constraint = chart.metadata.kubeVersion;
  if (constraint === undefined) return;
  const { version, normalized } = parseKubeVersion(kubeVersion);
  if (isCompatibleRange(constraint, normalized)) return;
  throw new RenderError(
    `chart requires kubeVersion: ${constraint} which is incompatible with Kubernetes ${version}`,
    "render",
  );
}

function renderTemplates(
  chart: Chart,
  values: GoMap,
  input: RenderInput,
): { files: Map<string, string>; lookups: readonly LookupQuery[]; capabilities: CapabilityUse; seen: SeenFiles } {
  const asked = new CapabilityLog();
  const facts = { release: releaseMap(input.release), capabilities: capabilitiesObject(input.capabilities, asked) };
  const templates = inParseOrder(scopedTemplates(chart, values, facts));
  const prepared = prepareTemplates(input.chart, chart, templates);
  const rendering = new Rendering(prepared, input);
  const files = new Map<string, string>();
  try {
    for (const template of templates) {
      // Partials are there to be included.
      if (!basePath(template.path).startsWith("_")) files.set(template.path, renderFile(rendering, template));
    }
  } finally {
    prepared.set.forgetTrees();
  }
  return { files, lookups: rendering.lookups, capabilities: asked.use(), seen: prepared.seen };
}

function renderFile(rendering: Rendering, { path, folder, scope }: ScopedTemplate): string {
  scope.set("Template", new Values(new Map([["Name", path], ["BasePath", folder]])));
  try {
    return rendering.execute(path, scope);
  } catch (error) {
    if (error instanceof LookupNeeded) throw error;
    throw executionFailure(path, error as Error, rendering.late);
  }
}

function releaseMap({ name, namespace, revision, isInstall, isUpgrade, service }: ReleaseFacts): GoMap {
  return new Map<string, GoValue>([
    ["Name", name],
    ["Namespace", namespace],
    ["Revision", int(revision)],
    ["IsInstall", isInstall],
    ["IsUpgrade", isUpgrade],
    ["Service", service ?? "Helm"],
  ]);
}

/** Removes all notes from the rendered files, and returns the chart's own, with those of its subcharts if asked. */
function takeNotes(chart: Chart, files: Map<string, string>, all: boolean): string {
  const notes: string[] = [];
  for (const [path, text] of files) {
    if (!path.endsWith("NOTES.txt")) continue;
    if (all || path === `${chart.metadata.name}/templates/NOTES.txt`) notes.push(text);
    files.delete(path);
  }
  return notes.filter((text) => text !== "").join("\n");
}

function sorted(files: ReadonlyMap<string, string>, seen: SeenFiles, warn?: Warn): SortedManifests {
  try {
    return sortManifests(files, seen, warn);
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    const shown = [...files].filter(([, content]) => trimSpace(content) !== "");
    const text = shown.map(([path, content]) => sourceText(path, content)).join("");
    throw new InvalidManifest(error, `${trimSpace(text)}\n`);
  }
}

function manifestText({ path, content }: Manifest): string {
  return sourceText(path, content);
}

function sourceText(path: string, text: string): string {
  return `---\n# Source: ${path}\n${text}\n`;
}

/** The files of crds/, the chart's own before those of its subcharts. */
function crdFiles(chart: Chart, path = chart.metadata.name): CrdFile[] {
  const own = chart.files.filter(({ name }) => name.startsWith("crds/") && /\.(ya?ml|json)$/i.test(name));
  return [
    ...own.map(({ name, data }) => ({
      filename: cleanPath(`${path}/${name}`),
      data: fromBytes(data),
    })),
    ...chart.dependencies.flatMap((subchart) => crdFiles(subchart, `${path}/charts/${subchart.metadata.name}`)),
  ];
}

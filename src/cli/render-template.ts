/** What `helmwright template` prints (helm.sh/helm/v4/pkg/cmd/template.go). */
import { appendFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Effect } from "effect";
import type { Chart } from "../chart/chart.ts";
import type { Warn } from "../chart/chart-error.ts";
import { missingDependencies } from "../chart/dependencies.ts";
import { loadChartPath } from "../chart/folder.ts";
import { matchPath } from "../chart/go-path.ts";
import { SchemaNeeded } from "../chart/remote-schema.ts";
import { defaultCapabilities, parseKubeVersion } from "../render/capabilities.ts";
import { splitManifests } from "../render/manifests.ts";
import { withRemoteSchemas } from "../release/remote-schemas.ts";
import { releaseNameProblem } from "../render/release-name.ts";
import type { Rendered, RenderInput } from "../render/release-facts.ts";
import { RenderError } from "../render/render-error.ts";
import { render } from "../render/render.ts";
import { toBytes } from "../sprig/bytes.ts";
import { sprigFunctions } from "../sprig/functions.ts";
import { trimSpace } from "../template/space.ts";
import { TemplateSet } from "../template/template.ts";
import { readJson, writeJson } from "../yaml/json.ts";
import { readValuesFlags, type ValuesFlags } from "./values-flags.ts";

/** The command's arguments and flags. */
export interface TemplateOptions extends ValuesFlags {
  /** NAME and CHART, or CHART alone. */
  readonly arguments: readonly string[];
  readonly namespace: string;
  readonly includeCrds: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions: readonly string[];
  readonly showOnly: readonly string[];
  readonly skipTests: boolean;
  readonly noHooks: boolean;
  readonly isUpgrade: boolean;
  readonly nameTemplate?: string;
  readonly generateName: boolean;
  /** With `outputDir`: whether the release's name is a folder in it. */
  readonly releaseName: boolean;
  readonly outputDir?: string;
  readonly skipSchemaValidation: boolean;
  /** Show what templates rendered even if it is no YAML. */
  readonly debug: boolean;
}

/**
 * Renders, and gives what goes to standard output. Fails with Helm's words, with an {@link InvalidManifest} too if
 * `debug` is set; warnings go to `warn`.
 */
export function renderTemplate(options: TemplateOptions, warn: Warn): Effect.Effect<Uint8Array, Error> {
  return Effect.gen(function* () {
    const input = yield* failing(() => inputOf(options, warn));
    const rendered = yield* withRemoteSchemas(
      new Map(),
      (schemas) => failing(() => renderOnce({ ...input, schemas }, warn)),
    ).pipe(Effect.mapError((error) => options.debug ? error : withHint(error)));
    return yield* failing(() => outputOf(rendered, input.release.name, options));
  });
}

const failing = <A>(run: () => A) => Effect.try({ try: run, catch: (error) => error as Error });

function inputOf(options: TemplateOptions, warn: Warn): RenderInput {
  const kubeVersion = options.kubeVersion ?? defaultCapabilities.kubeVersion;
  parseKubeVersion(kubeVersion);
  const { name, chartPath } = nameAndChart(options);
  const path = locateChart(chartPath);
  const values = readValuesFlags(options);
  const chart = loadChartPath(path, warn);
  checkInstallable(chart, warn);
  const problem = releaseNameProblem(name);
  if (problem !== undefined) {
    warn("ERROR", "release name check failed", { error: problem });
    throw new Error(`release name check failed: ${problem}`);
  }
  return {
    chart,
    values,
    release: {
      name,
      namespace: options.namespace,
      revision: 1,
      isInstall: !options.isUpgrade,
      isUpgrade: options.isUpgrade,
    },
    capabilities: { kubeVersion, apiVersions: [...defaultCapabilities.apiVersions, ...options.apiVersions] },
    lookups: "empty",
    skipSchemaValidation: options.skipSchemaValidation,
  };
}

/** What is logged before a remote schema is asked for is not told: the next rendering logs it again. */
function renderOnce(input: RenderInput, warn: Warn): Rendered {
  let logged: Parameters<Warn>[] = [];
  try {
    return render({ ...input, warn: (...line) => logged.push(line) });
  } catch (error) {
    if (error instanceof SchemaNeeded) logged = [];
    throw error;
  } finally {
    for (const line of logged) warn(...line);
  }
}

/** Helm's hint stands where an invalid rendering could be looked at. */
function withHint(error: Error): Error {
  if (!(error instanceof RenderError) || error.stage !== "render") return error;
  return new Error(`${error.message}\n\nUse --debug flag to render out invalid YAML`, { cause: error });
}

function outputOf(rendered: Rendered, name: string, options: TemplateOptions): Uint8Array {
  const { outputDir, releaseName, showOnly } = options;
  const manifests = outputDir === undefined
    ? manifestsText(rendered, options)
    : writeFiles(rendered, options, releaseName ? join(outputDir, name) : outputDir);
  return toBytes(showOnly.length === 0 ? manifests : onlyShown(manifests, showOnly));
}

function nameAndChart(options: TemplateOptions): { name: string; chartPath: string } {
  const [first, second, ...more] = options.arguments;
  if (first === undefined) throw new Error('"helmwright template" requires at least 1 argument');
  if (more.length > 0) {
    throw new Error(`expected at most two arguments, unexpected arguments: ${more.join(", ")}`);
  }
  if (second !== undefined) {
    if (options.generateName) throw new Error("cannot set --generate-name and also specify a name");
    if (options.nameTemplate !== undefined) throw new Error("cannot set --name-template and also specify a name");
    return { name: first, chartPath: second };
  }
  // Helm names a release without a name so when it only renders; --generate-name makes no difference there.
  const name = options.nameTemplate === undefined ? "release-name" : templateName(options.nameTemplate);
  return { name, chartPath: first };
}

function templateName(text: string): string {
  const set = new TemplateSet({
    name: "name-template",
    functions: sprigFunctions({ json: { read: readJson, write: writeJson } }),
  });
  return set.execute(set.parse("name-template", text), null);
}

function locateChart(chart: string): string {
  const path = chart.trim();
  try {
    statSync(path);
  } catch {
    if (path.startsWith("/") || path.startsWith(".")) throw new Error(`path ${JSON.stringify(path)} not found`);
    throw new Error(
      `chart ${JSON.stringify(path)} is not on disk, and no chart is fetched here: ` +
        'run "helm pull" and render the file it writes',
    );
  }
  return resolve(path);
}

function checkInstallable(chart: Chart, warn: Warn): void {
  const { type, deprecated } = chart.metadata;
  if (type !== undefined && type !== "application") throw new Error(`${type} charts are not installable`);
  if (deprecated) warn("WARN", "this chart is deprecated");
  const missing = missingDependencies(chart);
  if (missing.length === 0) return;
  throw new Error(
    "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch " +
      `missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`,
  );
}

function sourceText(path: string, text: string): string {
  return `---\n# Source: ${path}\n${text}\n`;
}

function manifestsText(rendered: Rendered, options: TemplateOptions): string {
  const crds = options.includeCrds ? rendered.crds.map(({ filename, data }) => sourceText(filename, data)) : [];
  const hooks = shownHooks(rendered, options).map(({ path, manifest }) => sourceText(path, manifest));
  return `${trimSpace(crds.join("") + rendered.manifest)}\n${hooks.join("")}`;
}

function shownHooks(rendered: Rendered, { noHooks, skipTests }: TemplateOptions): Rendered["hooks"] {
  if (noHooks) return [];
  return rendered.hooks.filter(({ events }) => !skipTests || !events.includes("test"));
}

/** Writes a file for each template, and says so. */
function writeFiles(rendered: Rendered, options: TemplateOptions, folder: string): string {
  const written = new Set<string>();
  const report: string[] = [];
  const write = (path: string, text: string, into = folder) => {
    const file = `${into}/${path}`;
    mkdirSync(dirname(file), { recursive: true });
    if (written.has(file)) appendFileSync(file, sourceText(path, text));
    else writeFileSync(file, sourceText(path, text));
    written.add(file);
    report.push(`wrote ${file}\n`);
  };
  for (const { filename, data } of options.includeCrds ? rendered.crds : []) {
    write(filename, data, options.outputDir);
  }
  for (const { path, content } of rendered.manifests) write(path, content);
  for (const { path, manifest } of shownHooks(rendered, options)) write(path, manifest);
  return `${report.join("")}\n`;
}

/** The manifests of the templates that are asked for, in the order in which they are asked for. */
function onlyShown(text: string, patterns: readonly string[]): string {
  const manifests = splitManifests(text).map((manifest) => ({
    manifest,
    path: /# Source: [^/]+\/(.+)/.exec(manifest)?.[1],
  }));
  return patterns.flatMap((pattern) => {
    const shown = manifests.filter(({ path }) => path !== undefined && matches(pattern, path));
    if (shown.length === 0) throw new Error(`could not find template ${pattern} in chart`);
    return shown.map(({ manifest }) => `---\n${manifest}\n`);
  }).join("");
}

function matches(pattern: string, path: string): boolean {
  try {
    return matchPath(pattern, path);
  } catch {
    return false;
  }
}

/** A watches file's text to watches, with every problem found at once. */
import { readValuesReferences, type ValuesReference, ValuesReferenceError } from "../chart/values-reference.ts";
import type { Json } from "../template/value.ts";
import { readYamlWithLines, type YamlWithLines } from "../yaml/read.ts";
import { YamlError } from "../yaml/error.ts";
import { driftDefaults, DriftFieldError, type DriftFields, readDrift } from "./drift.ts";
import { DurationError, parseGoDuration } from "./go-duration.ts";
import { formatSelector, SelectorError } from "./label-selector.ts";
import { coerceToString, expandOverride, type OverrideContext, overrideTree } from "./override-values.ts";
import { readReleaseFields, releaseFieldNames } from "./release-options.ts";
import { expandTyped, TypedOverrideError } from "./typed-overrides.ts";
import { formatGvk, type Watch, watchDefaults, WatchesError, type WatchProblem } from "./watch.ts";

export interface DecodeContext extends OverrideContext {
  /** Why the path is no chart, or null when it is one. */
  readonly chartProblem: (path: string) => string | null;
  /** Unknown fields are errors instead of warnings. Default false. */
  readonly strict?: boolean;
}

export interface DecodedWatches {
  /** The file's path, or `environment`. */
  readonly source: string;
  readonly watches: ReadonlyArray<Watch>;
  readonly warnings: ReadonlyArray<WatchProblem>;
}

const fields = [
  "group",
  "version",
  "kind",
  "chart",
  "watchDependentResources",
  "overrideValues",
  "typedOverrideValues",
  "valuesFrom",
  "drift",
  "statusReadiness",
  "selector",
  "reconcilePeriod",
  "dryRunOption",
  "maxHistory",
  "maxConcurrentReconciles",
  ...releaseFieldNames,
] as const;
type Field = typeof fields[number];

/**
 * Reads a watches file as operator-sdk writes it: a YAML list whose entries are {@link Watch}es.
 *
 * Throws {@link WatchesError} with all problems: YAML that cannot be read, an entry that is no map, a field of the wrong
 * type, an empty version or kind, a GVK that occurs twice, a chart that is none. An unknown field is a warning, or an
 * error when `strict`. Field names match whatever their case, as Go's JSON decoder has it, with a warning.
 */
export function decodeWatches(text: string, source: string, context: DecodeContext): DecodedWatches {
  const document = parse(text, source);
  const problems: WatchProblem[] = [];
  const warnings: WatchProblem[] = [];
  const watches: Watch[] = [];
  const seen: Array<Watch & { readonly index: number }> = [];
  if (document.value !== null && !Array.isArray(document.value)) {
    throw new WatchesError({
      source,
      problems: [{ line: 1, entry: "", text: "the watches must be a list of entries" }],
    });
  }
  const entries = document.value ?? [];
  if (entries.length === 0) warnings.push({ line: 1, entry: "", text: "there is no entry: nothing is watched" });
  entries.forEach((value, index) => {
    const entry = new Entry(document, index, value, context);
    const watch = entry.decode();
    const earlier = seen.find(({ group, kind }) => group === watch?.group && kind === watch.kind);
    if (watch !== null && earlier !== undefined) entry.repeats(watch, earlier, earlier.index);
    else if (watch !== null) watches.push(watch);
    if (watch !== null) seen.push({ ...watch, index });
    warnings.push(...entry.warnings);
    problems.push(...entry.problems);
  });
  if (problems.length > 0) throw new WatchesError({ source, problems });
  return { source, watches, warnings };
}

function parse(text: string, source: string): YamlWithLines {
  try {
    return readYamlWithLines(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new WatchesError({ source, problems: [{ line: error.line, entry: "", text: error.message }] });
  }
}

/** One entry while it is decoded; a field's reader notes a problem and gives the default, so that all are found. */
class Entry {
  readonly problems: WatchProblem[] = [];
  readonly warnings: WatchProblem[] = [];
  private readonly values = new Map<Field, { key: string; value: unknown }>();

  constructor(
    private readonly document: YamlWithLines,
    private readonly index: number,
    private readonly value: unknown,
    private readonly context: DecodeContext,
  ) {}

  fail(path: ReadonlyArray<string | number>, text: string): void {
    this.problems.push(this.problem(path, text));
  }

  /**
   * An entry of the same kind stands before. Kubernetes serves each resource in all versions of its kind, so that two
   * entries with two versions would both work on every resource.
   */
  repeats(watch: Watch, earlier: Watch, index: number): void {
    const gvk = formatGvk(watch);
    if (watch.version === earlier.version) {
      this.fail(["kind"], `${gvk} occurs twice: entry ${index + 1} has it too`);
    } else if (watch.chart === earlier.chart) {
      this.warnings.push(
        this.problem(["version"], `${gvk} is left out: entry ${index + 1} works on the same resources`),
      );
    } else {
      this.fail(["version"], `${gvk} cannot have a chart of its own: entry ${index + 1} works on the same resources`);
    }
  }

  decode(): Watch | null {
    if (!(this.value instanceof Map)) {
      this.fail([], "an entry must be a map with group, version, kind and chart");
      return null;
    }
    for (const [key, value] of this.value) this.sort(key, value);
    const gvk = { group: this.text("group"), version: this.text("version", true), kind: this.text("kind", true) };
    const watch: Watch = {
      ...gvk,
      chart: this.chart(),
      watchDependentResources: this.boolean("watchDependentResources", watchDefaults.watchDependentResources),
      overrideValues: this.overrideValues(),
      typedOverrideValues: this.typedOverrideValues(),
      valuesFrom: this.valuesFrom(),
      drift: this.drift(),
      statusReadiness: this.values.has("statusReadiness") ? this.boolean("statusReadiness", true) : null,
      selector: this.selector(),
      reconcilePeriod: this.duration("reconcilePeriod"),
      dryRunOption: this.text("dryRunOption"),
      maxHistory: this.count("maxHistory", 0) ?? watchDefaults.maxHistory,
      maxConcurrentReconciles: this.count("maxConcurrentReconciles", 1),
      release: readReleaseFields(
        (field) => this.values.get(field)?.value,
        (field, path, text) => this.fail([this.values.get(field)!.key, ...path], `${field}: ${text}`),
      ),
    };
    return gvk.version === "" || gvk.kind === "" ? null : watch;
  }

  private sort(key: string, value: unknown): void {
    const field = fields.find((each) => each.toLowerCase() === key.toLowerCase());
    if (field === undefined) {
      const problem = this.problem([key], `unknown field "${key}"`);
      (this.context.strict ? this.problems : this.warnings).push(problem);
      return;
    }
    if (field !== key) this.warnings.push(this.problem([key], `field "${key}" is spelled "${field}"`));
    if (value !== null) this.values.set(field, { key, value });
  }

  private problem(path: ReadonlyArray<string | number>, text: string): WatchProblem {
    const kind = this.value instanceof Map ? this.value.get("kind") : undefined;
    const name = typeof kind === "string" && kind !== "" ? ` (${kind})` : "";
    const line = this.document.lineOf([this.index, ...path]) ?? this.document.lineOf([this.index]);
    return { line, entry: `entry ${this.index + 1}${name}`, text };
  }

  private wrongType(field: Field, expected: string): void {
    const { key, value } = this.values.get(field)!;
    this.fail([key], `${field} must be ${expected}: current value is ${show(value)}`);
  }

  private text(field: Field, required = false): string {
    const value = this.values.get(field)?.value ?? "";
    if (typeof value !== "string") this.wrongType(field, "a string");
    else if (required && value === "") this.fail([], `${field} must not be empty`);
    return typeof value === "string" ? value : "";
  }

  private boolean(field: Field, otherwise: boolean): boolean {
    const value = this.values.get(field)?.value ?? otherwise;
    if (typeof value !== "boolean") this.wrongType(field, "true or false");
    return value === true;
  }

  private count(field: Field, least: number): number | null {
    const value = this.values.get(field)?.value;
    if (value === undefined) return null;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    this.wrongType(field, `a whole number of at least ${least}`);
    return null;
  }

  private duration(field: Field): number | null {
    const value = this.values.get(field)?.value;
    if (value === undefined) return null;
    try {
      if (typeof value === "string") return parseGoDuration(value);
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
    }
    this.wrongType(field, 'a duration such as "1m" or "1h30m"');
    return null;
  }

  private chart(): string {
    const chart = this.text("chart", true);
    const problem = chart === "" ? null : this.context.chartProblem(chart);
    if (problem !== null) this.fail([this.values.get("chart")!.key], `chart "${chart}" cannot be used: ${problem}`);
    return chart;
  }

  private selector(): string {
    const found = this.values.get("selector");
    if (found === undefined) return "";
    if (!(found.value instanceof Map)) {
      this.wrongType("selector", "a label selector (matchLabels, matchExpressions)");
      return "";
    }
    for (const key of found.value.keys()) {
      if (key === "matchLabels" || key === "matchExpressions") continue;
      const problem = this.problem([found.key, key], `unknown field "selector.${key}"`);
      (this.context.strict ? this.problems : this.warnings).push(problem);
    }
    try {
      return formatSelector(found.value);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      this.fail([found.key, ...error.path], `selector cannot be used: ${error.message}`);
      return "";
    }
  }

  private typedOverrideValues(): { readonly [key: string]: Json } {
    const found = this.values.get("typedOverrideValues");
    if (found === undefined) return {};
    if (!(found.value instanceof Map)) {
      this.wrongType("typedOverrideValues", "a map");
      return {};
    }
    try {
      return expandTyped(found.value, this.context) as { [key: string]: Json };
    } catch (error) {
      if (!(error instanceof TypedOverrideError)) throw error;
      const text = `the override of "${error.path.join(".")}" is a template that fails: ${error.message}`;
      this.fail([found.key, ...error.path], text);
      return {};
    }
  }

  private valuesFrom(): ReadonlyArray<ValuesReference> {
    const found = this.values.get("valuesFrom");
    if (found === undefined) return [];
    try {
      return readValuesReferences(found.value as never);
    } catch (error) {
      if (!(error instanceof ValuesReferenceError)) throw error;
      this.fail([found.key, ...error.path], `valuesFrom cannot be used: ${error.message}`);
      return [];
    }
  }

  private drift(): DriftFields {
    const found = this.values.get("drift");
    if (found === undefined) return driftDefaults;
    try {
      return readDrift(found.value);
    } catch (error) {
      if (!(error instanceof DriftFieldError)) throw error;
      this.fail([found.key, ...error.path], error.message);
      return driftDefaults;
    }
  }

  private overrideValues(): ReadonlyMap<string, string> {
    const found = this.values.get("overrideValues");
    const values = new Map<string, string>();
    if (found === undefined) return values;
    if (!(found.value instanceof Map)) {
      this.wrongType("overrideValues", "a map of strings");
      return values;
    }
    for (const [name, value] of found.value as Map<string, unknown>) {
      const path = [found.key, name];
      const text = coerceToString(value);
      if (text === undefined) {
        this.fail(path, `the override of "${name}" must be a string: write the path in the key, as in "a.b: x"`);
        continue;
      }
      this.override(name, text, path, values);
    }
    return values;
  }

  /** The value may be a secret from the environment: problems name the key alone. */
  private override(name: string, text: string, path: ReadonlyArray<string>, values: Map<string, string>): void {
    let value: string;
    try {
      value = expandOverride(name, text, this.context);
    } catch (error) {
      return this.fail(path, `the override of "${name}" is a template that fails: ${(error as Error).message}`);
    }
    try {
      overrideTree(new Map([[name, value]]));
      values.set(name, value);
    } catch {
      this.fail(path, `the override of "${name}" cannot be set: a comma in it needs a backslash before it`);
    }
  }
}

function show(value: unknown): string {
  if (value instanceof Map) return "a map";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/** Charts with their templates parsed: parsed once, executed for each custom resource. */
import type { Chart } from "../chart/chart.ts";
import { type Template, TemplateSet } from "../template/template.ts";
import { compareStrings } from "../template/value.ts";
import { helmFunctions } from "./functions.ts";
import { SeenFiles } from "./manifests.ts";
import { parseFailure } from "./render-error.ts";
import type { ScopedTemplate } from "./scopes.ts";

/** The parsed templates of a chart with a choice of its subcharts. */
export interface PreparedChart {
  /** Which subcharts take part, and under which names: that tells the templates of a chart. */
  readonly shape: string;
  readonly set: TemplateSet;
  readonly seen: SeenFiles;
}

/** A text of `tpl`, and a set that knows what it defines. */
export interface PreparedTpl {
  readonly set: TemplateSet;
  readonly template: Template;
}

/** How many choices of subcharts are kept for one chart. */
const shapes = 16;

const prepared = new WeakMap<Chart, PreparedChart[]>();

/**
 * The parsed templates of `chart`, which was loaded; `processed` is what its dependencies have made of it, and `templates`
 * are those of that. Kept as long as the chart is. Throws `RenderError` with Helm's words.
 */
export function prepareTemplates(chart: Chart, processed: Chart, templates: readonly ScopedTemplate[]): PreparedChart {
  const shape = shapeOf(processed);
  const before = prepared.get(chart) ?? [];
  const known = before.find((each) => each.shape === shape) ?? prepare(shape, templates);
  if (known !== before[0]) prepared.set(chart, [known, ...before.filter((each) => each !== known)].slice(0, shapes));
  return known;
}

function prepare(shape: string, templates: readonly ScopedTemplate[]): PreparedChart {
  const set = new TemplateSet({ name: "gotpl", functions: helmFunctions, missingKey: "zero" });
  for (const { path, text } of templates) {
    try {
      set.parse(path, text);
    } catch (error) {
      throw parseFailure(path, error as Error);
    }
  }
  return { shape, set, seen: new SeenFiles() };
}

function shapeOf({ dependencies }: Chart): string {
  return dependencies.map((subchart) => `${subchart.metadata.name} ${subchart.digest} [${shapeOf(subchart)}]`).join();
}

/**
 * Helm's order of parsing, in which later definitions replace earlier ones: the deepest paths first, so that a parent
 * chart's templates win over those of its subcharts.
 */
export function inParseOrder(templates: readonly ScopedTemplate[]): ScopedTemplate[] {
  return templates.map((template) => ({ template, depth: template.path.split("/").length }))
    .sort((a, b) => b.depth - a.depth || compareStrings(b.template.path, a.template.path))
    .map(({ template }) => template);
}

/** A cache that forgets what was not used for longest. */
class Recent<T> {
  readonly #entries = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  get(key: string, make: () => T): T {
    let value = this.#entries.get(key);
    if (value === undefined) value = make();
    else this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.capacity) this.#entries.delete(this.#entries.keys().next().value!);
    return value;
  }
}

/** How many texts of `tpl` are kept for one set, and how long they may be: values differ from one rendering to another. */
const texts = 1000;
const longestText = 64 * 1024;

/** The texts of `tpl`, parsed, by the set that they extend. */
const tpls = new WeakMap<TemplateSet, Recent<PreparedTpl>>();

/** A text of `tpl`, parsed for a set that calls it. Throws the parser's `TemplateError`. */
export function prepareTpl(parent: TemplateSet, text: string): PreparedTpl {
  if (text.length > longestText) return parseTpl(parent, text);
  let known = tpls.get(parent);
  if (known === undefined) tpls.set(parent, known = new Recent(texts));
  return known.get(text, () => parseTpl(parent, text));
}

function parseTpl(parent: TemplateSet, text: string): PreparedTpl {
  const set = parent.clone();
  return { set, template: set.parse("gotpl", text) };
}

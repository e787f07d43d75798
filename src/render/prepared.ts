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
  readonly set: TemplateSet;
  /** The texts of `tpl`, parsed. */
  readonly tpl: TplCache;
  readonly seen: SeenFiles;
}

/** A text of `tpl`, and a set that knows what it defines. */
export interface PreparedTpl {
  readonly set: TemplateSet;
  readonly template: Template;
}

/** How many choices of subcharts are kept for one chart. */
const shapes = 16;

const prepared = new WeakMap<Chart, Recent<PreparedChart>>();

/**
 * The parsed templates of `chart`, as it was loaded; `templates` are those of the subcharts that take part. Kept as
 * long as the chart is. Throws `RenderError` with Helm's words.
 */
export function prepareTemplates(chart: Chart, templates: readonly ScopedTemplate[]): PreparedChart {
  let known = prepared.get(chart);
  if (known === undefined) prepared.set(chart, known = new Recent(shapes));
  // The chart is what it is: which of its templates take part, and under which paths, tells everything.
  const shape = templates.map(({ path, text }) => `${path}\0${text.length}`).join("\0");
  return known.get(shape, () => {
    const set = new TemplateSet({ name: "gotpl", functions: helmFunctions, missingKey: "zero" });
    for (const { path, text } of templates) {
      try {
        set.parse(path, text);
      } catch (error) {
        throw parseFailure(path, error as Error);
      }
    }
    return { set, tpl: new TplCache(), seen: new SeenFiles() };
  });
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
export class TplCache {
  readonly #bySet = new WeakMap<TemplateSet, Recent<PreparedTpl>>();

  /** Throws the parser's `TemplateError`. */
  get(parent: TemplateSet, text: string): PreparedTpl {
    if (text.length > longestText) return parseTpl(parent, text);
    let known = this.#bySet.get(parent);
    if (known === undefined) this.#bySet.set(parent, known = new Recent(texts));
    return known.get(text, () => parseTpl(parent, text));
  }
}

function parseTpl(parent: TemplateSet, text: string): PreparedTpl {
  const set = parent.clone();
  return { set, template: set.parse("gotpl", text) };
}

/** Go's text/template. */
import { builtins } from "./builtins.ts";
import { isStackOverflow, TemplateError } from "./error.ts";
import { Body } from "./exec/body.ts";
import { endlessError } from "./exec/endless.ts";
import type { MissingKey } from "./exec/field.ts";
import { Budget, type Limits, type Run, runBody } from "./exec/run.ts";
import { type Callee, callee } from "./exec/scope.ts";
import { type Common, RememberedTrees, Source } from "./exec/source.ts";
import { Templates } from "./exec/templates.ts";
import { quote } from "./format/quote.ts";
import type { GoFunction, GoValue } from "./value.ts";

export { isStackOverflow, TemplateError } from "./error.ts";
export type { Interrupted } from "./exec/endless.ts";
export type { Limits } from "./exec/run.ts";

/** What the templates of a set are parsed with. */
export interface TemplateOptions {
  /** The name of the set itself, as `no template "x" associated with template "gotpl"` shows it; default `gotpl`. */
  readonly name?: string;
  /**
   * All functions, besides Go's own; they are read once. What each rendering brings itself is declared here by `late`. A function that
   * throws an `Error` fails the call with Go's words, `error calling NAME: ...`; anything else thrown, which is no
   * `Error`, passes through execution unchanged.
   */
  readonly functions: ReadonlyMap<string, GoFunction> | Readonly<Record<string, GoFunction>>;
  /** Go's option `missingkey`; default `default`. */
  readonly missingKey?: MissingKey;
  /** How deep `template` calls may nest; default 100000, as in Go. */
  readonly maxDepth?: number;
}

/**
 * The state of one rendering, shared by all executions that belong to it: functions bound to it (`include`, `tpl`,
 * `lookup`), and what is left of its limits.
 */
export class Execution {
  /** By name; only those that the set knows as `late` ones are ever called. */
  readonly functions: ReadonlyMap<string, GoFunction>;
  /** What is left of the limits. */
  readonly budget: Budget;

  constructor(options: { functions?: Readonly<Record<string, GoFunction>>; limits?: Limits; budget?: Budget } = {}) {
    this.functions = new Map(Object.entries(options.functions ?? {}));
    this.budget = options.budget ?? new Budget(options.limits ?? {});
  }

  /** The same rendering, limits included, with other functions: `tpl` binds `include` to its own set. */
  with(functions: Readonly<Record<string, GoFunction>>): Execution {
    return new Execution({ functions: { ...Object.fromEntries(this.functions), ...functions }, budget: this.budget });
  }
}

/** A parsed template, whether or not its set knows it by a name. */
export type Template = Body;

/** What a set and its clones have in common. */
interface CommonToSets extends Common {
  readonly name: string;
  readonly missingKey: MissingKey;
  readonly maxDepth: number;
}

/** Go's `*template.Template` with the templates associated with it. */
export class TemplateSet {
  private readonly common: CommonToSets;
  private templates: Templates;
  /** Whether a clone shares the templates, so that they must be copied before they change. */
  private shared = false;

  constructor(options: TemplateOptions | TemplateSet) {
    if (options instanceof TemplateSet) {
      this.common = options.common;
      this.templates = new Templates(options.templates);
      options.shared = true;
      return;
    }
    this.templates = new Templates();
    const functions = calleesOf(options.functions);
    this.common = {
      name: options.name ?? "gotpl",
      functions,
      isFunction: (name) => functions.has(name),
      remembered: new RememberedTrees(),
      missingKey: options.missingKey ?? "default",
      maxDepth: options.maxDepth ?? 100_000,
    };
  }

  /**
   * Parses `text` as the template `name`, and the templates that it defines. Later definitions replace earlier ones,
   * but a body of nothing but space and comments never replaces another, as in Go.
   *
   * Returns the template parsed, which is what `tpl` executes even when the set kept an earlier one of the name.
   * Throws a {@link TemplateError} with Go's words: `template: NAME:LINE: unexpected ...`.
   */
  parse(name: string, text: string): Template {
    const source = new Source(name, text, this.common);
    let own: Body | undefined;
    if (this.shared) {
      this.templates = this.templates.copy();
      this.shared = false;
    }
    for (const [defined, tree] of source.parse().bodies) {
      const body = new Body(defined, source, tree);
      if (!body.empty || !this.templates.has(defined)) this.templates.set(defined, body);
      if (defined === name) own = body;
    }
    return own!;
  }

  /**
   * Frees the memory that the parsed texts of this set and its clones take, but for what has run. What runs after all
   * is parsed again.
   */
  forgetTrees(): void {
    this.common.remembered.forget();
  }

  /** Whether a template of that name can be executed. */
  has(name: string): boolean {
    return this.templates.has(name);
  }

  /** The names of all templates, in the order of their first definition. */
  names(): string[] {
    return this.templates.names();
  }

  /**
   * Executes a template. Throws a {@link TemplateError} with Go's words: `template: NAME:LINE:COL: executing ...`.
   *
   * Recursion that exhausts JavaScript's stack ends in an error of {@link isStackOverflow}, which passes through all
   * calls; a function that executes templates, such as `include`, adds itself to those that were interrupted. The
   * outermost execution makes of it the error with which Go or the function would have ended the recursion.
   */
  execute(template: string | Template, data: GoValue, execution: Execution = new Execution()): string {
    const body = typeof template === "string" ? this.templates.get(template) : template;
    if (body === undefined) throw this.missing(template as string);
    const run = this.runOf(execution);
    run.budget.active++;
    // What can happen elsewhere does, since recursion by way of functions needs the stack.
    try {
      return runBody(run, body, data ?? undefined, 0);
    } catch (error) {
      throw ended(error, body, run);
    } finally {
      run.budget.active--;
    }
  }

  private missing(template: string): TemplateError {
    const reason = `no template ${quote(template)} associated with template ${quote(this.common.name)}`;
    return new TemplateError(`template: ${reason}`, { kind: "missing", template, reason });
  }

  private runOf({ functions, budget }: Execution): Run {
    const { templates, common: { missingKey, maxDepth } } = this;
    return { templates, functions, budget, missingKey, maxDepth };
  }

  /** A set with the same templates, to which more can be added; costs next to nothing until then. */
  clone(): TemplateSet {
    return new TemplateSet(this);
  }
}

/** Sets of the same functions, as those of all charts are, share their callees. */
const callees = new WeakMap<TemplateOptions["functions"], ReadonlyMap<string, Callee>>();

function calleesOf(given: TemplateOptions["functions"]): ReadonlyMap<string, Callee> {
  let known = callees.get(given);
  if (known !== undefined) return known;
  const all = given instanceof Map ? given : Object.entries(given);
  known = new Map([
    ...[...builtins].map(([name, f]) => [name, callee(name, f, true)] as const),
    ...[...all].map(([name, f]) => [name, callee(name, f, false)] as const),
  ]);
  callees.set(given, known);
  return known;
}

/** The error as the execution throws it: the outermost makes one of the template's of JavaScript's own limits. */
function ended(error: unknown, body: Body, { budget, maxDepth }: Run): unknown {
  const stack = isStackOverflow(error);
  if (stack ? budget.active > 1 : !(error instanceof RangeError)) return error;
  const limit = stack
    ? endlessError(budget.interrupted.splice(0).reverse(), maxDepth)
    : new Error("the template writes more than a string holds");
  if (limit instanceof TemplateError) return limit;
  return new TemplateError(`template: ${body.source.name}: ${limit.message}`, {
    kind: "exec",
    template: body.name,
    source: body.source.name,
    reason: limit.message,
  }, { cause: error });
}

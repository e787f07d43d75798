/** Go's text/template. */
import type { GoFunction, GoValue } from "./value.ts";

export { TemplateError } from "./error.ts";

/** What the templates of a set are parsed with. */
export interface TemplateOptions {
  /** The name of the set itself, as `no template "x" associated with template "gotpl"` shows it; default `gotpl`. */
  readonly name?: string;
  /** All functions, besides Go's own. One that {@link Execution} replaces needs an entry too, for its signature. */
  readonly functions: ReadonlyMap<string, GoFunction> | Readonly<Record<string, GoFunction>>;
  /** Go's option `missingkey`; default `default`. */
  readonly missingKey?: "default" | "zero" | "error";
  /** How deep `template` calls may nest; default 100000, as in Go. */
  readonly maxDepth?: number;
}

/** Bounds of one rendering. Each passes into a {@link TemplateError} when exceeded. */
export interface Limits {
  /** Milliseconds since the epoch when the rendering must have ended; default never. */
  readonly deadline?: number;
  /** Loop iterations and template calls; default unbounded. */
  readonly steps?: number;
  /** UTF-16 units that one execution may write; default 2^28. */
  readonly output?: number;
}

/**
 * The state of one rendering, shared by all executions that belong to it: functions bound to it (`include`, `tpl`,
 * `lookup`), and what is left of its limits.
 */
export class Execution {
  constructor(_options: { functions?: Readonly<Record<string, GoFunction>>; limits?: Limits } = {}) {}

  /** The same rendering, limits included, with other functions: `tpl` binds `include` to its own set. */
  with(_functions: Readonly<Record<string, GoFunction>>): Execution {
    throw new Error("Execution: in progress");
  }
}

/** A parsed template, whether or not its set knows it by a name. */
export interface Template {
  readonly name: string;
}

/** Go's `*template.Template` with the templates associated with it. */
export class TemplateSet {
  constructor(_options: TemplateOptions) {}

  /**
   * Parses `text` as the template `name`, and the templates that it defines. Later definitions replace earlier ones,
   * but a body of nothing but space and comments never replaces another, as in Go.
   *
   * Returns the template parsed, which is what `tpl` executes even when the set kept an earlier one of the name.
   * Throws a {@link TemplateError} with Go's words: `template: NAME:LINE: unexpected ...`.
   */
  parse(_name: string, _text: string): Template {
    throw new Error("parse: in progress");
  }

  /** Whether a template of that name can be executed. */
  has(_name: string): boolean {
    throw new Error("has: in progress");
  }

  /** The names of all templates, in the order of their first definition. */
  names(): string[] {
    throw new Error("names: in progress");
  }

  /** Executes a template. Throws a {@link TemplateError} with Go's words: `template: NAME:LINE:COL: executing ...`. */
  execute(_template: string | Template, _data: GoValue, _execution?: Execution): string {
    throw new Error("execute: in progress");
  }

  /** A set with the same templates, to which more can be added; costs next to nothing until then. */
  clone(): TemplateSet {
    throw new Error("clone: in progress");
  }
}

/** One rendering: the functions that are bound to it, and what it may use up. */
import { quote } from "../template/format.ts";
import {
  Execution,
  type Interrupted,
  isStackOverflow,
  type Limits,
  type Template,
  type TemplateSet,
} from "../template/template.ts";
import type { GoFunction, GoMap, GoValue } from "../template/value.ts";
import { helmFunctions } from "./functions.ts";
import { type PreparedChart, prepareTpl } from "./prepared.ts";
import { lookupKey, type LookupQuery, type RenderInput } from "./release-facts.ts";
import { LookupNeeded } from "./render-error.ts";

/** How often a template may be under way by `include`; Helm's bound of a thousand times within itself. */
const mostIncludes = 1001;

/** How many executions may be under way, one by way of the other, before the next one may lack stack. */
const deepExecution = 100;

const defaultDeadline = 60_000;
const defaultOutput = 64 * 1024 * 1024;

/** Executes templates of a prepared chart for one rendering. */
export class Rendering {
  /** The lookups that were made, in order, each once. */
  readonly lookups: LookupQuery[] = [];
  /** The lookup that has no answer, when one ended the rendering. */
  needed: LookupQuery | undefined;
  readonly #asked = new Set<string>();
  readonly #included = new Map<string, number>();
  readonly #executions = new Map<TemplateSet, Execution>();
  readonly #limits: Limits;

  constructor(
    private readonly chart: PreparedChart,
    private readonly input: Pick<RenderInput, "lookups" | "limits">,
  ) {
    const { deadline = defaultDeadline, output = defaultOutput } = input.limits ?? {};
    this.#limits = { deadline: Date.now() + deadline, output };
  }

  /** Whether the rendering ended because it took longer than its limit. */
  get late(): boolean {
    return this.#executions.get(this.chart.set)?.budget.late ?? false;
  }

  /** The output of a file's template. Throws `TemplateError`, or {@link LookupNeeded}. */
  execute(path: string, scope: GoMap): string {
    try {
      return this.#run(this.chart.set, path, scope);
    } catch (error) {
      if (this.needed !== undefined) throw new LookupNeeded(this.needed);
      throw error;
    }
  }

  #run(set: TemplateSet, template: string | Template, data: GoValue): string {
    return withoutNoValue(set.execute(template, data, this.#execution(set)));
  }

  /** `include` and `tpl` see the templates of the set in which they are called. */
  #execution(set: TemplateSet): Execution {
    let execution = this.#executions.get(set);
    if (execution === undefined) {
      // Bound functions, unlike arrows, take no room of their own on the stack, which deep includes need.
      const own: Record<string, GoFunction> = {
        include: this.#include.bind(this, set) as GoFunction,
        tpl: this.#tpl.bind(this, set) as GoFunction,
      };
      const root = this.#executions.get(this.chart.set);
      execution = root === undefined
        ? new Execution({
          functions: {
            ...own,
            ...(this.input.limits?.isThreadShared ? { genPrivateKey: (type) => this.#quickKey(type as string) } : {}),
            lookup: (...query) => this.#lookup(...query as [string, string, string, string]),
          },
          limits: this.#limits,
        })
        : root.with(own);
      this.#executions.set(set, execution);
    }
    return execution;
  }

  /** Keys of prime numbers are sought for seconds. */
  #quickKey(type: string): GoValue {
    if (type !== "rsa" && type !== "dsa") return helmFunctions.genPrivateKey(type);
    this.#execution(this.chart.set).budget.late = true;
    throw new Error("the key takes longer than others should wait");
  }

  /** A loop of includes is one as well. */
  #takeStep(set: TemplateSet): void {
    const exceeded = this.#execution(set).budget.take();
    if (exceeded !== undefined) throw new Error(exceeded);
  }

  #include(set: TemplateSet, name: string, data: GoValue): string {
    this.#takeStep(set);
    const depth = this.#included.get(name) ?? 0;
    if (depth >= mostIncludes) throw tooDeep(name);
    this.#included.set(name, depth + 1);
    try {
      return set.execute(name, data, this.#execution(set));
    } catch (error) {
      if (isStackOverflow(error)) this.#interruptedInclude(name);
      throw error;
    } finally {
      this.#included.set(name, depth);
    }
  }

  #interruptedInclude(name: string): void {
    this.#interrupted({ kind: "execution", of: name, limit: { times: mostIncludes, error: () => tooDeep(name) } });
  }

  #tpl(parent: TemplateSet, text: string, data: GoValue): string {
    if (!text.includes("{{")) return withoutNoValue(text);
    this.#takeStep(parent);
    let prepared;
    try {
      prepared = prepareTpl(parent, text);
    } catch (error) {
      // Deep within others it is not the text that exhausts the stack.
      if (isStackOverflow(error) && this.#execution(parent).budget.active > deepExecution) throw error;
      throw new Error(`cannot parse template ${quote(text)}: ${(error as Error).message}`, { cause: error });
    }
    try {
      return this.#run(prepared.set, prepared.template, data);
    } catch (error) {
      if (!isStackOverflow(error)) throw tplError(text, error as Error);
      this.#interrupted({ kind: "execution", of: text, told: (inner) => tplError(text, inner) });
      throw error;
    }
  }

  /** All executions of the rendering share what is told here. */
  #interrupted(call: Interrupted): void {
    this.#execution(this.chart.set).budget.interrupted.push(call);
  }

  #lookup(apiVersion: string, kind: string, namespace: string, name: string): GoValue {
    const query = { apiVersion, kind, namespace, name };
    const key = lookupKey(query);
    if (!this.#asked.has(key)) this.lookups.push(query);
    this.#asked.add(key);
    if (this.input.lookups === "empty") return new Map();
    const answer = this.input.lookups.get(key);
    if (answer !== undefined) return answer;
    this.needed = query;
    throw new LookupNeeded(query);
  }
}

const tooDeep = (name: string) =>
  new Error(`rendering template has a nested reference name: ${name}: unable to execute template`);

const tplError = (text: string, error: Error) =>
  new Error(`error during tpl function execution for ${quote(text)}: ${error.message}`, { cause: error });

/** Go writes `<no value>` for missing keys, which Helm removes wherever it stands. */
function withoutNoValue(text: string): string {
  return text.includes("<no value>") ? text.replaceAll("<no value>", "") : text;
}

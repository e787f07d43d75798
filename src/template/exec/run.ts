/** The state of executing templates, its errors and its limits. */
import { isStackOverflow, TemplateError } from "../error.ts";
import { quote } from "../format/quote.ts";
import type { GoFunction, GoValue } from "../value.ts";
import type { Body } from "./body.ts";
import type { Interrupted } from "./endless.ts";
import type { MissingKey } from "./field.ts";
import type { Place } from "./place.ts";
import type { Templates } from "./templates.ts";

/**
 * A value while a template runs. Go's reflection tells two kinds of nil apart, and so do its errors: `null` is a nil
 * held by an interface, such as a map's element; `undefined` is no value at all, as after a pipeline that gave nil.
 */
export type Value = GoValue | undefined;

/**
 * An expression, compiled: an object with one method. A closure is no faster and takes twice the memory, and expressions
 * are most of what a parsed chart keeps.
 */
export interface Expression {
  eval(frame: Frame, dot: Value): Value;
}

/** What a statement asks of the loop around it: nothing, `break` or `continue`. */
export const proceed = Symbol("proceed");
export const breakLoop = Symbol("break");
export const continueLoop = Symbol("continue");
export type Signal = typeof proceed | typeof breakLoop | typeof continueLoop;

/** A statement, compiled: it appends to the frame's output, or gives the value to append. */
export interface Statement {
  eval(frame: Frame, dot: Value): Signal | Value;
}

/** A statement that gives no value. */
export interface Exec extends Statement {
  eval(frame: Frame, dot: Value): Signal;
}

/** Bounds of one rendering; exceeding one ends it with a {@link TemplateError}. */
export interface Limits {
  /** Milliseconds since the epoch when the rendering must have ended; default never. */
  readonly deadline?: number;
  /** Loop iterations and template calls; default unbounded. */
  readonly steps?: number;
  /** UTF-16 units that one template may write; default 2^28. */
  readonly output?: number;
}

/** Steps between two looks at the clock, and the milliseconds that they should take at most. */
const longestStride = 1024;
const longestInterval = 10;

/** What is left of the {@link Limits}. */
export class Budget {
  /** UTF-16 units that one template may write. */
  readonly output: number;
  /** Steps until the clock is looked at; the hot path only counts it down. */
  private fuel: number;
  /** How many executions of the rendering are under way, one by way of the other. */
  active = 0;
  /** The calls that an exhausted stack has ended so far, the innermost first. */
  readonly interrupted: Interrupted[] = [];
  /** Whether the deadline has passed. */
  late = false;
  private left: number;
  private readonly deadline: number;
  private stride = 1;
  private looked = Date.now();

  constructor(limits: Limits) {
    this.output = limits.output ?? 2 ** 28;
    this.left = limits.steps ?? Infinity;
    this.deadline = limits.deadline ?? Infinity;
    this.fuel = Math.min(this.stride, this.left);
    this.left -= this.fuel;
  }

  /** Takes a step; gives the error's words when a limit is exceeded. */
  take(): string | undefined {
    return --this.fuel > 0 ? undefined : this.refuel();
  }

  private refuel(): string | undefined {
    if (this.left <= 0) return "the template takes more steps than its limit allows";
    const now = Date.now();
    this.late = now > this.deadline;
    if (this.late) return "the template takes longer than its limit allows";
    // A step may be the making of a certificate, which takes longer than a thousand others.
    this.stride = now - this.looked > longestInterval ? 1 : Math.min(this.stride * 2, longestStride);
    this.looked = now;
    this.fuel = Math.min(this.stride, this.left);
    this.left -= this.fuel;
    return undefined;
  }
}

/** What all templates of one execution share. */
export interface Run {
  readonly templates: Templates;
  /** Functions bound to this rendering. */
  readonly functions: ReadonlyMap<string, GoFunction>;
  readonly budget: Budget;
  readonly missingKey: MissingKey;
  readonly maxDepth: number;
}

/** A template being executed. */
export class Frame {
  out = "";
  /** The place evaluated last, where that is only known while running: set by `and` and `or`. */
  last: Place = 0;
  /** The variables; `$` is the first. */
  readonly slots: Value[];
  /**
   * By the slots of variables that are not as they were declared: from which collection a loop took what they hold,
   * undefined for a value of their own. Only error messages ask.
   */
  taken: Map<number, Value> | undefined;

  constructor(readonly run: Run, readonly body: Body, data: Value, readonly depth: number) {
    this.slots = new Array(body.slots);
    this.slots[0] = data;
  }
}

/** Runs a body and returns its output. */
export function runBody(run: Run, body: Body, data: Value, depth: number): string {
  const frame = new Frame(run, body, data, depth);
  body.run(frame, data);
  return frame.out;
}

/** The body in which an error happens. */
export type Caller = Pick<Body, "name" | "source">;

/** Ends the execution with Go's words, at a place; undefined stands for the place that `and` or `or` noted. */
export function fail(frame: Frame, place: Place | undefined, reason: string): never {
  throw errorAt(frame.body, place ?? frame.last, reason);
}

function errorAt({ name, source }: Caller, place: Place, reason: string, cause?: unknown): TemplateError {
  const { line, column, context } = source.locate(place);
  return new TemplateError(
    `template: ${source.name}:${line}:${column}: executing ${quote(name)} at <${context}>: ${reason}`,
    { kind: "exec", template: name, source: source.name, line, column, context, reason },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Ends the execution as a called function threw. What is no `Error` is not for the template's author: it passes
 * through, as does an exhausted stack, of which the outermost execution tells.
 */
export function failCall(frame: Frame, place: Place, name: string, error: unknown): never {
  if (isStackOverflow(error)) frame.run.budget.interrupted.push({ kind: "call", body: frame.body, place, name });
  else if (error instanceof Error) throw callError(frame.body, place, name, error);
  throw error;
}

/** The error of a call whose function threw one. */
export function callError(body: Caller, place: Place, name: string, error: Error): TemplateError {
  return errorAt(body, place, `error calling ${name}: ${error.message}`, error);
}

/** The error of a `template` call that nests deeper than Go allows. */
export function tooDeep(body: Caller, place: Place, maxDepth: number): TemplateError {
  return errorAt(body, place, `exceeded maximum template depth (${maxDepth})`);
}

/** Counts a step, and ends the execution when a limit is exceeded. */
export function step(frame: Frame, place: Place): void {
  const { budget } = frame.run;
  if (frame.out.length > budget.output) fail(frame, place, "the template writes more than its limit allows");
  const exceeded = budget.take();
  if (exceeded !== undefined) fail(frame, place, exceeded);
}

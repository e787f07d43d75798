/**
 * Recursion without end, which exhausts JavaScript's stack long before it meets Go's limits or Helm's.
 *
 * Calls without end repeat themselves, so those that the stack held tell all that would have followed: they are
 * continued here, on paper, up to the limit that ends them, and the error is the one that Go's calls would have given.
 */
import type { Place } from "./place.ts";
import { type Caller, callError, tooDeep } from "./run.ts";

/** A call that was under way when the stack was exhausted. */
export type Interrupted =
  /** `{{ template }}`. */
  | { readonly kind: "template"; readonly body: Caller; readonly place: Place }
  /** A function. */
  | { readonly kind: "call"; readonly body: Caller; readonly place: Place; readonly name: string }
  /** What a function did that executes templates. */
  | {
    readonly kind: "execution";
    /** Which template: the same for the same one. */
    readonly of: string;
    /** How often it may be under way, and the error that ends one more. */
    readonly limit?: { readonly times: number; readonly error: () => Error };
    /** What the function makes of an error within; default the same. */
    readonly told?: (error: Error) => Error;
  };

/** The error of calls that exhausted the stack, the outermost first. `maxDepth` is how deep `template` may nest. */
export function endlessError(calls: readonly Interrupted[], maxDepth: number): Error {
  const cycle = findCycle(calls);
  if (cycle === undefined) return told(calls, new Error("the template nests deeper than the stack allows"));
  const { start, length } = cycle;
  const once = calls.slice(0, start + length);
  if (!isLimited(once.slice(start))) return told(once, new Error("the template calls itself without end"));
  const under: Interrupted[] = [];
  const error = untilLimit((i) => calls[i < start ? i : start + (i - start) % length], maxDepth, under);
  return told(under, error);
}

/** Whether the calls of a cycle meet a limit: an execution begins to count its `template` calls anew. */
function isLimited(cycle: readonly Interrupted[]): boolean {
  const executions = cycle.filter(({ kind }) => kind === "execution");
  return executions.length === 0
    ? cycle.some(({ kind }) => kind === "template")
    : executions.some((call) => call.kind === "execution" && call.limit !== undefined);
}

/** Where calls begin to repeat themselves, and after how many. The last ones are cut off, and may miss some. */
function findCycle(calls: readonly Interrupted[]): { readonly start: number; readonly length: number } | undefined {
  const from = Math.floor(calls.length / 4);
  const to = Math.floor(calls.length / 2);
  for (let length = 1; length <= (to - from) / 2; length++) {
    const repeats = (i: number) => same(calls[i], calls[i + length]);
    let i = from;
    while (i < to && repeats(i)) i++;
    if (i < to) continue;
    let start = from;
    while (start > 0 && repeats(start - 1)) start--;
    return { start, length };
  }
  return undefined;
}

function same(a: Interrupted, b: Interrupted): boolean {
  if (a.kind === "execution") return b.kind === "execution" && a.of === b.of;
  if (a.kind !== b.kind || a.place !== b.place || a.body.name !== b.body.name) return false;
  return a.body.source.name === b.body.source.name && a.body.source.text === b.body.source.text;
}

/** Makes one call after the other until one meets its limit, and returns its error; `under` are those before. */
function untilLimit(call: (i: number) => Interrupted, maxDepth: number, under: Interrupted[]): Error {
  const times = new Map<string, number>();
  let depth = 0;
  for (;;) {
    const next = call(under.length);
    if (next.kind === "template" && ++depth > maxDepth) return tooDeep(next.body, next.place, maxDepth);
    if (next.kind === "execution") {
      const already = times.get(next.of) ?? 0;
      if (already === next.limit?.times) return next.limit.error();
      times.set(next.of, already + 1);
      depth = 0;
    }
    under.push(next);
  }
}

/** The error as all calls around it tell of it. */
function told(calls: readonly Interrupted[], error: Error): Error {
  return calls.reduceRight((inner, call) => {
    if (call.kind === "call") return callError(call.body, call.place, call.name, inner);
    return call.kind === "execution" ? call.told?.(inner) ?? inner : inner;
  }, error);
}

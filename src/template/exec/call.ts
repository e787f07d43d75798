/** Calls of functions and methods. */
import type { OperandNode } from "../parse/node.ts";
import { canBeNil, type Signature, signatureOf } from "../signature.ts";
import { Argument, checkOf, unchecked } from "./argument.ts";
import { special } from "./builtin-call.ts";
import type { CallMethod } from "./field.ts";
import { type Bound, evaluateAll, invocation } from "./invocation.ts";
import type { Place } from "./place.ts";
import { type Expression, fail, failCall, type Frame, type Value } from "./run.ts";
import type { Callee, Code, Scope } from "./scope.ts";

/** The operands of a call: arguments, and the value that a pipeline passes as the last of them. */
export interface Operands {
  readonly args: readonly Argument[];
  /** Evaluated first, as in a pipeline. */
  readonly final: Code | undefined;
}

/** No operands. */
export const nothing: Operands = { args: [], final: undefined };

/** Compiles the arguments of a command; the first word is the function. */
export function operandsOf(scope: Scope, args: readonly OperandNode[], final: Code | undefined): Operands {
  if (args.length === 1) return final === undefined ? nothing : { args: nothing.args, final };
  const others = new Array<Argument>(args.length - 1);
  for (let i = 1; i < args.length; i++) others[i - 1] = new Argument(scope, args[i]);
  return { args: others, final };
}

/** Where Go stands after evaluating the arguments. */
export function lastOf({ args }: Operands, otherwise: Place): Place | undefined {
  return args.length === 0 ? otherwise : args[args.length - 1].last;
}

/** A function call. `name` is the place of its name, `place` the whole command, which the function's own errors name. */
export function functionCall(name: Place, place: Place, callee: Callee, operands: Operands): Code {
  const { signature } = callee;
  const wrong = arityError(callee.name, signature, operands);
  if (wrong !== undefined) {
    return failingAfter(operands.final, name, wrong);
  }
  const last = lastOf(operands, name);
  if (callee.builtin) {
    const code = special(callee.name, operands, name, place);
    if (code !== undefined) return code;
  }
  const expression = invocation(callee, place, bind(signature, operands, last));
  return { expression, last, neverNil: !canBeNil(signature.returns) };
}

/** What fails once the pipeline's value is there. */
export function failingAfter(final: Code | undefined, place: Place | undefined, reason: string): Code {
  return { expression: new Failure(final?.expression, place, reason), last: place };
}

/** What fails, once what comes before is evaluated. */
export class Failure implements Expression {
  constructor(
    private readonly before: Expression | undefined,
    private readonly place: Place | undefined,
    private readonly reason: string,
  ) {}

  eval(frame: Frame, dot: Value): never {
    this.before?.eval(frame, dot);
    return fail(frame, this.place, this.reason);
  }
}

/** A method call; the method's type is known only when it is found. */
export function methodCall(place: Place, wherever: Place | undefined, name: string, operands: Operands): CallMethod {
  let known: Signature | undefined;
  let bound: Bound = { args: [], final: undefined, check: unchecked, last: undefined };
  return (frame, dot, method) => {
    const signature = signatureOf(method) ?? anything;
    if (signature !== known) {
      const wrong = arityError(name, signature, operands) ?? resultsError(name, signature);
      if (wrong !== undefined) fail(frame, wherever, wrong);
      bound = bind(signature, operands, lastOf(operands, place));
      known = signature;
    }
    const values = evaluateAll(bound, frame, dot);
    try {
      return method(...values);
    } catch (error) {
      return failCall(frame, place, name, error);
    }
  };
}

const anything: Signature = { params: [], variadic: "interface {}", returns: "interface {}" };

function arityError(name: string, { params, variadic }: Signature, { args, final }: Operands): string | undefined {
  const given = args.length + (final === undefined ? 0 : 1);
  if (variadic !== undefined) {
    if (given >= params.length) return undefined;
    return `wrong number of args for ${name}: want at least ${params.length} got ${args.length}`;
  }
  if (given === params.length) return undefined;
  return `wrong number of args for ${name}: want ${params.length} got ${given}`;
}

/** Go's goodFunc: a template can call what gives one result, or one and an error. */
function resultsError(name: string, { results }: Signature): string | undefined {
  if (results === undefined) return undefined;
  return results.length === 2
    ? `invalid function signature for ${name}: second return value should be error; is ${results[1]}`
    : `function ${name} has ${results.length} return values; should be 1 or 2`;
}

function bind({ params, variadic }: Signature, { args, final }: Operands, last: Place | undefined): Bound {
  const bound = new Array<Expression>(args.length);
  for (let i = 0; i < args.length; i++) bound[i] = args[i].as(params[i] ?? variadic!);
  if (final === undefined) return { args: bound, final, check: unchecked, last };
  return { args: bound, final: final.expression, check: checkOf(params[args.length] ?? variadic!), last };
}

/** Calls of functions and methods. */
import type { Node, OperandNode } from "../parse/node.ts";
import { type Signature, signatureOf } from "../signature.ts";
import type { GoFunction, GoValue } from "../value.ts";
import { Argument, checked } from "./argument.ts";
import { special } from "./builtin-call.ts";
import type { CallMethod } from "./field.ts";
import { type Eval, fail, failCall, type Frame, type Value } from "./run.ts";
import type { Callee, Code, Scope } from "./scope.ts";

/** The operands of a call: arguments, and the value that a pipeline passes as the last of them. */
export interface Operands {
  readonly args: readonly Argument[];
  /** Evaluated first, as in a pipeline. */
  readonly final: Code | undefined;
}

/** Compiles the arguments of a command; the first word is the function. */
export function operandsOf(scope: Scope, args: readonly OperandNode[], final: Code | undefined): Operands {
  return { args: args.slice(1).map((node) => new Argument(scope, node)), final };
}

/** Where Go stands after evaluating the arguments. */
export function lastOf({ args }: Operands, otherwise: Node): Node | undefined {
  return args.length === 0 ? otherwise : args[args.length - 1].last;
}

/** A function call. `name` is the node of its name, `place` the whole command, which the function's own errors name. */
export function functionCall(name: Node, place: Node, callee: Callee, operands: Operands): Code {
  const { signature } = callee;
  const wrong = arityError(callee.name, signature, operands);
  if (wrong !== undefined) {
    const first = operands.final?.eval;
    const evaluate: Eval = (frame, dot) => {
      first?.(frame, dot);
      return fail(frame, name, wrong);
    };
    return { eval: evaluate, last: name };
  }
  const last = lastOf(operands, name);
  if (callee.builtin) {
    const code = special(callee.name, operands, name, place);
    if (code !== undefined) return code;
  }
  return { eval: invocation(callee, place, bind(signature, operands, last)), last };
}

/** A method call; the method's type is known only when it is found. */
export function methodCall(place: Node, wherever: Node | undefined, name: string, operands: Operands): CallMethod {
  let known: Signature | undefined;
  let evals: Bound = { args: [], final: undefined };
  return (frame, dot, method) => {
    const signature = signatureOf(method) ?? anything;
    if (signature !== known) {
      const wrong = arityError(name, signature, operands);
      if (wrong !== undefined) fail(frame, wherever, wrong);
      evals = bind(signature, operands, lastOf(operands, place));
      known = signature;
    }
    const values = evaluateAll(evals, frame, dot);
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

/** Operands with the types of their parameters. */
interface Bound {
  readonly args: Eval[];
  /** The pipeline's value, unchecked, for it is checked after the arguments are evaluated. */
  readonly final: { readonly eval: Eval; readonly check: Eval } | undefined;
}

function bind({ params, variadic }: Signature, { args, final }: Operands, last: Node | undefined): Bound {
  const typeAt = (i: number) => i < params.length ? params[i] : variadic!;
  return {
    args: args.map((arg, i) => arg.as(typeAt(i))),
    // The check reads the value from where the dot usually is.
    final: final && { eval: final.eval, check: checked({ eval: (_, value) => value, last }, typeAt(args.length)) },
  };
}

function evaluateAll({ args, final }: Bound, frame: Frame, dot: Value): GoValue[] {
  const piped = final?.eval(frame, dot);
  const values: GoValue[] = [];
  for (const arg of args) values.push(arg(frame, dot) ?? null);
  if (final !== undefined) values.push(final.check(frame, piped === null ? undefined : piped) ?? null);
  return values;
}

/** The call itself, with a shape of its own for the usual numbers of operands. */
function invocation(callee: Callee, place: Node, bound: Bound): Eval {
  const { name, implementation } = callee;
  const target = callee.late ? undefined : implementation;
  const resolve = (frame: Frame) => target ?? frame.run.functions.get(name) ?? implementation;
  const { args, final } = bound;
  if (callee.builtin) return builtinInvocation(callee, place, bound);
  const [a, b] = args;
  if (final === undefined && args.length === 1) {
    return (frame, dot) => {
      const x = a(frame, dot) ?? null;
      try {
        return resolve(frame)(x);
      } catch (error) {
        return failCall(frame, place, name, error);
      }
    };
  }
  if (final === undefined && args.length === 2) {
    return (frame, dot) => {
      const x = a(frame, dot) ?? null;
      const y = b(frame, dot) ?? null;
      try {
        return resolve(frame)(x, y);
      } catch (error) {
        return failCall(frame, place, name, error);
      }
    };
  }
  if (final !== undefined && args.length <= 1) return pipedInvocation(resolve, callee, place, bound);
  return (frame, dot) => {
    const values = evaluateAll(bound, frame, dot);
    try {
      return resolve(frame)(...values);
    } catch (error) {
      return failCall(frame, place, name, error);
    }
  };
}

/** `value | f` and `value | f x`. */
function pipedInvocation(
  resolve: (frame: Frame) => GoFunction,
  { name }: Callee,
  place: Node,
  { args, final }: Bound,
): Eval {
  const { eval: piped, check } = final!;
  const [a] = args;
  if (a === undefined) {
    return (frame, dot) => {
      const value = piped(frame, dot);
      const x = check(frame, value === null ? undefined : value) ?? null;
      try {
        return resolve(frame)(x);
      } catch (error) {
        return failCall(frame, place, name, error);
      }
    };
  }
  return (frame, dot) => {
    const value = piped(frame, dot);
    const x = a(frame, dot) ?? null;
    const y = check(frame, value === null ? undefined : value) ?? null;
    try {
      return resolve(frame)(x, y);
    } catch (error) {
      return failCall(frame, place, name, error);
    }
  };
}

/** One of Go's own functions, which see the difference between nil and no value. */
function builtinInvocation({ name, implementation, signature }: Callee, place: Node, { args, final }: Bound): Eval {
  const reflects = signature.variadic === "reflect.Value" || signature.params.includes("reflect.Value");
  const build = implementation as (...values: Value[]) => GoValue;
  return (frame, dot) => {
    const piped = final?.eval(frame, dot);
    const values: Value[] = args.map((arg) => arg(frame, dot));
    if (final !== undefined) values.push(final.check(frame, piped === null ? undefined : piped));
    if (!reflects) values.forEach((value, i) => value === undefined && (values[i] = null));
    try {
      return build(...values);
    } catch (error) {
      return failCall(frame, place, name, error);
    }
  };
}

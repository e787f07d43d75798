/** Calls of functions and methods. */
import type { OperandNode } from "../parse/node.ts";
import { canBeNil, type Signature, signatureOf } from "../signature.ts";
import { type GoFunction, GoObject, type GoValue } from "../value.ts";
import { Argument, type Check, checkOf } from "./argument.ts";
import { special } from "./builtin-call.ts";
import type { CallMethod } from "./field.ts";
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

/** Operands with the types of their parameters. */
interface Bound {
  readonly args: readonly Expression[];
  /** The pipeline's value, and its check, which comes after the arguments are evaluated. */
  readonly final: Expression | undefined;
  readonly check: Check;
  /** Where Go stands then. */
  readonly last: Place | undefined;
}

const unchecked = checkOf("interface {}");

function bind({ params, variadic }: Signature, { args, final }: Operands, last: Place | undefined): Bound {
  const bound = new Array<Expression>(args.length);
  for (let i = 0; i < args.length; i++) bound[i] = args[i].as(params[i] ?? variadic!);
  if (final === undefined) return { args: bound, final, check: unchecked, last };
  return { args: bound, final: final.expression, check: checkOf(params[args.length] ?? variadic!), last };
}

function evaluateAll({ args, final, check, last }: Bound, frame: Frame, dot: Value): GoValue[] {
  const piped = final?.eval(frame, dot);
  const values: GoValue[] = [];
  for (const arg of args) values.push(given(arg.eval(frame, dot)));
  if (final !== undefined) values.push(given(check(frame, piped ?? undefined, last)));
  return values;
}

/** A value as a function gets it. */
function given(value: Value): GoValue {
  if (typeof value !== "object") return value === undefined ? null : value;
  return value instanceof GoObject ? value.passed() : value;
}

/** The call itself, with a shape of its own for the usual numbers of operands. */
function invocation(callee: Callee, place: Place, bound: Bound): Expression {
  const { args, final, check, last } = bound;
  if (callee.builtin && reflects(callee)) return new ReflectingCall(callee, place, args, final);
  if (final === undefined) {
    if (args.length === 1) return new UnaryCall(callee, place, args[0]);
    if (args.length === 2) return new BinaryCall(callee, place, args[0], args[1]);
  } else {
    if (args.length === 0) {
      return check === unchecked
        ? new UnaryCall(callee, place, final)
        : new PipedCall(callee, place, final, check, last);
    }
    if (args.length === 1) return new PipedBinaryCall(callee, place, args[0], final, check, last);
  }
  return new AnyCall(callee, place, args, final, check, last);
}

function reflects({ signature: { params, variadic } }: Callee): boolean {
  return variadic === "reflect.Value" || params.includes("reflect.Value");
}

/** The implementation, or this rendering's own. */
function target(frame: Frame, { late, name, implementation }: Callee): GoFunction {
  return late ? frame.run.functions.get(name) ?? implementation : implementation;
}

/** `f x`. */
class UnaryCall implements Expression {
  constructor(private readonly callee: Callee, private readonly place: Place, private readonly a: Expression) {}

  eval(frame: Frame, dot: Value): Value {
    const x = given(this.a.eval(frame, dot));
    try {
      return target(frame, this.callee)(x);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

/** `f x y`. */
class BinaryCall implements Expression {
  constructor(
    private readonly callee: Callee,
    private readonly place: Place,
    private readonly a: Expression,
    private readonly b: Expression,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const x = given(this.a.eval(frame, dot));
    const y = given(this.b.eval(frame, dot));
    try {
      return target(frame, this.callee)(x, y);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

/** `value | f`. */
class PipedCall implements Expression {
  constructor(
    private readonly callee: Callee,
    private readonly place: Place,
    private readonly final: Expression,
    private readonly check: Check,
    private readonly last: Place | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { check } = this;
    const x = given(check(frame, this.final.eval(frame, dot) ?? undefined, this.last));
    try {
      return target(frame, this.callee)(x);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

/** `value | f x`. */
class PipedBinaryCall implements Expression {
  constructor(
    private readonly callee: Callee,
    private readonly place: Place,
    private readonly a: Expression,
    private readonly final: Expression,
    private readonly check: Check,
    private readonly last: Place | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { check } = this;
    const value = this.final.eval(frame, dot) ?? undefined;
    const x = given(this.a.eval(frame, dot));
    const y = given(check(frame, value, this.last));
    try {
      return target(frame, this.callee)(x, y);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

/** Any other call. */
class AnyCall implements Expression, Bound {
  constructor(
    private readonly callee: Callee,
    private readonly place: Place,
    readonly args: readonly Expression[],
    readonly final: Expression | undefined,
    readonly check: Check,
    readonly last: Place | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const values = evaluateAll(this, frame, dot);
    try {
      return target(frame, this.callee)(...values);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

/** One of Go's own functions on reflect.Value, which see the difference between nil and no value. */
class ReflectingCall implements Expression {
  constructor(
    private readonly callee: Callee,
    private readonly place: Place,
    private readonly args: readonly Expression[],
    private readonly final: Expression | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { args, final } = this;
    const implementation = this.callee.implementation as (...values: Value[]) => GoValue;
    const piped = final?.eval(frame, dot);
    const values = args.map((arg) => arg.eval(frame, dot));
    if (final !== undefined) values.push(piped ?? undefined);
    try {
      return implementation(...values);
    } catch (error) {
      return failCall(frame, this.place, this.callee.name, error);
    }
  }
}

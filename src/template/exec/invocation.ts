/** Functions, called: the arguments evaluated, the function run, its error told. */
import { type GoFunction, GoObject, type GoValue } from "../value.ts";
import { type Check, unchecked } from "./argument.ts";
import type { Place } from "./place.ts";
import { type Expression, failCall, type Frame, type Value } from "./run.ts";
import type { Callee } from "./scope.ts";

/** Operands with the types of their parameters. */
export interface Bound {
  readonly args: readonly Expression[];
  /** The pipeline's value, and its check, which comes after the arguments are evaluated. */
  readonly final: Expression | undefined;
  readonly check: Check;
  /** Where Go stands then. */
  readonly last: Place | undefined;
}

/** The arguments, in their order; the pipeline's value is the last of them. */
export function evaluateAll({ args, final, check, last }: Bound, frame: Frame, dot: Value): GoValue[] {
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
export function invocation(callee: Callee, place: Place, bound: Bound): Expression {
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

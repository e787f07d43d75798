/** Go's own functions that the compiler knows: `and` and `or`, which evaluate no more than they need, and the hot ones. */
import { basicEq } from "../compare.ts";
import { print } from "../parse/node.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { lastOf, type Operands } from "./call.ts";
import { callFunction } from "./dynamic-call.ts";
import type { Place } from "./place.ts";
import { type Expression, failCall, type Frame, type Value } from "./run.ts";
import type { Code } from "./scope.ts";

/** The call compiled, or undefined when the function needs nothing special. */
export function special(name: string, operands: Operands, node: Place, place: Place): Code | undefined {
  switch (name) {
    case "and":
      return shortCircuit(false, operands, node);
    case "or":
      return shortCircuit(true, operands, node);
    case "not":
      return not(operands, node);
    case "eq":
      return equality(operands, place, false);
    case "ne":
      return equality(operands, place, true);
    case "call":
      return call(operands, place);
  }
  return undefined;
}

function evaluated({ args }: Operands): Expression[] {
  return args.map((arg) => arg.as("reflect.Value"));
}

/** The first operand whose truth is `stop`, or the last. Where Go stands then, only the frame can tell. */
function shortCircuit(stop: boolean, operands: Operands, node: Place): Code {
  const args = evaluated(operands);
  const lasts = operands.args.map((arg) => arg.last);
  const final = operands.final?.expression;
  const expression = final === undefined && args.length === 2
    ? new FirstOfTwo(stop, args[0], args[1], lasts[0], lasts[1])
    : new First(stop, args, lasts, final, node);
  return { expression, last: undefined };
}

class FirstOfTwo implements Expression {
  constructor(
    private readonly stop: boolean,
    private readonly a: Expression,
    private readonly b: Expression,
    private readonly lastA: Place | undefined,
    private readonly lastB: Place | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const value = this.a.eval(frame, dot);
    if (isTrue(value) === this.stop) {
      if (this.lastA !== undefined) frame.last = this.lastA;
      return value;
    }
    const other = this.b.eval(frame, dot);
    if (this.lastB !== undefined) frame.last = this.lastB;
    return other;
  }
}

class First implements Expression {
  constructor(
    private readonly stop: boolean,
    private readonly args: readonly Expression[],
    private readonly lasts: readonly (Place | undefined)[],
    private readonly final: Expression | undefined,
    private readonly node: Place,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { stop, args, lasts, final } = this;
    const piped = final?.eval(frame, dot);
    let value: Value;
    frame.last = this.node;
    for (let i = 0; i < args.length; i++) {
      value = args[i].eval(frame, dot);
      frame.last = lasts[i] ?? frame.last;
      if (isTrue(value) === stop) return value;
    }
    return final === undefined ? value : piped;
  }
}

function not(operands: Operands, node: Place): Code {
  const [arg] = operands.args;
  const negated = arg === undefined ? operands.final!.expression : arg.as("reflect.Value");
  return { expression: new Not(negated), last: arg === undefined ? node : arg.last, neverNil: true };
}

class Not implements Expression {
  constructor(private readonly expression: Expression) {}

  eval(frame: Frame, dot: Value): Value {
    return !isTrue(this.expression.eval(frame, dot));
  }
}

/** `eq` and `ne` of two operands, both arguments. */
function equality(operands: Operands, place: Place, different: boolean): Code | undefined {
  if (operands.final !== undefined || operands.args.length !== 2) return undefined;
  const [a, b] = evaluated(operands);
  return { expression: new Equality(a, b, place, different), last: operands.args[1].last, neverNil: true };
}

class Equality implements Expression {
  constructor(
    private readonly a: Expression,
    private readonly b: Expression,
    private readonly place: Place,
    private readonly different: boolean,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { different } = this;
    const x = this.a.eval(frame, dot) ?? null;
    const y = this.b.eval(frame, dot) ?? null;
    if (typeof x === "string" && typeof y === "string") return (x === y) !== different;
    try {
      return basicEq(x, y) !== different;
    } catch (error) {
      return failCall(frame, this.place, different ? "ne" : "eq", error);
    }
  }
}

/** `call f x`: errors name the function as it is written. */
function call(operands: Operands, place: Place): Code {
  const [written] = operands.args.map((arg) => print(arg.node));
  const expression = new DynamicCall(evaluated(operands), operands.final?.expression, written, place);
  return { expression, last: lastOf(operands, place) };
}

class DynamicCall implements Expression {
  constructor(
    private readonly args: readonly Expression[],
    private readonly final: Expression | undefined,
    private readonly written: string,
    private readonly place: Place,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { args, final } = this;
    const piped = final?.eval(frame, dot);
    const [f, ...values] = args.map((arg) => arg.eval(frame, dot) ?? null);
    if (final !== undefined) values.push(piped ?? null);
    try {
      return args.length === 0
        ? callFunction(describe(piped), piped ?? null, [])
        : callFunction(this.written, f, values);
    } catch (error) {
      return failCall(frame, this.place, "call", error);
    }
  }
}

/** A value as reflect's `Value.String` gives it. */
function describe(value: Value): string {
  return typeof value === "string" ? value : `<${typeName(value)} Value>`;
}

/** Go's own functions that the compiler knows: `and` and `or`, which evaluate no more than they need, and the hot ones. */
import { basicEq } from "../compare.ts";
import { print } from "../parse/node.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { lastOf, type Operands } from "./call.ts";
import { callFunction } from "./dynamic-call.ts";
import type { Place } from "./place.ts";
import { type Eval, failCall, type Value } from "./run.ts";
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

function evalsOf({ args }: Operands): Eval[] {
  return args.map((arg) => arg.as("reflect.Value"));
}

/** The first operand whose truth is `stop`, or the last. Where Go stands then, only the frame can tell. */
function shortCircuit(stop: boolean, operands: Operands, node: Place): Code {
  const evals = evalsOf(operands);
  const lasts = operands.args.map((arg) => arg.last);
  const final = operands.final?.eval;
  const two = final === undefined && evals.length === 2;
  return { eval: two ? firstOfTwo(stop, evals, lasts) : firstOf(stop, evals, lasts, final, node), last: undefined };
}

function firstOfTwo(stop: boolean, [a, b]: readonly Eval[], [lastA, lastB]: readonly (Place | undefined)[]): Eval {
  return (frame, dot) => {
    const value = a(frame, dot);
    if (isTrue(value) === stop) {
      if (lastA !== undefined) frame.last = lastA;
      return value;
    }
    const other = b(frame, dot);
    if (lastB !== undefined) frame.last = lastB;
    return other;
  };
}

function firstOf(
  stop: boolean,
  evals: readonly Eval[],
  lasts: readonly (Place | undefined)[],
  final: Eval | undefined,
  node: Place,
): Eval {
  return (frame, dot) => {
    const piped = final?.(frame, dot);
    let value: Value;
    frame.last = node;
    for (let i = 0; i < evals.length; i++) {
      value = evals[i](frame, dot);
      frame.last = lasts[i] ?? frame.last;
      if (isTrue(value) === stop) return value;
    }
    return final === undefined ? value : piped;
  };
}

function not(operands: Operands, node: Place): Code {
  const [arg] = operands.args;
  const evaluate = arg === undefined ? operands.final!.eval : arg.as("reflect.Value");
  return { eval: negated(evaluate), last: arg === undefined ? node : arg.last, neverNil: true };
}

function negated(evaluate: Eval): Eval {
  return (frame, dot) => !isTrue(evaluate(frame, dot));
}

/** `eq` and `ne` of two operands, both arguments. */
function equality(operands: Operands, place: Place, different: boolean): Code | undefined {
  if (operands.final !== undefined || operands.args.length !== 2) return undefined;
  const [a, b] = evalsOf(operands);
  return { eval: compared(a, b, place, different), last: operands.args[1].last, neverNil: true };
}

function compared(a: Eval, b: Eval, place: Place, different: boolean): Eval {
  return (frame, dot) => {
    const x = a(frame, dot) ?? null;
    const y = b(frame, dot) ?? null;
    if (typeof x === "string" && typeof y === "string") return (x === y) !== different;
    try {
      return basicEq(x, y) !== different;
    } catch (error) {
      return failCall(frame, place, different ? "ne" : "eq", error);
    }
  };
}

/** `call f x`: errors name the function as it is written. */
function call(operands: Operands, place: Place): Code {
  const evals = evalsOf(operands);
  const [written] = operands.args.map((arg) => print(arg.node));
  const final = operands.final?.eval;
  const evaluate: Eval = (frame, dot) => {
    const piped = final?.(frame, dot);
    const [f, ...values] = evals.map((arg) => arg(frame, dot) ?? null);
    if (final !== undefined) values.push(piped ?? null);
    try {
      return evals.length === 0 ? callFunction(describe(piped), piped ?? null, []) : callFunction(written, f, values);
    } catch (error) {
      return failCall(frame, place, "call", error);
    }
  };
  return { eval: evaluate, last: lastOf(operands, place) };
}

/** A value as reflect's `Value.String` gives it. */
function describe(value: Value): string {
  return typeof value === "string" ? value : `<${typeName(value)} Value>`;
}

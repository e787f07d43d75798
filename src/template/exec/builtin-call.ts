/** Go's own functions that the compiler knows: `and` and `or`, which evaluate no more than they need, and the hot ones. */
import { basicEq } from "../compare.ts";
import type { Node } from "../parse/node.ts";
import { print } from "../parse/node.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import type { Operands } from "./call.ts";
import { callFunction } from "./dynamic-call.ts";
import { type Eval, failCall, type Value } from "./run.ts";
import type { Code } from "./scope.ts";

/** The call compiled, or undefined when the function needs nothing special. */
export function special(name: string, operands: Operands, node: Node, place: Node): Code | undefined {
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

/** The first operand whose truth is `stop`, or the last. */
function shortCircuit(stop: boolean, operands: Operands, node: Node): Code {
  const evals = evalsOf(operands);
  const { args, final } = operands;
  if (final === undefined && args.length === 2) {
    const [a, b] = evals;
    const [lastA, lastB] = args.map((arg) => arg.last);
    const evaluate: Eval = (frame, dot) => {
      const value = a(frame, dot);
      if (isTrue(value) === stop) {
        if (lastA !== undefined) frame.last = lastA;
        return value;
      }
      const other = b(frame, dot);
      if (lastB !== undefined) frame.last = lastB;
      return other;
    };
    return { eval: evaluate, last: undefined };
  }
  const evaluate: Eval = (frame, dot) => {
    const piped = final?.eval(frame, dot);
    let value: Value;
    frame.last = node;
    for (let i = 0; i < evals.length; i++) {
      value = evals[i](frame, dot);
      frame.last = args[i].last ?? frame.last;
      if (isTrue(value) === stop) return value;
    }
    return final === undefined ? value : piped;
  };
  return { eval: evaluate, last: undefined };
}

function not(operands: Operands, node: Node): Code {
  const [arg] = operands.args;
  const evaluate = arg === undefined ? operands.final!.eval : arg.as("reflect.Value");
  return { eval: (frame, dot) => !isTrue(evaluate(frame, dot)), last: arg === undefined ? node : arg.last };
}

/** `eq` and `ne` of two operands, both arguments. */
function equality(operands: Operands, place: Node, negated: boolean): Code | undefined {
  if (operands.final !== undefined || operands.args.length !== 2) return undefined;
  const [a, b] = evalsOf(operands);
  const name = negated ? "ne" : "eq";
  const evaluate: Eval = (frame, dot) => {
    const x = a(frame, dot) ?? null;
    const y = b(frame, dot) ?? null;
    if (typeof x === "string" && typeof y === "string") return (x === y) !== negated;
    try {
      return basicEq(x, y) !== negated;
    } catch (error) {
      return failCall(frame, place, name, error);
    }
  };
  return { eval: evaluate, last: operands.args[1].last };
}

/** `call f x`: errors name the function as it is written. */
function call(operands: Operands, place: Node): Code {
  const evals = evalsOf(operands);
  const { final, args } = operands;
  const evaluate: Eval = (frame, dot) => {
    const piped = final?.eval(frame, dot);
    const values = evals.map((arg) => arg(frame, dot) ?? null);
    if (final !== undefined) values.push(piped ?? null);
    try {
      return callFunction(args.length === 0 ? describe(values[0]) : print(args[0].node), values[0], values.slice(1));
    } catch (error) {
      return failCall(frame, place, "call", error);
    }
  };
  return { eval: evaluate, last: args.length === 0 ? place : args[args.length - 1].last };
}

/** A value as reflect's `Value.String` gives it. */
function describe(value: Value): string {
  return typeof value === "string" ? value : `<${typeName(value)} Value>`;
}

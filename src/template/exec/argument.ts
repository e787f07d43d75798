/** The arguments of calls: checked against the parameter's type, literals converted to it. */
import { Complex } from "../complex.ts";
import { Kind, type NumberNode, type OperandNode, print } from "../parse/node.ts";
import { assignableTo, canBeNil, isIntType, nilOf } from "../signature.ts";
import { typeName } from "../type-name.ts";
import { type GoValue, int, NamedMap, wrap } from "../value.ts";
import { operand, theDot } from "./expression.ts";
import { type Place, placeOf } from "./place.ts";
import { type Eval, fail, type Frame, type Value } from "./run.ts";
import type { Code, Scope } from "./scope.ts";

/** An argument, compiled for whichever type its parameter has. */
export class Argument {
  private readonly code: Code | undefined;
  /** Where Go stands after evaluating it. */
  readonly last: Place | undefined;

  constructor(scope: Scope, readonly node: OperandNode) {
    this.code = operand(scope, node);
    this.last = this.code === undefined ? placeOf(node) : this.code.last;
  }

  /** As a parameter of the type; what cannot be one fails when it is evaluated, as in Go. */
  as(type: string): Eval {
    const { node } = this;
    if (this.code !== undefined) return checked(this.code, type);
    if (node.kind === Kind.Dot) return checked({ eval: theDot, last: placeOf(node) }, type);
    if (node.kind === Kind.Nil) {
      if (!canBeNil(type)) return failing(node, `cannot assign nil to ${type}`);
      const nil = nilOf(type);
      return type === "reflect.Value" ? () => undefined : () => nil;
    }
    return literal(node, type);
  }
}

function failing(node: OperandNode, reason: string): Eval {
  const place = placeOf(node);
  return (frame) => fail(frame, place, reason);
}

/** A literal as a value of the type. */
function literal(node: OperandNode, type: string): Eval {
  if (type === "interface {}" || type === "reflect.Value") return constant(node);
  if (isIntType(type)) {
    const unsigned = type.startsWith("u");
    const value = node.kind !== Kind.Number ? undefined : unsigned ? node.uint : node.int;
    if (value === undefined) {
      return failing(node, `expected ${unsigned ? "unsigned " : ""}integer; found ${print(node)}`);
    }
    const converted = type === "int" ? int(value) : wrap(value, type);
    return () => converted;
  }
  switch (type) {
    case "bool":
      return node.kind === Kind.Bool ? constant(node) : failing(node, `expected bool; found ${print(node)}`);
    case "string":
      return node.kind === Kind.String ? constant(node) : failing(node, `expected string; found ${print(node)}`);
    case "float64": {
      const float = node.kind === Kind.Number ? node.float : undefined;
      return float === undefined ? failing(node, `expected float; found ${print(node)}`) : () => float;
    }
  }
  return failing(node, `can't handle ${print(node)} for arg of type ${type}`);
}

/** A literal where its spelling alone decides the type. */
export function constant(node: OperandNode): Eval {
  switch (node.kind) {
    case Kind.Bool:
    case Kind.String: {
      const { value } = node;
      return () => value;
    }
    case Kind.Number: {
      const value = idealConstant(node);
      return value === undefined ? failing(node, `${node.text} overflows int`) : () => value;
    }
  }
  return failing(node, `can't handle assignment of ${print(node)} to empty interface argument`);
}

function idealConstant(node: NumberNode): GoValue | undefined {
  if (node.complex !== undefined) return new Complex(node.complex.real, node.complex.imaginary);
  const hexInt = /^0[xX]./.test(node.text) && !/[pP]/.test(node.text);
  if (node.float !== undefined && !hexInt && node.text[0] !== "'" && /[.eEpP]/.test(node.text)) return node.float;
  return node.int === undefined ? undefined : int(node.int);
}

/** The value of `code`, if it can be assigned to the type: Go's validateType. */
export function checked(code: Code, type: string): Eval {
  // For `any` and reflect.Value anything will do; the call turns undefined into null where that matters.
  if (type === "interface {}" || type === "reflect.Value") return code.eval;
  return type === "string" ? checkedString(code.eval, code.last) : checkedType(code.eval, code.last, type);
}

function checkedString(evaluate: Eval, last: Place | undefined): Eval {
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    return typeof value === "string" ? value : mismatch(frame, last, value, "string");
  };
}

function checkedType(evaluate: Eval, last: Place | undefined, type: string): Eval {
  const fits = assignableTo(type);
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    if (value === undefined || value === null || !fits(value)) return mismatch(frame, last, value, type);
    return value instanceof NamedMap ? converted(value, type) : value;
  };
}

/** Go converts a map of a type with a name of its own to the parameter's type. */
function converted(value: NamedMap, type: string): GoValue {
  return type === "map[string]interface {}" ? value.map : value;
}

/** A value that is not simply of the type: the nil of the type, a pointer to it, or an error. */
function mismatch(frame: Frame, last: Place | undefined, value: Value, type: string): Value {
  if (value === undefined) {
    if (canBeNil(type)) return nilOf(type);
    fail(frame, last, `invalid value; expected ${type}`);
  }
  const got = value === null ? "interface {}" : typeName(value);
  if (got === `*${type}`) return value;
  fail(frame, last, `wrong type for value; expected ${type}; got ${got}`);
}

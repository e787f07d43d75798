/** The arguments of calls: checked against the parameter's type, literals converted to it. */
import { Complex } from "../complex.ts";
import { Kind, type NumberNode, type OperandNode, print } from "../parse/node.ts";
import { sharedName } from "../names.ts";
import { assignableTo, canBeNil, isIntType, nilOf } from "../signature.ts";
import { typeName } from "../type-name.ts";
import { type GoValue, Int, int, NamedMap, wrap } from "../value.ts";
import { Failure } from "./call.ts";
import { operand, theDot } from "./expression.ts";
import { type Place, placeOf } from "./place.ts";
import { type Expression, fail, type Frame, type Value } from "./run.ts";
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
  as(type: string): Expression {
    const { node } = this;
    if (this.code !== undefined) return checked(this.code, type);
    if (node.kind === Kind.Dot) return checked({ expression: theDot, last: placeOf(node) }, type);
    if (node.kind === Kind.Nil) {
      if (!canBeNil(type)) return failing(node, `cannot assign nil to ${type}`);
      return new Constant(type === "reflect.Value" ? undefined : nilOf(type));
    }
    return literal(node, type);
  }
}

class Constant implements Expression {
  constructor(private readonly value: Value) {}

  eval(): Value {
    return this.value;
  }
}

const failing = (node: OperandNode, reason: string): Expression => new Failure(undefined, placeOf(node), reason);

/** A literal as a value of the type. */
function literal(node: OperandNode, type: string): Expression {
  if (type === "interface {}" || type === "reflect.Value") return constant(node);
  if (isIntType(type)) {
    const unsigned = type.startsWith("u");
    const value = node.kind !== Kind.Number ? undefined : unsigned ? node.uint : node.int;
    if (value === undefined) {
      return failing(node, `expected ${unsigned ? "unsigned " : ""}integer; found ${print(node)}`);
    }
    return evaluated(type === "int" ? int(value) : wrap(value, type));
  }
  switch (type) {
    case "bool":
      return node.kind === Kind.Bool ? constant(node) : failing(node, `expected bool; found ${print(node)}`);
    case "string":
      return node.kind === Kind.String ? constant(node) : failing(node, `expected string; found ${print(node)}`);
    case "float64": {
      const float = node.kind === Kind.Number ? node.float : undefined;
      return float === undefined ? failing(node, `expected float; found ${print(node)}`) : new Constant(float);
    }
  }
  return failing(node, `can't handle ${print(node)} for arg of type ${type}`);
}

/** A literal where its spelling alone decides the type. */
export function constant(node: OperandNode): Expression {
  switch (node.kind) {
    case Kind.Bool:
    case Kind.String:
      return evaluated(node.value);
    case Kind.Number: {
      const value = idealConstant(node);
      return value === undefined ? failing(node, `${node.text} overflows int`) : evaluated(value);
    }
  }
  return failing(node, `can't handle assignment of ${print(node)} to empty interface argument`);
}

/** The literals that were met last: there are many, and few that differ. */
const literals = new Map<GoValue, Constant>();
const mostLiterals = 4096;
const longestLiteral = 64;

function evaluated(value: GoValue): Constant {
  const shared = typeof value === "string" ? value.length <= longestLiteral : value instanceof Int;
  if (!shared) return new Constant(value);
  let known = literals.get(value);
  if (known === undefined) {
    if (literals.size >= mostLiterals) literals.clear();
    const own = typeof value === "string" ? sharedName(value) : value;
    literals.set(own, known = new Constant(own));
  }
  return known;
}

function idealConstant(node: NumberNode): GoValue | undefined {
  if (node.complex !== undefined) return new Complex(node.complex.real, node.complex.imaginary);
  const hexInt = /^0[xX]./.test(node.text) && !/[pP]/.test(node.text);
  if (node.float !== undefined && !hexInt && node.text[0] !== "'" && /[.eEpP]/.test(node.text)) return node.float;
  return node.int === undefined ? undefined : int(node.int);
}

/** Makes a value an argument, if it can be one; `last` is where Go stands then. */
export type Check = (frame: Frame, value: Value, last: Place | undefined) => Value;

/** For a parameter that takes anything; the call turns undefined into null where that matters. */
export const unchecked: Check = (_, value) => value;

const checkString: Check = (frame, value, last) =>
  typeof value === "string" ? value : mismatch(frame, last, value, "string");

/** By their types. */
const checks = new Map<string, Check>([
  ["interface {}", unchecked],
  ["reflect.Value", unchecked],
  ["string", checkString],
]);

/** Go's validateType for a parameter of the type. */
export function checkOf(type: string): Check {
  let check = checks.get(type);
  if (check === undefined) checks.set(type, check = checkType(type));
  return check;
}

function checkType(type: string): Check {
  const fits = assignableTo(type);
  return (frame, value, last) => {
    if (value === undefined || value === null || !fits(value)) return mismatch(frame, last, value, type);
    return value instanceof NamedMap ? converted(value, type) : value;
  };
}

/** The value of `code`, checked. */
function checked({ expression, last }: Code, type: string): Expression {
  const check = checkOf(type);
  if (check === unchecked) return expression;
  return check === checkString ? new CheckedString(expression, last) : new Checked(check, expression, last);
}

class CheckedString implements Expression {
  constructor(private readonly expression: Expression, private readonly last: Place | undefined) {}

  eval(frame: Frame, dot: Value): Value {
    const value = this.expression.eval(frame, dot);
    return typeof value === "string" ? value : mismatch(frame, this.last, value, "string");
  }
}

class Checked implements Expression {
  constructor(
    private readonly check: Check,
    private readonly expression: Expression,
    private readonly last: Place | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { check } = this;
    return check(frame, this.expression.eval(frame, dot), this.last);
  }
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

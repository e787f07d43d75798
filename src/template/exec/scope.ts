/** What the compiler knows at a point of a template. */
import { isLate, type Signature, signatureOf } from "../signature.ts";
import type { GoFunction } from "../value.ts";
import { Element, type Holder } from "./field.ts";
import type { Place } from "./place.ts";
import type { Expression } from "./run.ts";
import type { Source } from "./source.ts";

/** An expression, compiled, and what errors need of it. */
export interface Code {
  readonly expression: Expression;
  /** The node that Go evaluates last, which later errors name; undefined when only the running frame knows. */
  readonly last: Place | undefined;
  /** Whether it never gives nil. */
  readonly neverNil?: boolean;
}

/** A function as a call site sees it. */
export interface Callee {
  readonly name: string;
  readonly implementation: GoFunction;
  readonly signature: Signature;
  /** One of text/template's own, which take Go's reflect.Value: nil and no value at all differ for them. */
  readonly builtin: boolean;
  /** Whether each rendering brings its own implementation. */
  readonly late: boolean;
}

const untyped: Signature = { params: [], variadic: "interface {}", returns: "interface {}" };

/** A function for call sites. */
export function callee(name: string, implementation: GoFunction, builtin: boolean): Callee {
  return {
    name,
    implementation,
    builtin,
    signature: signatureOf(implementation) ?? untyped,
    late: isLate(implementation),
  };
}

/** A variable, and those that were declared before it. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  readonly holder: Element;
  readonly outer: Variable | undefined;
}

/** What is visible at a point of a body. */
export interface Point {
  /** The variable declared last. */
  readonly variables: Variable;
  /** Where the dot was taken from. */
  readonly dot: Holder;
  /** The first slot that is free. */
  readonly free: number;
}

const root: Variable = { name: "$", slot: 0, holder: Element.of(undefined, 0), outer: undefined };
const start: Point = { variables: root, dot: undefined, free: 1 };

/**
 * The variables visible while a list of a body is compiled. Each gets a slot of the frame; slots are used again when
 * their variables are gone, so a variable costs an array access.
 */
export class Scope {
  /** Where the compiler is. It is set back to an earlier point when the life of the variables since then ends. */
  point = start;
  /** How many slots the body needs, as far as it is compiled. */
  slots = 1;

  constructor(readonly source: Source) {}

  /** Where the dot is taken from; a new one holds until the point is set back. */
  get dot(): Holder {
    return this.point.dot;
  }

  set dot(dot: Holder) {
    const { variables, free } = this.point;
    this.point = { variables, dot, free };
  }

  /**
   * Declares a variable; a variable of the same name is hidden, not lost. `collection` is what a loop sets it from.
   */
  declare(name: string, collection?: number): Variable {
    const slot = this.reserve();
    const { variables: outer, dot, free } = this.point;
    const variables = { name, slot, holder: Element.of(collection, slot), outer };
    this.point = { variables, dot, free };
    return variables;
  }

  /** A slot for what has no name. */
  reserve(): number {
    const { variables, dot, free: slot } = this.point;
    this.point = { variables, dot, free: slot + 1 };
    if (slot >= this.slots) this.slots = slot + 1;
    return slot;
  }

  /**
   * The innermost variable of a name. Undefined for one that was declared in a branch not taken, which the parser
   * accepts in `else`.
   */
  find(name: string): Variable | undefined {
    let variable: Variable | undefined = this.point.variables;
    while (variable !== undefined && variable.name !== name) variable = variable.outer;
    return variable;
  }
}

/** What the compiler knows at a point of a template. */
import { isLate, type Signature, signatureOf } from "../signature.ts";
import type { GoFunction } from "../value.ts";
import { Element, type Holder } from "./field.ts";
import type { Place } from "./place.ts";
import type { Eval } from "./run.ts";
import type { Source } from "./source.ts";

/** An expression, compiled, and what errors need of it. */
export interface Code {
  readonly eval: Eval;
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

const root: Variable = { name: "$", slot: 0, holder: new Element(undefined, 0), outer: undefined };

/**
 * The variables visible while a list of a body is compiled. Each gets a slot of the frame; slots are used again when
 * their variables are gone, so a variable costs an array access.
 */
export class Scope {
  /** Where the dot was taken from. */
  dot: Holder = undefined;
  /** The variable declared last. It is set back to an earlier one when the life of those since then ends. */
  variables = root;
  /** How many slots the body needs, as far as it is compiled. */
  slots = 1;

  constructor(readonly source: Source) {}

  /**
   * Declares a variable; a variable of the same name is hidden, not lost. `collection` is what a loop sets it from.
   */
  declare(name: string, collection?: number): Variable {
    const slot = this.variables.slot + 1;
    if (slot >= this.slots) this.slots = slot + 1;
    return this.variables = { name, slot, holder: new Element(collection, slot), outer: this.variables };
  }

  /**
   * The innermost variable of a name. Undefined for one that was declared in a branch not taken, which the parser
   * accepts in `else`.
   */
  find(name: string): Variable | undefined {
    let variable: Variable | undefined = this.variables;
    while (variable !== undefined && variable.name !== name) variable = variable.outer;
    return variable;
  }
}

/** What the compiler knows at a point of a template. */
import { isLate, type Signature, signatureOf } from "../signature.ts";
import type { GoFunction } from "../value.ts";
import type { Holder, MissingKey } from "./field.ts";
import type { Place } from "./place.ts";
import type { Eval } from "./run.ts";

/** An expression, compiled, and what errors need of it. */
export interface Code {
  readonly eval: Eval;
  /** The node that Go evaluates last, which later errors name; undefined when only the running frame knows. */
  readonly last: Place | undefined;
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

interface Variable {
  readonly name: string;
  readonly slot: number;
  holder: Holder;
}

/**
 * The variables visible while a body is compiled. Each gets a slot of the frame; slots are used again when their
 * variables are gone, so a variable costs an array access.
 */
export class Scope {
  /** Where the dot was taken from. */
  dot: Holder = undefined;
  /** How many slots the body needs. */
  slots = 1;
  private readonly variables: Variable[] = [{ name: "$", slot: 0, holder: undefined }];

  constructor(
    private readonly functions: ReadonlyMap<string, Callee>,
    readonly missingKey: MissingKey,
  ) {}

  /** A function; the parser has seen to it that there is one. */
  callee(name: string): Callee {
    return this.functions.get(name)!;
  }

  /** Declares a variable and returns its slot; a variable of the same name is hidden, not lost. */
  declare(name: string, holder?: Holder): number {
    const slot = this.variables.length;
    this.variables.push({ name, slot, holder });
    if (slot >= this.slots) this.slots = slot + 1;
    return slot;
  }

  /**
   * The innermost variable of a name. Undefined for one that was declared in a branch not taken, which the parser
   * accepts in `else`.
   */
  find(name: string): Variable | undefined {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      if (this.variables[i].name === name) return this.variables[i];
    }
    return undefined;
  }

  /** The variable that an assignment sets. */
  assign(name: string): Variable | undefined {
    const variable = this.find(name);
    if (variable !== undefined) variable.holder = undefined;
    return variable;
  }

  /** To be given to {@link pop}. */
  mark(): number {
    return this.variables.length;
  }

  /** Forgets the variables declared since the mark. */
  pop(mark: number): void {
    this.variables.length = mark;
  }
}

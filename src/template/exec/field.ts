/** Fields, map keys and methods: `.a.b` and `$x.a`. */
import { nilBytes } from "../signature.ts";
import { quote } from "../format/quote.ts";
import { typeName } from "../type-name.ts";
import { type GoFunction, type GoMap, GoObject, Int, TypedList, TypedMap } from "../value.ts";
import { methodCall, nothing, type Operands } from "./call.ts";
import type { Place } from "./place.ts";
import { type Expression, fail, type Frame, type Value } from "./run.ts";

/** What to do about a missing key: Go's option `missingkey`. */
export type MissingKey = "default" | "zero" | "error";

/**
 * Tells from which collection a loop took the dot or what a variable holds; only error messages ask.
 *
 * `collection` is the slot of the loop that sets it, undefined for a variable that no loop declared.
 */
export class Element {
  /** By the slots after theirs: they are few, and many variables have the same. */
  private static readonly all: Element[][] = [];

  private constructor(readonly collection: number | undefined, readonly variable: number | undefined) {}

  /** Without a variable it tells of the dot. */
  static of(collection: number | undefined, variable?: number): Element {
    const those = Element.all[(collection ?? -1) + 1] ??= [];
    return those[(variable ?? -1) + 1] ??= new Element(collection, variable);
  }

  /** The collection; undefined when the variable was set to a value of its own. */
  from(frame: Frame): Value {
    const { taken } = frame;
    if (taken !== undefined && this.variable !== undefined && taken.has(this.variable)) return taken.get(this.variable);
    return this.collection === undefined ? undefined : frame.slots[this.collection];
  }
}

/** Where a value was taken from: a loop, the value that holds it, or undefined for a value of its own. */
export type Holder = Element | Value;

/** How a method is called once it is found. */
export type CallMethod = (frame: Frame, dot: Value, method: GoFunction) => Value;

/** The names of Go's methods begin with a capital letter. */
const UPPER_Z = 0x5a;

/** A key of a map, as nearly all fields are; undefined for anything else, which {@link FieldReader.read} reads. */
export function keyOf(receiver: Value, name: string): Value {
  if (!(receiver instanceof Map)) return undefined;
  const plain = name.charCodeAt(0) > UPPER_Z || !(receiver instanceof TypedMap) || receiver.method(name) === undefined;
  return plain ? receiver.get(name) : undefined;
}

/** Reads the fields of one expression. */
export class FieldReader {
  constructor(
    /** The expression, which errors of methods name. */
    protected readonly place: Place,
    /** What other errors name. */
    protected readonly last: Place | undefined,
    /** Where the first receiver was taken from. */
    protected readonly holder: Holder,
  ) {}

  /** Any field. */
  get(frame: Frame, dot: Value, receiver: Value, name: string, holder: Holder): Value {
    const value = keyOf(receiver, name);
    return value !== undefined ? value : this.read(frame, dot, receiver, name, holder);
  }

  /** As {@link get}, more slowly. `call` is for a method with arguments; then nothing but a method will do. */
  read(frame: Frame, dot: Value, receiver: Value, name: string, holder: Holder, call?: CallMethod): Value {
    if (receiver === undefined) {
      if (frame.run.missingKey === "error") this.fail(frame, `nil data; no entry for key ${quote(name)}`);
      return undefined;
    }
    if (receiver === null) this.fail(frame, `nil pointer evaluating interface {}.${name}`);
    if (receiver instanceof Map) {
      const method = receiver instanceof TypedMap ? receiver.method(name) : undefined;
      if (method !== undefined) return (call ?? this.bareCall(name))(frame, dot, method);
      if (call !== undefined) this.fail(frame, `${name} is not a method but has arguments`);
      return this.key(frame, receiver, name, receiver instanceof TypedMap ? receiver.type : "");
    }
    if (receiver instanceof GoObject) {
      const method = receiver.method(name);
      if (method !== undefined) return (call ?? this.bareCall(name))(frame, dot, method);
      const field = receiver.field(name);
      if (field !== undefined) {
        if (call !== undefined) this.fail(frame, `${name} has arguments but cannot be invoked as function`);
        return field;
      }
      const collection = receiver.collection();
      if (collection instanceof Map) {
        if (call !== undefined) this.fail(frame, `${name} is not a method but has arguments`);
        return this.key(frame, collection, name, collection instanceof TypedMap ? collection.type : receiver.type);
      }
    }
    const type = staticType(frame, receiver, holder);
    if (receiver instanceof GoObject && receiver.structFields().some(([field]) => field === name)) {
      this.fail(frame, `${name} is an unexported field of struct type ${type}`);
    }
    this.fail(frame, `can't evaluate field ${name} in type ${type}`);
  }

  private bareCall(name: string): CallMethod {
    return methodCall(this.place, this.last, name, nothing);
  }

  private key(frame: Frame, map: GoMap, name: string, type: string): Value {
    const value = map.get(name);
    if (value !== undefined) return value;
    const { missingKey } = frame.run;
    if (missingKey === "error") this.fail(frame, `map has no entry for key ${quote(name)}`);
    return missingKey === "default" ? undefined : zero(elementOfMap(type));
  }

  private fail(frame: Frame, reason: string): never {
    fail(frame, this.last, reason);
  }
}

/** `start.x`. */
export class FieldOf extends FieldReader implements Expression {
  constructor(
    place: Place,
    last: Place | undefined,
    holder: Holder,
    private readonly start: Expression,
    private readonly name: string,
  ) {
    super(place, last, holder);
  }

  eval(frame: Frame, dot: Value): Value {
    return this.get(frame, dot, this.start.eval(frame, dot), this.name, this.holder);
  }
}

/** `start.x.y`, and longer ones. */
export class FieldsOf extends FieldReader implements Expression {
  constructor(
    place: Place,
    last: Place | undefined,
    holder: Holder,
    private readonly start: Expression,
    private readonly names: readonly string[],
  ) {
    super(place, last, holder);
  }

  eval(frame: Frame, dot: Value): Value {
    const { names } = this;
    let value = this.start.eval(frame, dot);
    let { holder } = this;
    for (let i = 0; i < names.length; i++) {
      const next = this.get(frame, dot, value, names[i], holder);
      holder = value;
      value = next;
    }
    return value;
  }
}

/** `start.x.y a b`, where y is a method. */
export class MethodOf extends FieldReader implements Expression {
  private readonly method: string;
  private readonly call: CallMethod;
  private readonly final: Expression | undefined;
  /** The pipeline's value, which is evaluated before the receiver. */
  private piped: Value;

  constructor(
    place: Place,
    last: Place | undefined,
    holder: Holder,
    private readonly start: Expression,
    private readonly names: readonly string[],
    { args, final }: Operands,
  ) {
    super(place, last, holder);
    this.method = names[names.length - 1];
    this.final = final?.expression;
    const ready = final && { expression: { eval: () => this.piped }, last: final.last };
    this.call = methodCall(place, last, this.method, { args, final: ready });
  }

  eval(frame: Frame, dot: Value): Value {
    const piped = this.final?.eval(frame, dot);
    let value = this.start.eval(frame, dot);
    let { holder } = this;
    for (let i = 0; i < this.names.length - 1; i++) {
      const next = this.get(frame, dot, value, this.names[i], holder);
      holder = value;
      value = next;
    }
    this.piped = piped;
    return this.read(frame, dot, value, this.method, holder, this.call);
  }
}

/** The type that Go's compiler knows for a value: `interface {}` for an element of a []any, whatever it holds. */
function staticType(frame: Frame, value: Value, holder: Holder): string {
  const from = holder instanceof Element ? holder.from(frame) : holder;
  if (from instanceof Int) return from.kind;
  if (from instanceof Map) return elementOfMap(from instanceof TypedMap ? from.type : "");
  if (Array.isArray(from)) return from instanceof TypedList ? from.element : "interface {}";
  return typeName(value);
}

/** The element type of a map type; of a type with a name of its own, `any`. */
export function elementOfMap(type: string): string {
  return type.startsWith("map[string]") ? type.slice("map[string]".length) : "interface {}";
}

/** Go's zero value of a type: nil but for strings, numbers and booleans. */
export function zero(type: string): Value {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "float64":
      return 0;
    case "int":
    case "int64":
      return new Int(0n, type);
    case "[]uint8":
      return nilBytes;
  }
  return null;
}

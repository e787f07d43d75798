/** `range` over lists, maps, integers and nothing. */
import { sprintIndirect } from "../format/value.ts";
import type { BranchNode } from "../parse/node.ts";
import { GoObject, type GoValue, Int, int, sortedKeys } from "../value.ts";
import { Block, nothing, type Runnable } from "./body.ts";
import { Failure } from "./call.ts";
import { pipeline } from "./expression.ts";
import { Element } from "./field.ts";
import { type Place, placeOf } from "./place.ts";
import {
  breakLoop,
  type Exec,
  type Expression,
  fail,
  type Frame,
  proceed,
  type Signal,
  step,
  type Value,
} from "./run.ts";
import type { Scope, Variable } from "./scope.ts";

/** Compiles a loop. */
export function loop(scope: Scope, node: BranchNode): Exec {
  const outer = scope.point;
  // Error messages want to know what is looped over.
  const collection = scope.reserve();
  const { expression, last } = pipeline(scope, { ...node.pipe, variables: [] });
  const declared = node.pipe.variables;
  const variables = node.pipe.isAssign
    ? declared.map(({ name }) => scope.find(name))
    : declared.map(({ name }, i) => scope.declare(name, i === declared.length - 1 ? collection : undefined));
  scope.dot = Element.of(collection);
  const body = new Block(scope, node.list);
  scope.dot = outer.dot;
  const otherwise = node.elseList === undefined ? nothing : new Block(scope, node.elseList);
  scope.point = outer;
  const missing = variables.indexOf(undefined);
  if (missing >= 0) return new Failure(expression, last, `undefined variable: ${declared[missing].name}`);
  const slots = slotsOf(variables as Variable[]);
  return new Loop(placeOf(node), expression, last, collection, slots, node.pipe.isAssign, body, otherwise);
}

/** Lists of slots, each once: they are few, and many loops have the same. */
const lists = new Map<string, readonly number[]>();

function slotsOf(variables: readonly Variable[]): readonly number[] {
  const slots = variables.map(({ slot }) => slot);
  const key = slots.join();
  let known = lists.get(key);
  if (known === undefined) lists.set(key, known = slots);
  return known;
}

/** Notes that the last of the variables holds an element of the collection, and what is before it a value of its own. */
function take(frame: Frame, slots: readonly number[], collection: Value): void {
  const taken = frame.taken ??= new Map();
  slots.forEach((slot, i) => taken.set(slot, i === slots.length - 1 ? collection : undefined));
}

class Loop implements Exec {
  constructor(
    private readonly place: Place,
    private readonly expression: Expression,
    private readonly last: Place | undefined,
    /** The slot that keeps the collection. */
    private readonly collection: number,
    /** Those of the loop's variables, which keep the collection too as long as there is no element. */
    private readonly variables: readonly number[],
    /** Whether the variables are of the scope around the loop. */
    private readonly isAssign: boolean,
    private readonly body: Runnable,
    private readonly otherwise: Runnable,
  ) {}

  eval(frame: Frame, dot: Value): Signal {
    const value = this.expression.eval(frame, dot);
    frame.slots[this.collection] = value;
    if (Array.isArray(value) && value.length > 0) return this.overList(frame, value);
    if (value instanceof Map && value.size > 0) return this.overMap(frame, value);
    if (this.overOther(frame, value)) return proceed;
    for (const variable of this.variables) frame.slots[variable] = value ?? undefined;
    if (this.variables.length > 0) take(frame, this.variables, undefined);
    const signal = this.otherwise.run(frame, dot);
    // A break here ends this loop, not the one around it.
    return signal === breakLoop ? proceed : signal;
  }

  /** One iteration: sets the variables, the element last, and runs the body. */
  private iterate(frame: Frame, index: Value, element: Value): Signal {
    const { variables } = this;
    step(frame, this.place);
    if (variables.length > 1) {
      frame.slots[variables[0]] = index;
      frame.slots[variables[1]] = element;
    } else if (variables.length === 1) frame.slots[variables[0]] = element;
    if (this.isAssign) take(frame, variables, frame.slots[this.collection]);
    else if (frame.taken !== undefined) { for (const slot of variables) frame.taken.delete(slot); }
    return this.body.run(frame, element);
  }

  private overList(frame: Frame, items: readonly GoValue[]): Signal {
    for (let i = 0; i < items.length; i++) {
      if (this.iterate(frame, int(i), items[i]) === breakLoop) break;
    }
    return proceed;
  }

  /** The entries are those of the start, whatever the body does to the map. */
  private overMap(frame: Frame, map: Map<string, GoValue>): Signal {
    const keys = sortedKeys(map);
    const values = keys.map((key) => map.get(key)!);
    for (let i = 0; i < keys.length; i++) {
      if (this.iterate(frame, keys[i], values[i]) === breakLoop) break;
    }
    return proceed;
  }

  /** True when there was an iteration. */
  private overOther(frame: Frame, value: Value): boolean {
    if (value === null || value === undefined || Array.isArray(value) || value instanceof Map) return false;
    const end = value instanceof Int ? value : value instanceof GoObject ? value.integer() : undefined;
    if (end !== undefined) return this.overInteger(frame, value as Int | GoObject, end);
    if (value instanceof Uint8Array) {
      this.overList(frame, Array.from(value, (byte) => new Int(BigInt(byte), "uint8")));
      return value.length > 0;
    }
    const collection = value instanceof GoObject ? value.collection() : undefined;
    if (collection === undefined) fail(frame, this.last, `range can't iterate over ${sprintIndirect(value)}`);
    if (collection instanceof Map) {
      this.overMap(frame, collection);
      return collection.size > 0;
    }
    this.overList(frame, collection);
    return collection.length > 0;
  }

  private overInteger(frame: Frame, value: Int | GoObject, end: Int): boolean {
    if (this.variables.length > 1) {
      fail(frame, this.last, `can't use ${sprintIndirect(value)} to iterate over more than one variable`);
    }
    for (let n = 0n; n < end.value; n++) {
      const number = value instanceof GoObject
        ? value.withInteger(n)
        : end.kind === "int"
        ? int(n)
        : new Int(n, end.kind);
      if (this.iterate(frame, undefined, number) === breakLoop) break;
    }
    return end.value > 0n;
  }
}

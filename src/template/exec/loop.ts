/** `range` over lists, maps, integers and nothing. */
import { sprintIndirect } from "../format/value.ts";
import type { BranchNode } from "../parse/node.ts";
import { GoObject, type GoValue, Int, int, sortedKeys } from "../value.ts";
import { Block, nothing, type Runnable } from "./body.ts";
import { pipeline } from "./expression.ts";
import { Element } from "./field.ts";
import { type Place, placeOf } from "./place.ts";
import { breakLoop, type Eval, type Exec, fail, type Frame, proceed, type Signal, step, type Value } from "./run.ts";
import type { Scope } from "./scope.ts";

/** One iteration: what to do with an index and its element. */
type Iterate = (frame: Frame, index: Value, element: Value) => Signal;

/** A loop, compiled. */
export function loop(scope: Scope, node: BranchNode): Exec {
  const outer = scope.variables;
  const { dot } = scope;
  // Error messages want to know what is looped over.
  const { slot: collection } = scope.declare("");
  const { eval: evaluate, last } = pipeline(scope, { ...node.pipe, variables: [] });
  const declared = node.pipe.variables;
  const variables = node.pipe.isAssign
    ? declared.map(({ name }) => scope.find(name))
    : declared.map(({ name }, i) => scope.declare(name, i === declared.length - 1 ? collection : undefined));
  scope.dot = new Element(collection);
  const body = new Block(scope, node.list);
  scope.dot = dot;
  const otherwise = node.elseList === undefined ? nothing : new Block(scope, node.elseList);
  scope.variables = outer;
  const missing = variables.indexOf(undefined);
  if (missing >= 0) return undefinedVariable(evaluate, last, declared[missing].name);
  const slots = variables.map((variable) => variable!.slot);
  const iterate = iteration(placeOf(node), body, slots, node.pipe.isAssign ? collection : undefined);
  return over(evaluate, last, collection, slots, iterate, otherwise);
}

/**
 * One iteration: sets the variables, the element last, and runs the body. `collection` is for variables of the scope
 * around the loop.
 */
function iteration(place: Place, body: Runnable, slots: readonly number[], collection: number | undefined): Iterate {
  const [first, second] = slots;
  return (frame, index, value) => {
    step(frame, place);
    if (second !== undefined) {
      frame.slots[first] = index;
      frame.slots[second] = value;
    } else if (first !== undefined) frame.slots[first] = value;
    if (collection !== undefined) take(frame, slots, frame.slots[collection]);
    else if (frame.taken !== undefined) { for (const slot of slots) frame.taken.delete(slot); }
    return body.run(frame, value);
  };
}

/** Notes that the last of the variables holds an element of the collection, and what is before it a value of its own. */
function take(frame: Frame, slots: readonly number[], collection: Value): void {
  const taken = frame.taken ??= new Map();
  slots.forEach((slot, i) => taken.set(slot, i === slots.length - 1 ? collection : undefined));
}

function undefinedVariable(evaluate: Eval, last: Place | undefined, name: string): Exec {
  return (frame, dot) => {
    evaluate(frame, dot);
    return fail(frame, last, `undefined variable: ${name}`);
  };
}

/** `slot` keeps the collection, and so do the loop's variables as long as there is no element. */
function over(
  evaluate: Eval,
  last: Place | undefined,
  slot: number,
  variables: readonly number[],
  iterate: Iterate,
  otherwise: Runnable,
): Exec {
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    frame.slots[slot] = value;
    if (Array.isArray(value) && value.length > 0) return overList(frame, value, iterate);
    if (value instanceof Map && value.size > 0) return overMap(frame, value, iterate);
    if (overOther(frame, value, iterate, last, variables.length)) return proceed;
    for (const variable of variables) frame.slots[variable] = value ?? undefined;
    if (variables.length > 0) take(frame, variables, undefined);
    return otherwise.run(frame, dot);
  };
}

function overList(frame: Frame, items: readonly GoValue[], iterate: Iterate): Signal {
  for (let i = 0; i < items.length; i++) {
    if (iterate(frame, int(i), items[i]) === breakLoop) break;
  }
  return proceed;
}

/** The entries are those of the start, whatever the body does to the map. */
function overMap(frame: Frame, map: Map<string, GoValue>, iterate: Iterate): Signal {
  const keys = sortedKeys(map);
  const values = keys.map((key) => map.get(key)!);
  for (let i = 0; i < keys.length; i++) {
    if (iterate(frame, keys[i], values[i]) === breakLoop) break;
  }
  return proceed;
}

/** True when there was an iteration. */
function overOther(frame: Frame, value: Value, iterate: Iterate, last: Place | undefined, variables: number): boolean {
  if (value === null || value === undefined || Array.isArray(value) || value instanceof Map) return false;
  const end = value instanceof Int ? value : value instanceof GoObject ? value.integer() : undefined;
  if (end !== undefined) {
    if (variables > 1) {
      fail(frame, last, `can't use ${sprintIndirect(value)} to iterate over more than one variable`);
    }
    for (let n = 0n; n < end.value; n++) {
      const number = value instanceof GoObject
        ? value.withInteger(n)
        : end.kind === "int"
        ? int(n)
        : new Int(n, end.kind);
      if (iterate(frame, undefined, number) === breakLoop) break;
    }
    return end.value > 0n;
  }
  if (value instanceof Uint8Array) {
    overList(frame, Array.from(value, (byte) => new Int(BigInt(byte), "uint8")), iterate);
    return value.length > 0;
  }
  const collection = value instanceof GoObject ? value.collection() : undefined;
  if (collection === undefined) fail(frame, last, `range can't iterate over ${sprintIndirect(value)}`);
  if (collection instanceof Map) {
    overMap(frame, collection, iterate);
    return collection.size > 0;
  }
  overList(frame, collection, iterate);
  return collection.length > 0;
}

/** `range` over lists, maps, integers and nothing. */
import { sprint } from "../format/value.ts";
import type { BranchNode } from "../parse/node.ts";
import { GoObject, type GoValue, Int, int, sortedKeys } from "../value.ts";
import { pipeline } from "./expression.ts";
import { Element } from "./field.ts";
import { type Place, placeOf } from "./place.ts";
import { breakLoop, type Eval, type Exec, fail, type Frame, proceed, type Signal, step, type Value } from "./run.ts";
import type { Scope } from "./scope.ts";
import { list, nothing } from "./statement.ts";

/** One iteration: what to do with an index and its element. */
type Iterate = (frame: Frame, index: Value, element: Value) => Signal;

/** A loop, compiled. */
export function loop(scope: Scope, node: BranchNode): Exec {
  const mark = scope.mark();
  // Error messages want to know what is looped over.
  const collection = scope.declare("");
  const element = new Element(collection);
  const { variables, isAssign } = node.pipe;
  const { eval: evaluate, last } = pipeline(scope, { ...node.pipe, variables: [] });
  const slots = variables.map(({ name }, i) =>
    isAssign ? scope.assign(name)?.slot : scope.declare(name, i === variables.length - 1 ? element : undefined)
  );
  const missing = slots.indexOf(undefined);
  const inner = scope.mark();
  const { dot } = scope;
  scope.dot = element;
  const body = list(scope, node.list);
  scope.dot = dot;
  scope.pop(inner);
  const otherwise = node.elseList === undefined ? nothing : list(scope, node.elseList);
  scope.pop(mark);
  if (missing >= 0) return undefinedVariable(evaluate, last, variables[missing].name);
  const known = slots as number[];
  return over(evaluate, last, collection, known, iteration(placeOf(node), body, known[0], known[1]), otherwise);
}

/** One iteration: sets the variables, the element last, and runs the body. */
function iteration(place: Place, body: Exec, first: number | undefined, second: number | undefined): Iterate {
  return (frame, index, value) => {
    step(frame, place);
    if (second !== undefined) {
      frame.slots[first!] = index;
      frame.slots[second] = value;
    } else if (first !== undefined) frame.slots[first] = value;
    return body(frame, value);
  };
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
  otherwise: Exec,
): Exec {
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    frame.slots[slot] = value;
    if (Array.isArray(value) && value.length > 0) return overList(frame, value, iterate);
    if (value instanceof Map && value.size > 0) return overMap(frame, value, iterate);
    if (overOther(frame, value, iterate, last, variables.length)) return proceed;
    for (const variable of variables) frame.slots[variable] = value ?? undefined;
    return otherwise(frame, dot);
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
  if (value instanceof Int) {
    if (variables > 1) {
      fail(frame, last, `can't use ${sprint(value)} to iterate over more than one variable`);
    }
    for (let n = 0n; n < value.value; n++) {
      if (iterate(frame, undefined, value.kind === "int" ? int(n) : new Int(n, value.kind)) === breakLoop) break;
    }
    return value.value > 0n;
  }
  if (value instanceof Uint8Array) {
    overList(frame, Array.from(value, (byte) => new Int(BigInt(byte), "uint8")), iterate);
    return value.length > 0;
  }
  const collection = value instanceof GoObject ? value.collection() : undefined;
  if (collection === undefined) fail(frame, last, `range can't iterate over ${sprint(value)}`);
  if (collection instanceof Map) {
    overMap(frame, collection, iterate);
    return collection.size > 0;
  }
  overList(frame, collection, iterate);
  return collection.length > 0;
}

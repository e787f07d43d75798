/** `range` over lists, maps, integers and nothing. */
import { sprint } from "../format/value.ts";
import type { BranchNode, Node } from "../parse/node.ts";
import { GoObject, type GoValue, Int, int, sortedKeys } from "../value.ts";
import { pipeline } from "./expression.ts";
import { Element } from "./field.ts";
import { breakLoop, type Exec, fail, type Frame, proceed, type Signal, step, type Value } from "./run.ts";
import type { Scope } from "./scope.ts";
import { list } from "./statement.ts";

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
  const [first, second] = slots;
  const inner = scope.mark();
  const { dot } = scope;
  scope.dot = element;
  const body = list(scope, node.list);
  scope.dot = dot;
  scope.pop(inner);
  const otherwise: Exec = node.elseList === undefined ? () => proceed : list(scope, node.elseList);
  scope.pop(mark);

  const iterate: Iterate = (frame, index, value) => {
    step(frame, node);
    if (second !== undefined) {
      frame.slots[first!] = index;
      frame.slots[second] = value;
    } else if (first !== undefined) frame.slots[first] = value;
    return body(frame, value);
  };
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    if (missing >= 0) fail(frame, last, `undefined variable: ${variables[missing].name}`);
    for (const slot of slots) frame.slots[slot!] = value ?? undefined;
    frame.slots[collection] = value;
    if (Array.isArray(value)) return value.length === 0 ? otherwise(frame, dot) : overList(frame, value, iterate);
    if (value instanceof Map) return value.size === 0 ? otherwise(frame, dot) : overMap(frame, value, iterate);
    if (value === null || value === undefined) return otherwise(frame, dot);
    return overOther(frame, value, iterate, last, slots.length) ? proceed : otherwise(frame, dot);
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
function overOther(frame: Frame, value: GoValue, iterate: Iterate, last: Node | undefined, variables: number): boolean {
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

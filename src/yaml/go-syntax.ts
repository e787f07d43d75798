import { quote } from "../template/format/quote.ts";
import { floatText } from "../template/format/float.ts";
import { compareStrings } from "../template/value.ts";
import type { Node } from "./parser.ts";
import { isMerge, resolveNode } from "./resolve-node.ts";

/** The value of a node as Go's `%#v` prints what yaml.v2 decodes it to; it stands in error messages. */
export function goSyntax(node: Node, nil = "<nil>"): string {
  switch (node.kind) {
    case "alias":
      return goSyntax(node.target!, nil);
    case "sequence":
      return `[]interface {}{${node.children.map(goItem).join(", ")}}`;
    case "mapping": {
      const sorted = [...addPairs(node, new Map()).values()].sort(([a], [b]) => compareStrings(a, b));
      return `map[interface {}]interface {}{${sorted.map(([, pair]) => pair).join(", ")}}`;
    }
    case "scalar":
      return goScalar(node, nil);
  }
}

/** By its key, what a pair is sorted by, and the pair. */
type Pairs = Map<string, readonly [order: string, pair: string]>;

function addPairs({ children }: Node, pairs: Pairs): Pairs {
  for (let i = 0; i < children.length; i += 2) {
    const [name, value] = [children[i], children[i + 1]];
    if (isMerge(name)) {
      const merged = value.kind === "sequence" ? [...value.children].reverse() : [value];
      for (const mapping of merged) addPairs(mapping.target ?? mapping, pairs);
    } else {
      const key = goItem(name);
      pairs.set(key, [orderOf(name, key), `${key}:${goItem(value)}`]);
    }
  }
  return pairs;
}

/** What a key is sorted by: a string by itself, after its quote; nil comes first. */
function orderOf(node: Node, key: string): string {
  if (node.kind === "alias") return orderOf(node.target!, key);
  if (node.kind !== "scalar") return key;
  const { value } = resolveNode(node);
  return value === null ? "" : typeof value === "string" ? `"${value}` : key;
}

function goItem(node: Node): string {
  return goSyntax(node, "interface {}(nil)");
}

function goScalar(node: Node, nil: string): string {
  const { value } = resolveNode(node);
  if (value === null) return nil;
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return floatText(value);
  if (typeof value === "bigint" && value >= 2n ** 63n) return `0x${value.toString(16)}`;
  return String(value);
}

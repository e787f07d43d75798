/** Where errors happen. */
import { Kind, kinds, type Node, print } from "../parse/node.ts";
import type { Trees } from "../parse/parser.ts";

/**
 * A node's place in its text. Compiled code keeps places instead of nodes, so that the trees of a parsed chart can go;
 * an error, which is rare, parses the text again to print the node.
 */
export type Place = number;

/** The place of a node: no two nodes of a kind start at the same character. */
export function placeOf(node: Node): Place {
  return node.at * kinds + node.kind;
}

/** A place for people. */
export interface Location {
  /** From 1. */
  readonly line: number;
  /** The byte in the line, from 0. */
  readonly column: number;
  /** The node as Go prints it. */
  readonly context: string;
}

/** Line, column and text of the node at a place of a text that was parsed. */
export function locate(text: string, { bodies }: Trees, place: Place): Location {
  const at = Math.floor(place / kinds);
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < lineStart; i = text.indexOf("\n", i + 1)) line++;
  const column = new TextEncoder().encode(text.slice(lineStart, at)).length;
  for (const tree of bodies.values()) {
    const node = search(tree, place);
    if (node !== undefined) return { line, column, context: print(node) };
  }
  return { line, column, context: "" };
}

function search(node: Node, place: Place): Node | undefined {
  if (placeOf(node) === place) return node;
  for (const child of children(node)) {
    const found = search(child, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case Kind.List:
      return node.nodes;
    case Kind.Action:
      return [node.pipe];
    case Kind.If:
    case Kind.With:
    case Kind.Range:
      return node.elseList === undefined ? [node.pipe, node.list] : [node.pipe, node.list, node.elseList];
    case Kind.Template:
      return node.pipe === undefined ? [] : [node.pipe];
    case Kind.Pipe:
      return [...node.variables, ...node.commands];
    case Kind.Command:
      return node.args;
    case Kind.Chain:
      return [node.node];
  }
  return [];
}

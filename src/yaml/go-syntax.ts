import { formatFloat } from "./float.ts";
import type { Node } from "./parser.ts";
import { resolveNode } from "./resolve-node.ts";

/** The value of a node as Go's `%#v` prints what yaml.v2 decodes it to; it stands in error messages. */
export function goSyntax(node: Node, nil = "<nil>"): string {
  switch (node.kind) {
    case "alias":
      return goSyntax(node.target!, nil);
    case "sequence":
      return `[]interface {}{${node.children.map(goItem).join(", ")}}`;
    case "mapping": {
      const pairs: string[] = [];
      for (let i = 0; i < node.children.length; i += 2) {
        pairs.push(`${goItem(node.children[i])}:${goItem(node.children[i + 1])}`);
      }
      return `map[interface {}]interface {}{${pairs.sort().join(", ")}}`;
    }
    case "scalar":
      return goScalar(node, nil);
  }
}

function goItem(node: Node): string {
  return goSyntax(node, "interface {}(nil)");
}

function goScalar(node: Node, nil: string): string {
  const { value } = resolveNode(node);
  if (value === null) return nil;
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") return formatFloat(value);
  if (typeof value === "bigint" && value >= 2n ** 63n) return `0x${value.toString(16)}`;
  return String(value);
}

const named: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** A string in Go's quotes, as `%q` prints it; with `'` for a single character. */
export function goQuote(text: string, quote = '"'): string {
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === quote) out += `\\${char}`;
    else if (named[char] !== undefined) out += named[char];
    else if (code >= 0xdc80 && code <= 0xdcff) out += `\\x${hex(code - 0xdc00, 2)}`;
    else if (printable.test(char)) out += char;
    else if (code < 0x20 || code === 0x7f) out += `\\x${hex(code, 2)}`;
    else out += code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  }
  return out + quote;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

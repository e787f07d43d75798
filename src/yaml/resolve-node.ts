import { decodeBase64 } from "./base64.ts";
import { YamlError } from "./error.ts";
import type { Node } from "./parser.ts";
import { resolve, type Scalar } from "./resolve.ts";

const prefix = "tag:yaml.org,2002:";

/** The tag of a merge key in its long form. */
const mergeTag = `${prefix}merge`;

/** Whether a key takes in the mappings after it. */
export function isMerge(node: Node): boolean {
  return node.value === "<<" && node.kind === "scalar" && (node.plain || node.tag === mergeTag);
}

const kinds = new Map<string, Scalar["kind"]>([
  [`${prefix}str`, "str"],
  [`${prefix}bool`, "bool"],
  [`${prefix}int`, "int"],
  [`${prefix}float`, "float"],
  [`${prefix}null`, "null"],
  [`${prefix}timestamp`, "timestamp"],
]);

/** What a scalar node is: its tag, or else the look of its text, tells. A tag that the text does not fit is an error. */
export function resolveNode(node: Node): Scalar {
  const { tag, value } = node;
  if (tag === "") return node.plain ? resolve(value) : { kind: "str", value };
  const wanted = kinds.get(tag);
  if (wanted === undefined) {
    return { kind: "str", value: tag === `${prefix}binary` ? decodeBinary(node) : value };
  }
  if (wanted === "str") return { kind: "str", value };
  const found = resolve(value);
  // Go looks for a timestamp only where nothing else is asked for.
  const scalar = found.kind === "timestamp" && wanted !== "timestamp" ? { kind: "str" as const, value } : found;
  if (scalar.kind === wanted) return scalar;
  if (wanted === "float" && scalar.kind === "int" && scalar.value as bigint < 2n ** 63n) {
    return { kind: "float", value: Number(scalar.value) };
  }
  throw new YamlError(`yaml: cannot decode !!${scalar.kind} \`${value}\` as a !!${wanted}`, node.line);
}

function decodeBinary(node: Node): string {
  const text = decodeBase64(node.value);
  if (text === undefined) throw new YamlError("yaml: !!binary value contains invalid base64 data", node.line);
  return text;
}

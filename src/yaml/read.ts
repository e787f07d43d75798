import type { GoList, GoMap, GoValue } from "../template/value.ts";
import { isList, isMap } from "../template/value.ts";
import { Decoder } from "./decode.ts";
import { YamlError } from "./error.ts";
import { jsonKind } from "./json.ts";
import { type Node, parseDocument } from "./parser.ts";
import { readQuick } from "./quick.ts";

export { YamlError };

/**
 * sigs.k8s.io/yaml's Unmarshal into `any`: YAML to JSON to Go, so every number is a float64 and every key a string. Only
 * the first document is read; of a key that occurs twice the last value counts. Throws a {@link YamlError}.
 */
export function readYaml(text: string): GoValue {
  const value = readQuick(text);
  return value === undefined ? decode(parse(text)) : value;
}

/** sigs.k8s.io/yaml's Unmarshal into a map[string]any; an empty or null document is an empty map. */
export function readYamlMap(text: string): GoMap {
  const value = readYaml(text);
  if (value === null) return new Map();
  if (isMap(value)) return value;
  throw mismatch(value, "map[string]interface {}");
}

/** sigs.k8s.io/yaml's Unmarshal into a []any; an empty or null document is an empty list. */
export function readYamlList(text: string): GoList {
  const value = readYaml(text);
  if (value === null) return [];
  if (isList(value)) return value;
  throw mismatch(value, "[]interface {}");
}

/**
 * Like {@link readYaml}, with whole numbers as integers: for structs, whose string fields take `10` and `1e1` for
 * different texts. With `fields`, keys in lower case, what stands under other keys of the root may come back empty.
 */
export function readYamlTyped(text: string, fields?: ReadonlySet<string>): GoValue {
  const value = readQuick(text, fields === undefined ? { integers: true } : { integers: true, fields });
  if (value !== undefined) return value;
  const root = parse(text);
  return root === undefined ? null : converting(() => new Decoder(true).document(root));
}

/**
 * The documents of a stream, cut at `---` lines as k8s.io/apimachinery's YAMLReader cuts them when Helm loads values.
 * Anything but a comment after `---` is an error.
 */
export function splitYamlDocuments(text: string): string[] {
  if (!text.includes("\r") && !text.startsWith("---") && !text.includes("\n---")) {
    return text === "" ? [] : [text.endsWith("\n") ? text : `${text}\n`];
  }
  const documents: string[] = [];
  let document = "";
  const flush = () => {
    if (document !== "") documents.push(document);
    document = "";
  };
  for (const line of lines(text)) {
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && !rest.startsWith("#")) throw new YamlError(`invalid Yaml document separator: ${rest}`);
      if (document !== "") {
        flush();
        continue;
      }
    }
    document += `${line}\n`;
  }
  flush();
  return documents;
}

/** The lines of a text without their ends; the CR of a CRLF belongs to the end. */
function lines(text: string): string[] {
  const all = text.split("\n").map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  if (all[all.length - 1] === "") all.pop();
  return all;
}

/** A document's value and where its nodes stand. */
export interface YamlWithLines {
  readonly value: GoValue;
  /**
   * The line, from 1, of what stands at `path` (keys and list indexes from the root): the line of its key in a mapping,
   * or else the line on which it begins. Undefined where there is nothing.
   */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** Like {@link readYaml}, with the lines. */
export function readYamlWithLines(text: string): YamlWithLines {
  const root = parse(text);
  return { value: decode(root), lineOf: (path) => root && lineOf(root, path) };
}

function parse(text: string): Node | undefined {
  return converting(() => parseDocument(text));
}

function decode(root: Node | undefined): GoValue {
  return root === undefined ? null : converting(() => new Decoder().document(root));
}

/** Says what Go says first about a document that cannot be read, and ends recursion that goes too deep. */
function converting<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new YamlError("error converting YAML to JSON: yaml: exceeded max depth of 10000");
    }
    if (!(error instanceof YamlError)) throw error;
    throw new YamlError(`error converting YAML to JSON: ${error.message}`, error.line);
  }
}

function mismatch(value: GoValue, type: string): YamlError {
  return new YamlError(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${
      jsonKind(value)
    } into Go value of type ${type}`,
  );
}

function lineOf(root: Node, path: readonly (string | number)[]): number | undefined {
  let node = root;
  let line = root.line;
  for (const step of path) {
    node = node.target ?? node;
    const at = typeof step === "number" ? step : keyIndex(node, step);
    const child = node.children[typeof step === "number" ? at : at + 1];
    if (child === undefined || (typeof step === "number") !== (node.kind === "sequence")) return undefined;
    line = (typeof step === "number" ? child : node.children[at]).line;
    node = child;
  }
  return line;
}

/** Where the last key of this name stands among a mapping's children; -2 when there is none. */
function keyIndex(node: Node, key: string): number {
  for (let i = node.children.length - 2; i >= 0; i -= 2) {
    if (node.children[i].value === key) return i;
  }
  return -2;
}

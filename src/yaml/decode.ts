import type { GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";
import { floatText } from "../template/format/float.ts";
import { goSyntax } from "./go-syntax.ts";
import type { Node } from "./parser.ts";
import { plainValue, wholeNumber } from "./resolve.ts";
import { mergeTag, resolveNode } from "./resolve-node.ts";

/** Turns a document's tree into what is left of it after yaml.v2, JSON and encoding/json. */
export class Decoder {
  private readonly open = new Set<Node>();
  /** Go decodes the whole document, then makes strings of the keys, then writes JSON: problems are told in this order. */
  private keyProblem: YamlError | undefined;
  private numberProblem: YamlError | undefined;
  private decoded = 0;
  private aliased = 0;
  private depth = 0;

  /** `integers` says whether whole numbers stay integers; by default they become floats, as JSON's are. */
  constructor(private readonly integers = false) {}

  document(root: Node): GoValue {
    this.decoded++;
    const value = this.value(root);
    const problem = this.keyProblem ?? this.numberProblem;
    if (problem !== undefined) throw problem;
    return value;
  }

  private value(node: Node): GoValue {
    this.count();
    switch (node.kind) {
      case "scalar":
        return this.scalar(node);
      case "mapping": {
        const map = new Map<string, GoValue>();
        this.mapping(node, map);
        return map;
      }
      case "sequence":
        return node.children.map((child) => this.value(child));
      case "alias":
        return this.alias(node, (target) => this.value(target));
    }
  }

  /** Counts a step, and gives up where most of the work is for aliases: such a document is an attack. */
  private count(): void {
    this.decoded++;
    if (this.depth === 0) return;
    this.aliased++;
    if (this.aliased > 100 && this.decoded > 1000 && this.aliased / this.decoded > allowedAliasRatio(this.decoded)) {
      throw new YamlError("yaml: document contains excessive aliasing");
    }
  }

  private alias<T>(node: Node, decode: (target: Node) => T): T {
    if (this.open.has(node)) throw new YamlError(`yaml: anchor '${node.value}' value contains itself`, node.line);
    this.open.add(node);
    this.depth++;
    const value = decode(node.target!);
    this.depth--;
    this.open.delete(node);
    return value;
  }

  private scalar(node: Node): GoValue {
    if (node.tag === "" && !node.plain) return node.value;
    if (this.integers) {
      const { kind, value } = resolveNode(node);
      if (kind === "int") return wholeNumber(value as bigint);
    }
    const value = node.tag === "" ? plainValue(node.value) : toJson(resolveNode(node).value);
    if (typeof value === "number" && !Number.isFinite(value)) {
      const word = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
      this.numberProblem ??= new YamlError(`json: unsupported value: ${word}`, node.line);
    }
    return value;
  }

  private mapping(node: Node, map: Map<string, GoValue>): void {
    const { children } = node;
    for (let i = 0; i < children.length; i += 2) {
      const key = children[i];
      if (isMerge(key)) this.merge(children[i + 1], map);
      else this.entry(key, children[i + 1], map);
    }
  }

  private entry(keyNode: Node, valueNode: Node, map: Map<string, GoValue>): void {
    const key = this.key(keyNode, valueNode);
    map.set(key, this.value(valueNode));
  }

  /** A key as the string that sigs.k8s.io/yaml makes of it. */
  private key(node: Node, value: Node): string {
    this.count();
    if (node.kind === "alias") {
      return this.alias(node, (target) => this.key(target, value));
    }
    if (node.kind !== "scalar") {
      this.value(node);
      throw new YamlError(`yaml: invalid map key: ${goSyntax(node)}`, node.line);
    }
    if (node.tag === "" && !node.plain) return node.value;
    const scalar = resolveNode(node);
    switch (scalar.kind) {
      case "null":
        return this.unsupportedKey("%!s(<nil>)", node, value);
      case "float":
        return floatKey(scalar.value as number);
      case "int":
        if (scalar.value as bigint >= 2n ** 63n) return this.unsupportedKey("uint64", node, value);
    }
    return String(scalar.value);
  }

  private unsupportedKey(type: string, key: Node, value: Node): string {
    // What is wrong with the value comes first, and it cannot be shown when it contains itself.
    this.value(value);
    this.keyProblem ??= new YamlError(
      `unsupported map key of type: ${type}, key: ${goSyntax(key)}, value: ${goSyntax(value)}`,
      key.line,
    );
    return key.value;
  }

  /** Takes in the pairs of the mapping, or the mappings, after `<<`: over those before it, under those after it. */
  private merge(node: Node, map: Map<string, GoValue>): void {
    if (node.kind !== "sequence") return this.mergeOne(node, map);
    for (let i = node.children.length - 1; i >= 0; i--) this.mergeOne(node.children[i], map);
  }

  private mergeOne(node: Node, map: Map<string, GoValue>): void {
    if (node.kind !== "mapping" && node.target?.kind !== "mapping") {
      throw new YamlError("yaml: map merge requires map or sequence of maps as the value", node.line);
    }
    this.count();
    if (node.kind === "mapping") return this.mapping(node, map);
    this.alias(node, (target) => {
      this.count();
      this.mapping(target, map);
    });
  }
}

function isMerge(node: Node): boolean {
  return node.value === "<<" && node.kind === "scalar" && (node.plain || node.tag === mergeTag);
}

function toJson(value: null | boolean | number | bigint | string): GoValue {
  return typeof value === "bigint" ? Number(value) : value;
}

/** A float as strconv's FormatFloat(value, 'g', -1, 32) prints it. */
function float32Text(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return floatText(single);
  for (let digits = 1;; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return floatText(short);
  }
}

/** A key that is a float: sigs.k8s.io/yaml prints it as if it were a float32. */
function floatKey(value: number): string {
  const text = float32Text(value);
  return text === "+Inf" ? ".inf" : text === "-Inf" ? "-.inf" : text === "NaN" ? ".nan" : text;
}

/** How much of the work may come from aliases: 99 % in small documents, down to 10 % in very large ones. */
function allowedAliasRatio(decoded: number): number {
  const low = 400_000;
  const high = 4_000_000;
  if (decoded <= low) return 0.99;
  return decoded >= high ? 0.1 : 0.99 - 0.89 * ((decoded - low) / (high - low));
}

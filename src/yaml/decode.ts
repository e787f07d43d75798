import type { GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";
import { floatText } from "../template/format/float.ts";
import { goSyntax } from "./go-syntax.ts";
import type { Node } from "./parser.ts";
import { plainValue, wholeNumber } from "./resolve.ts";
import { isMerge, resolveNode } from "./resolve-node.ts";

/** What is wrong with a value: only when all is read does it show whether that is part of the document. */
interface Problems {
  key?: YamlError;
  number?: YamlError;
}

/** A mapping being read. */
interface Target {
  readonly map: Map<string, GoValue>;
  /** By key and its type, since 1 and "1" are two keys to yaml.v2: of one that comes again the last value counts. */
  problems?: Map<string, Problems>;
}

/** Turns a document's tree into what is left of it after yaml.v2, JSON and encoding/json. */
export class Decoder {
  private readonly open = new Set<Node>();
  /** Go decodes the whole document, then makes strings of the keys, then writes JSON: problems are told in this order. */
  private problems: Problems = {};
  private decoded = 0;
  private aliased = 0;
  private depth = 0;

  /** `integers` says whether whole numbers stay integers; by default they become floats, as JSON's are. */
  constructor(private readonly integers = false) {}

  document(root: Node): GoValue {
    this.decoded++;
    const value = this.value(root);
    const problem = this.problems.key ?? this.problems.number;
    if (problem !== undefined) throw problem;
    return value;
  }

  private value(node: Node): GoValue {
    this.count();
    switch (node.kind) {
      case "scalar":
        return this.scalar(node);
      case "mapping": {
        const target: Target = { map: new Map() };
        this.mapping(node, target);
        for (const problems of target.problems?.values() ?? []) this.takeOver(problems);
        return target.map;
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
      this.problems.number ??= new YamlError(`json: unsupported value: ${word}`, node.line);
    }
    return value;
  }

  private takeOver({ key, number }: Problems): void {
    this.problems.key ??= key;
    this.problems.number ??= number;
  }

  private mapping(node: Node, target: Target): void {
    const { children } = node;
    for (let i = 0; i < children.length; i += 2) {
      const key = children[i];
      if (isMerge(key)) this.merge(children[i + 1], target);
      else this.entry(key, children[i + 1], target);
    }
  }

  private entry(keyNode: Node, valueNode: Node, target: Target): void {
    const around = this.problems;
    const own: Problems = this.problems = {};
    const key = this.key(keyNode, valueNode);
    const value = this.value(valueNode);
    this.problems = around;
    target.map.set(key, value);
    if (own.key ?? own.number ?? target.problems) {
      const problems = target.problems ??= new Map();
      problems.set(`${keyType(keyNode)} ${key}`, own);
    }
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
        return this.unsupportedKey("%!s(<nil>)", node, value, "");
      case "float":
        return floatKey(scalar.value as number);
      case "int":
        if (scalar.value as bigint >= 2n ** 63n) {
          return this.unsupportedKey("uint64", node, value, String(scalar.value));
        }
    }
    return String(scalar.value);
  }

  private unsupportedKey(type: string, key: Node, value: Node, name: string): string {
    // What cannot be decoded comes first, but not the keys within; and the value may contain itself.
    this.value(value);
    this.problems.key = new YamlError(
      `unsupported map key of type: ${type}, key: ${goSyntax(key)}, value: ${goSyntax(value)}`,
      key.line,
    );
    return name;
  }

  /** Takes in the pairs of the mapping, or the mappings, after `<<`: over those before it, under those after it. */
  private merge(node: Node, target: Target): void {
    if (node.kind !== "sequence") return this.mergeOne(node, target);
    for (let i = node.children.length - 1; i >= 0; i--) this.mergeOne(node.children[i], target);
  }

  private mergeOne(node: Node, target: Target): void {
    if (node.kind !== "mapping" && node.target?.kind !== "mapping") {
      throw new YamlError("yaml: map merge requires map or sequence of maps as the value", node.line);
    }
    this.count();
    if (node.kind === "mapping") return this.mapping(node, target);
    this.alias(node, (aliased) => {
      this.count();
      this.mapping(aliased, target);
    });
  }
}

/** The type that a key has to yaml.v2. */
function keyType(node: Node): string {
  const { kind } = resolveNode(node.target ?? node);
  return kind === "timestamp" || kind === "merge" ? "str" : kind;
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

import { Cursor } from "./cursor.ts";
import { YamlError } from "./error.ts";
import type { Directive, TagParts } from "./scan-properties.ts";
import { Scanner } from "./scanner.ts";
import type { Token, TokenType } from "./token.ts";

/** What a {@link Node} is. */
export type NodeKind = "scalar" | "sequence" | "mapping" | "alias";

const none: Node[] = [];

/** A node of a document's tree. */
export class Node {
  /** Items of a sequence; keys and values, by turns, of a mapping. */
  children: Node[] = none;
  /** What an alias stands for. */
  target: Node | undefined = undefined;

  constructor(
    readonly kind: NodeKind,
    /** The line, from 1, on which the node begins. */
    readonly line: number,
    /** A scalar's text or an alias's name. */
    readonly value: string,
    /** The tag in its long form, such as `tag:yaml.org,2002:str`; empty when there is none. */
    readonly tag: string,
    /** Whether a scalar was written plain, so that its text tells its type. */
    readonly plain: boolean,
  ) {}
}

/** The tag and the anchor that stand before a node, and the line on which they begin. */
interface Properties {
  readonly line: number;
  readonly tag: string;
  readonly anchor: string | undefined;
}

/** The tree of the text's first document; undefined when there is none. What follows that document is not looked at. */
export function parseDocument(text: string): Node | undefined {
  return new Parser(new Scanner(new Cursor(text))).document();
}

/** Builds nodes from tokens by libyaml's grammar; the methods follow its productions. */
class Parser {
  private readonly anchors = new Map<string, Node>();
  private readonly tagPrefixes = new Map<string, string>();

  constructor(private readonly scanner: Scanner) {}

  document(): Node | undefined {
    const token = this.scanner.peek();
    if (token.type === "stream-end") return undefined;
    const explicit = token.type === "directive" || token.type === "document-start";
    const root = explicit ? this.explicitDocument() : this.implicitDocument();
    this.scanner.peek();
    return root;
  }

  private implicitDocument(): Node {
    this.directives();
    return this.node(true, false);
  }

  private explicitDocument(): Node {
    this.directives();
    let token = this.scanner.peek();
    if (token.type !== "document-start") throw problem("did not find expected <document start>", token);
    token = this.scanner.next();
    return isDocumentEnd(token.type) ? emptyNode(token.line) : this.node(true, false);
  }

  private directives(): void {
    let version = false;
    for (let token = this.scanner.peek(); token.type === "directive"; token = this.scanner.next()) {
      const directive = token.detail as Directive;
      if (directive.name === "TAG") {
        if (this.tagPrefixes.has(directive.handle)) throw problem("found duplicate %TAG directive", token);
        this.tagPrefixes.set(directive.handle, directive.prefix);
        continue;
      }
      if (version) throw problem("found duplicate %YAML directive", token);
      if (directive.version !== "1.1") throw problem("found incompatible YAML document", token);
      version = true;
    }
    if (!this.tagPrefixes.has("!")) this.tagPrefixes.set("!", "!");
    if (!this.tagPrefixes.has("!!")) this.tagPrefixes.set("!!", "tag:yaml.org,2002:");
  }

  /** A node. An `indentless` sequence, whose `-` stand in the column of the key above, may be a mapping's value. */
  private node(block: boolean, indentless: boolean): Node {
    let token = this.scanner.peek();
    if (token.type === "alias") return this.alias(token);
    let properties: Properties | undefined;
    if (token.type === "anchor" || token.type === "tag") {
      properties = this.properties(token);
      token = this.scanner.peek();
    }
    switch (token.type) {
      case "plain":
      case "quoted":
        this.scanner.skip();
        return this.scalar(token, properties);
      case "block-entry":
        if (indentless) return this.indentlessSequence(this.collection("sequence", token, properties));
        break;
      case "block-mapping-start":
        if (block) return this.blockMapping(this.collection("mapping", token, properties));
        break;
      case "block-sequence-start":
        if (block) return this.blockSequence(this.collection("sequence", token, properties));
        break;
      case "flow-sequence-start":
        return this.flowSequence(this.collection("sequence", token, properties));
      case "flow-mapping-start":
        return this.flowMapping(this.collection("mapping", token, properties));
    }
    if (properties === undefined) throw problem("did not find expected node content", token);
    const node = new Node("scalar", properties.line, "", properties.tag, properties.tag === "");
    return this.register(node, properties);
  }

  private alias(token: Token): Node {
    const node = new Node("alias", token.line + 1, token.value, "", false);
    node.target = this.anchors.get(token.value);
    if (node.target === undefined) {
      throw new YamlError(`yaml: unknown anchor '${token.value}' referenced`, node.line);
    }
    this.scanner.skip();
    return node;
  }

  private properties(first: Token): Properties {
    let anchor: string | undefined;
    let tag: Token | undefined;
    let token = first;
    if (token.type === "anchor") {
      anchor = token.value;
      token = this.scanner.next();
      if (token.type === "tag") {
        tag = token;
        this.scanner.next();
      }
    } else {
      tag = token;
      token = this.scanner.next();
      if (token.type === "anchor") {
        anchor = token.value;
        this.scanner.next();
      }
    }
    return { line: first.line + 1, anchor, tag: tag === undefined ? "" : this.tag(tag) };
  }

  private tag(token: Token): string {
    const { handle, suffix } = token.detail as TagParts;
    if (handle === "") return suffix;
    const prefix = this.tagPrefixes.get(handle);
    if (prefix === undefined) throw problem("found undefined tag handle", token);
    return prefix + suffix;
  }

  private scalar(token: Token, properties: Properties | undefined): Node {
    if (properties === undefined) return new Node("scalar", token.line + 1, token.value, "", token.type === "plain");
    const plain = (properties.tag === "" && token.type === "plain") || properties.tag === "!";
    return this.register(new Node("scalar", properties.line, token.value, properties.tag, plain), properties);
  }

  private collection(kind: NodeKind, token: Token, properties: Properties | undefined): Node {
    const node = new Node(kind, properties?.line ?? token.line + 1, "", "", false);
    node.children = [];
    return this.register(node, properties);
  }

  private register(node: Node, properties: Properties | undefined): Node {
    if (properties?.anchor !== undefined) this.anchors.set(properties.anchor, node);
    return node;
  }

  private blockSequence(node: Node): Node {
    let token = this.scanner.next();
    while (token.type === "block-entry") {
      const { line } = token;
      token = this.scanner.next();
      const empty = token.type === "block-entry" || token.type === "block-end";
      node.children.push(empty ? emptyNode(line) : this.node(true, false));
      token = this.scanner.peek();
    }
    if (token.type !== "block-end") throw problem("did not find expected '-' indicator", token);
    this.scanner.skip();
    return node;
  }

  private indentlessSequence(node: Node): Node {
    for (let token = this.scanner.peek(); token.type === "block-entry"; token = this.scanner.peek()) {
      const { line } = token;
      token = this.scanner.next();
      const empty = token.type === "block-entry" || endsMappingNode(token.type);
      node.children.push(empty ? emptyNode(line) : this.node(true, false));
    }
    return node;
  }

  private blockMapping(node: Node): Node {
    let token = this.scanner.next();
    while (token.type === "key") {
      node.children.push(this.blockMappingNode(token));
      token = this.scanner.peek();
      node.children.push(token.type === "value" ? this.blockMappingNode(token) : emptyNode(token.line));
      token = this.scanner.peek();
    }
    if (token.type !== "block-end") throw problem("did not find expected key", token);
    this.scanner.skip();
    return node;
  }

  /** The key after a key token, or the value after a value token. */
  private blockMappingNode(token: Token): Node {
    const { line } = token;
    return endsMappingNode(this.scanner.next().type) ? emptyNode(line) : this.node(true, true);
  }

  private flowSequence(node: Node): Node {
    let token = this.scanner.next();
    while (token.type !== "flow-sequence-end") {
      if (token.type === "key") {
        node.children.push(this.flowPair(token));
      } else {
        node.children.push(this.node(false, false));
      }
      token = this.scanner.peek();
      if (token.type === "flow-entry") token = this.scanner.next();
      else if (token.type !== "flow-sequence-end") throw problem("did not find expected ',' or ']'", token);
    }
    this.scanner.skip();
    return node;
  }

  /** A mapping of one pair that stands in a flow sequence without braces. */
  private flowPair(key: Token): Node {
    const node = this.collection("mapping", key, undefined);
    let token = this.scanner.next();
    if (token.type === "value" || token.type === "flow-entry" || token.type === "flow-sequence-end") {
      // libyaml drops the token that stands in the key's place.
      node.children.push(emptyNode(token.line));
      this.scanner.skip();
    } else {
      node.children.push(this.node(false, false));
    }
    token = this.scanner.peek();
    if (token.type === "value") {
      token = this.scanner.next();
      if (token.type !== "flow-entry" && token.type !== "flow-sequence-end") {
        node.children.push(this.node(false, false));
        return node;
      }
    }
    node.children.push(emptyNode(token.line));
    return node;
  }

  private flowMapping(node: Node): Node {
    let token = this.scanner.next();
    while (token.type !== "flow-mapping-end") {
      if (token.type === "key") {
        token = this.scanner.next();
        node.children.push(endsFlowNode(token.type) ? emptyNode(token.line) : this.node(false, false));
        node.children.push(this.flowMappingValue());
      } else {
        node.children.push(this.node(false, false));
        node.children.push(emptyNode(this.scanner.peek().line));
      }
      token = this.scanner.peek();
      if (token.type === "flow-entry") token = this.scanner.next();
      else if (token.type !== "flow-mapping-end") throw problem("did not find expected ',' or '}'", token);
    }
    this.scanner.skip();
    return node;
  }

  private flowMappingValue(): Node {
    let token = this.scanner.peek();
    if (token.type !== "value") return emptyNode(token.line);
    token = this.scanner.next();
    const empty = token.type === "flow-entry" || token.type === "flow-mapping-end";
    return empty ? emptyNode(token.line) : this.node(false, false);
  }
}

function emptyNode(line: number): Node {
  return new Node("scalar", line + 1, "", "", true);
}

function isDocumentEnd(type: TokenType): boolean {
  return type === "directive" || type === "document-start" || type === "document-end" || type === "stream-end";
}

/** Whether nothing stands where a key or a value of a block mapping is expected. */
function endsMappingNode(type: TokenType): boolean {
  return type === "key" || type === "value" || type === "block-end";
}

function endsFlowNode(type: TokenType): boolean {
  return type === "value" || type === "flow-entry" || type === "flow-mapping-end";
}

/** Go's error for a token that is out of place; libyaml's parser counts its lines from 0 and names none for the first. */
function problem(words: string, token: Token): YamlError {
  return new YamlError(`yaml: ${token.line === 0 ? "" : `line ${token.line}: `}${words}`, token.line + 1);
}

/** A template's text to its trees, as Go's text/template/parse reads it, errors included. */
import { isStackOverflow } from "../error.ts";
import { quote } from "../format/quote.ts";
import type { Token } from "./lexer.ts";
import { type BranchNode, isEmpty, type ListNode, type StatementNode, type TemplateNode } from "./node.ts";
import { exact, PipelineParser } from "./pipeline.ts";

/** The bodies that a text defines, by name, its own included. */
export type Trees = Map<string, ListNode>;

/**
 * Parses `text` under `name`. `isFunction` tells the functions that it may call.
 *
 * Throws a {@link TemplateError}: `template: NAME:LINE: unexpected ...`.
 */
export function parse(name: string, text: string, isFunction: (name: string) => boolean): Trees {
  const parser = new Parser(name, text, isFunction);
  try {
    return parser.parse();
  } catch (error) {
    // Nesting that exhausts the stack; Go stops parentheses at a depth of 10000.
    if (isStackOverflow(error)) parser.fail("max expression depth exceeded", error);
    throw error;
  }
}

/** Parses what {@link parse} has accepted before. When the stack is exhausted, it says so. */
export function parseAgain(name: string, text: string, isFunction: (name: string) => boolean): Trees {
  return new Parser(name, text, isFunction).parse();
}

/** Ends a list: `{{end}}`, or `{{else}}` with what was found instead of its delimiter. */
type Terminator = { readonly kind: "end" | "else"; readonly at: number };

function isTerminator(node: StatementNode | Terminator): node is Terminator {
  return node.kind === "end" || node.kind === "else";
}

class Parser extends PipelineParser {
  private rangeDepth = 0;
  private readonly trees: Trees = new Map();

  parse(): Trees {
    const { at } = this.peek();
    const nodes: StatementNode[] = [];
    while (this.peek().type !== "EOF") {
      if (this.peek().type === "left") {
        const left = this.next();
        if (this.nextNonSpace().type === "define") {
          this.definition();
          continue;
        }
        this.backup2(left);
      }
      const node = this.textOrAction();
      if (isTerminator(node)) return this.fail(`unexpected {{${node.kind}}}`);
      nodes.push(node);
    }
    this.add(this.name, { kind: "list", at, nodes: exact(nodes) });
    return this.trees;
  }

  /** Adds a body, unless the text has one already: two are an error but when one of them is empty. */
  private add(name: string, list: ListNode): void {
    const before = this.trees.get(name);
    if (before === undefined || isEmpty(before)) this.trees.set(name, list);
    else if (!isEmpty(list)) this.fail(`template: multiple definition of template ${quote(name)}`);
  }

  private definition(): void {
    const token = this.nextNonSpace();
    if (token.type !== "string" && token.type !== "raw") this.unexpected(token, "define clause");
    const name = this.unquoted(token);
    this.expect("right", "define clause");
    this.body(name, "define clause");
  }

  /** A body of its own, which sees no variables from outside. */
  private body(name: string, context: string): void {
    const outer = [this.variables, this.rangeDepth, this.parenthesisDepth, this.actionStart] as const;
    [this.variables, this.rangeDepth, this.parenthesisDepth, this.actionStart] = [["$"], 0, 0, undefined];
    const [list, end] = this.itemList();
    if (end.kind !== "end") this.fail(`unexpected {{${end.kind}}} in ${context}`);
    this.add(name, list);
    [this.variables, this.rangeDepth, this.parenthesisDepth, this.actionStart] = outer;
  }

  private itemList(): [ListNode, Terminator] {
    const { at } = this.peekNonSpace();
    const nodes: StatementNode[] = [];
    while (this.peekNonSpace().type !== "EOF") {
      const node = this.textOrAction();
      if (isTerminator(node)) return [{ kind: "list", at, nodes: exact(nodes) }, node];
      nodes.push(node);
    }
    this.fail("unexpected EOF");
  }

  private textOrAction(): StatementNode | Terminator {
    const token = this.nextNonSpace();
    if (token.type === "text") return { kind: "text", at: token.at, text: token.text };
    if (token.type !== "left") this.unexpected(token, "input");
    this.actionStart = token;
    const node = this.action();
    this.actionStart = undefined;
    return node;
  }

  private action(): StatementNode | Terminator {
    const token = this.nextNonSpace();
    switch (token.type) {
      case "block":
        return this.block();
      case "break":
      case "continue":
        return this.jump(token, token.type);
      case "else":
        return this.else();
      case "end":
        return { kind: "end", at: this.expect("right", "end").at };
      case "if":
      case "range":
      case "with":
        return this.branch(token.type);
      case "template":
        return this.template();
    }
    this.backup();
    const { at } = this.peek();
    return { kind: "action", at, pipe: this.pipeline("command", "right") };
  }

  private jump(token: Token, kind: "break" | "continue"): StatementNode {
    const end = this.nextNonSpace();
    if (end.type !== "right") this.unexpected(end, `{{${kind}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at: token.at };
  }

  private else(): Terminator {
    const token = this.peekNonSpace();
    if (token.type === "if" || token.type === "with") return { kind: "else", at: token.at };
    return { kind: "else", at: this.expect("right", "else").at };
  }

  private branch(kind: "if" | "range" | "with"): BranchNode {
    const scope = this.variables.length;
    const pipe = this.pipeline(kind, "right");
    if (kind === "range") this.rangeDepth++;
    const [list, end] = this.itemList();
    if (kind === "range") this.rangeDepth--;
    let elseList: ListNode | undefined;
    if (end.kind === "else") {
      if (kind !== "range" && this.peek().type === kind) {
        // {{else if}} needs no {{end}} of its own.
        this.next();
        elseList = { kind: "list", at: end.at, nodes: [this.branch(kind)] };
      } else {
        let last: Terminator;
        [elseList, last] = this.itemList();
        if (last.kind !== "end") this.fail(`expected end; found {{${last.kind}}}`);
      }
    }
    this.variables.length = scope;
    return { kind, at: pipe.at, pipe, list, elseList };
  }

  private block(): TemplateNode {
    const token = this.nextNonSpace();
    const name = this.templateName(token, "block clause");
    const pipe = this.pipeline("block clause", "right");
    this.body(name, "block clause");
    return { kind: "template", at: token.at, name, pipe };
  }

  private template(): TemplateNode {
    const token = this.nextNonSpace();
    const name = this.templateName(token, "template clause");
    if (this.nextNonSpace().type === "right") return { kind: "template", at: token.at, name };
    this.backup();
    return { kind: "template", at: token.at, name, pipe: this.pipeline("template clause", "right") };
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "raw") this.unexpected(token, context);
    return this.unquoted(token);
  }
}

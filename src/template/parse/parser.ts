/** A template's text to its trees, as Go's text/template/parse reads it, errors included. */
import { isStackOverflow } from "../error.ts";
import { quote } from "../format/quote.ts";
import { sharedName } from "../names.ts";
import { TokenType } from "./token-type.ts";
import {
  type BranchNode,
  isEmpty,
  type JumpNode,
  Kind,
  type ListNode,
  type StatementNode,
  type TemplateNode,
  wordOf,
} from "./node.ts";
import { exact, PipelineParser } from "./pipeline.ts";
import type { Token } from "./tokens.ts";

/** A text, parsed. */
export interface Trees {
  /** The bodies that the text defines, by name, its own included. */
  readonly bodies: ReadonlyMap<string, ListNode>;
  /** All lists, by their numbers. */
  readonly lists: readonly ListNode[];
}

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

/** Ends a list: `{{end}}`, or `{{else}}`, where what stands in it instead of the delimiter is still to be read. */
interface Terminator {
  readonly kind: "end" | "else";
  readonly at: number;
}

function isTerminator(node: StatementNode | Terminator): node is Terminator {
  return node.kind === "end" || node.kind === "else";
}

class Parser extends PipelineParser {
  private rangeDepth = 0;
  private readonly bodies = new Map<string, ListNode>();
  private readonly lists: ListNode[] = [];

  parse(): Trees {
    const first = this.peek();
    const nodes: StatementNode[] = [];
    for (;;) {
      const token = this.peek();
      const type = this.typeOf(token);
      if (type === TokenType.EOF) break;
      if (type === TokenType.Left) {
        this.next();
        if (this.typeOf(this.nextNonSpace()) === TokenType.Define) {
          this.definition();
          continue;
        }
        this.backTo(token);
      }
      const node = this.textOrAction();
      if (isTerminator(node)) return this.fail(`unexpected {{${node.kind}}}`);
      nodes.push(node);
    }
    this.add(this.name, this.list(this.startOf(first), nodes));
    return { bodies: this.bodies, lists: this.lists };
  }

  private list(at: number, nodes: readonly StatementNode[]): ListNode {
    const list: ListNode = { kind: Kind.List, at, number: this.lists.length, nodes: exact(nodes) };
    this.lists.push(list);
    return list;
  }

  /** Adds a body, unless the text has one already: two are an error but when one of them is empty. */
  private add(name: string, list: ListNode): void {
    const before = this.bodies.get(name);
    if (before === undefined || isEmpty(before)) this.bodies.set(name, list);
    else if (!isEmpty(list)) this.fail(`template: multiple definition of template ${quote(name)}`);
  }

  private definition(): void {
    const name = this.templateName(this.nextNonSpace(), "define clause");
    this.expect(TokenType.Right, "define clause");
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
    const at = this.startOf(this.peekNonSpace());
    const nodes: StatementNode[] = [];
    while (this.typeOf(this.peekNonSpace()) !== TokenType.EOF) {
      const node = this.textOrAction();
      if (isTerminator(node)) return [this.list(at, nodes), node];
      nodes.push(node);
    }
    this.fail("unexpected EOF");
  }

  private textOrAction(): StatementNode | Terminator {
    const token = this.nextNonSpace();
    const type = this.typeOf(token);
    if (type === TokenType.Text) {
      return { kind: Kind.Text, at: this.startOf(token), text: this.lexer.textOf(token) };
    }
    if (type !== TokenType.Left) this.unexpected(token, "input");
    this.actionStart = token;
    const node = this.action();
    this.actionStart = undefined;
    return node;
  }

  private action(): StatementNode | Terminator {
    const token = this.nextNonSpace();
    switch (this.typeOf(token)) {
      case TokenType.Block:
        return this.block();
      case TokenType.Break:
        return this.jump(token, Kind.Break);
      case TokenType.Continue:
        return this.jump(token, Kind.Continue);
      case TokenType.Else:
        return this.else();
      case TokenType.End:
        return { kind: "end", at: this.startOf(this.expect(TokenType.Right, "end")) };
      case TokenType.If:
        return this.branch(Kind.If, TokenType.If);
      case TokenType.Range:
        return this.branch(Kind.Range, TokenType.Range);
      case TokenType.With:
        return this.branch(Kind.With, TokenType.With);
      case TokenType.Template:
        return this.template();
    }
    this.backTo(token);
    return { kind: Kind.Action, at: this.startOf(token), pipe: this.pipeline("command", TokenType.Right) };
  }

  private jump(token: Token, kind: JumpNode["kind"]): StatementNode {
    const end = this.nextNonSpace();
    const action = `{{${wordOf(kind)}}}`;
    if (this.typeOf(end) !== TokenType.Right) this.unexpected(end, action);
    if (this.rangeDepth === 0) this.fail(`${action} outside {{range}}`);
    return { kind, at: this.startOf(token) };
  }

  private else(): Terminator {
    const token = this.peekNonSpace();
    const type = this.typeOf(token);
    if (type === TokenType.If || type === TokenType.With) return { kind: "else", at: this.startOf(token) };
    return { kind: "else", at: this.startOf(this.expect(TokenType.Right, "else")) };
  }

  private branch(kind: BranchNode["kind"], keyword: TokenType): BranchNode {
    const scope = this.variables.length;
    const pipe = this.pipeline(wordOf(kind), TokenType.Right);
    if (kind === Kind.Range) this.rangeDepth++;
    const [list, end] = this.itemList();
    if (kind === Kind.Range) this.rangeDepth--;
    let elseList: ListNode | undefined;
    if (end.kind === "else") {
      if (kind !== Kind.Range && this.typeOf(this.peek()) === keyword) {
        // {{else if}} needs no {{end}} of its own.
        this.next();
        elseList = this.list(end.at, [this.branch(kind, keyword)]);
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
    const pipe = this.pipeline("block clause", TokenType.Right);
    this.body(name, "block clause");
    return { kind: Kind.Template, at: this.startOf(token), name, pipe };
  }

  private template(): TemplateNode {
    const token = this.nextNonSpace();
    const at = this.startOf(token);
    const name = this.templateName(token, "template clause");
    const next = this.peekNonSpace();
    if (this.typeOf(next) !== TokenType.Right) {
      return { kind: Kind.Template, at, name, pipe: this.pipeline("template clause", TokenType.Right) };
    }
    this.next();
    return { kind: Kind.Template, at, name };
  }

  private templateName(token: Token, context: string): string {
    const type = this.typeOf(token);
    if (type !== TokenType.String && type !== TokenType.Raw) this.unexpected(token, context);
    return sharedName(this.unquoted(token));
  }
}

/** Pipelines, commands and operands: what stands inside an action. */
import { isStackOverflow } from "../error.ts";
import { quote } from "../format/quote.ts";
import { TokenType } from "./token-type.ts";
import { parseNumber, unquote } from "./literal.ts";
import { type CommandNode, Kind, type OperandNode, type PipeNode, print, type VariableNode } from "./node.ts";
import { type Token, Tokens } from "./tokens.ts";

/** Go's limit for parentheses within parentheses. */
const maxDepth = 10000;

/** Reads pipelines and keeps the variables in scope. */
export class PipelineParser extends Tokens {
  /** The variables in scope, `$` first. */
  protected variables = ["$"];
  protected parenthesisDepth = 0;

  protected pipeline(context: string, end: TokenType): PipeNode {
    const at = this.startOf(this.peekNonSpace());
    const { variables, isAssign } = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.peekNonSpace();
      const type = this.typeOf(token);
      if (type === end) {
        this.next();
        this.checkPipeline(commands, context);
        return { kind: Kind.Pipe, at, variables, isAssign, commands: exact(commands) };
      }
      if (!startsOperand(type)) this.unexpected(token, context);
      commands.push(this.command());
    }
  }

  /** `$x :=`, `$x =`, and for range `$k, $v :=`. */
  private declarations(context: string): Pick<PipeNode, "variables" | "isAssign"> {
    if (this.typeOf(this.peekNonSpace()) !== TokenType.Variable) return undeclared;
    const variables: VariableNode[] = [];
    for (;;) {
      const variable = this.peekNonSpace();
      if (this.typeOf(variable) !== TokenType.Variable) break;
      this.next();
      // `$x foo` and `$x := foo` part only at the third token.
      const next = this.peekNonSpace();
      const type = this.typeOf(next);
      if (type === TokenType.Assign || type === TokenType.Declare) {
        this.next();
        variables.push(this.declare(variable));
        return { variables: exact(variables), isAssign: type === TokenType.Assign };
      }
      if (type === TokenType.Other && this.lexer.textOf(next) === ",") {
        this.next();
        variables.push(this.declare(variable));
        if (context !== "range" || variables.length >= 2) this.fail(`too many declarations in ${context}`);
        const after = this.typeOf(this.peekNonSpace());
        if (
          after === TokenType.Variable || after === TokenType.Right || after === TokenType.CloseParenthesis
        ) continue;
        this.fail("range can only initialize variables");
      }
      this.backTo(variable);
      break;
    }
    return variables.length === 0 ? undeclared : { variables: exact(variables), isAssign: false };
  }

  private declare(token: Token): VariableNode {
    const name = this.nameOf(token);
    this.variables.push(name);
    return { kind: Kind.Variable, at: this.startOf(token), name, fields: none };
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    for (let i = 1; i < commands.length; i++) {
      switch (commands[i].args[0].kind) {
        case Kind.Bool:
        case Kind.Dot:
        case Kind.Nil:
        case Kind.Number:
        case Kind.String:
          this.fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  private command(): CommandNode {
    const at = this.startOf(this.peekNonSpace());
    const args: OperandNode[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.peek();
      const type = this.typeOf(token);
      if (type === TokenType.Right || type === TokenType.CloseParenthesis) break;
      this.next();
      if (type === TokenType.Space) continue;
      if (type !== TokenType.Pipe) this.unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.fail("empty command");
    return { kind: Kind.Command, at, args: exact(args) };
  }

  private operand(): OperandNode | undefined {
    const node = this.term();
    if (node === undefined) return undefined;
    const first = this.peek();
    if (this.typeOf(first) !== TokenType.Field) return node;
    const at = this.startOf(first);
    const names: string[] = [];
    while (this.typeOf(this.peek()) === TokenType.Field) names.push(this.nameOf(this.next(), 1));
    switch (node.kind) {
      case Kind.Field:
        return { kind: Kind.Field, at, names: node.names.concat(names) };
      case Kind.Variable:
        return { kind: Kind.Variable, at, name: node.name, fields: exact(names) };
      case Kind.Pipe:
      case Kind.Identifier:
        return { kind: Kind.Chain, at, node, names: exact(names) };
    }
    this.fail(`unexpected . after term ${quote(print(node))}`);
  }

  private term(): OperandNode | undefined {
    const token = this.peekNonSpace();
    const type = this.typeOf(token);
    if (!startsOperand(type)) return undefined;
    this.next();
    const at = this.startOf(token);
    switch (type) {
      case TokenType.Identifier: {
        const name = this.nameOf(token);
        if (!this.isFunction(name)) this.fail(`function ${quote(name)} not defined`);
        return { kind: Kind.Identifier, at, name };
      }
      case TokenType.Dot:
        return { kind: Kind.Dot, at };
      case TokenType.Nil:
        return { kind: Kind.Nil, at };
      case TokenType.Variable:
        return this.variable(token);
      case TokenType.Field:
        return { kind: Kind.Field, at, names: [this.nameOf(token, 1)] };
      case TokenType.Bool:
        return { kind: Kind.Bool, at, value: this.lexer.textOf(token) === "true" };
      case TokenType.OpenParenthesis:
        return this.parenthesized();
      case TokenType.String:
      case TokenType.Raw:
        return { kind: Kind.String, at, quoted: this.lexer.textOf(token), value: this.unquoted(token) };
      default:
        return this.literal(() => parseNumber(at, this.lexer.textOf(token), type));
    }
  }

  private parenthesized(): PipeNode {
    if (this.parenthesisDepth >= maxDepth) this.fail("max expression depth exceeded");
    this.parenthesisDepth++;
    const pipe = this.pipeline("parenthesized pipeline", TokenType.CloseParenthesis);
    this.parenthesisDepth--;
    return pipe;
  }

  private variable(token: Token): VariableNode {
    const name = this.nameOf(token);
    if (!this.variables.includes(name)) this.fail(`undefined variable ${quote(name)}`);
    return { kind: Kind.Variable, at: this.startOf(token), name, fields: none };
  }

  protected unquoted(token: Token): string {
    return this.literal(() => unquote(this.lexer.textOf(token)));
  }

  /** A literal, or what is wrong with it as an error of the text. */
  private literal<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      return this.fail((error as Error).message);
    }
  }
}

const none: readonly never[] = [];

const undeclared = { variables: none, isAssign: false } as const;

/** A list in as little memory as it needs: one that grew by push has room to spare. */
export function exact<T>(list: readonly T[]): readonly T[] {
  switch (list.length) {
    case 0:
      return none;
    case 1:
      return [list[0]];
    case 2:
      return [list[0], list[1]];
  }
  return list.slice();
}

const startsOperand = (type: TokenType) => type >= TokenType.OpenParenthesis && type <= TokenType.Nil;

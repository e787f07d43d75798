/** Pipelines, commands and operands: what stands inside an action. */
import { isStackOverflow } from "../error.ts";
import { quote } from "../format/quote.ts";
import type { Token, TokenType } from "./lexer.ts";
import { parseNumber, unquote } from "./literal.ts";
import { type CommandNode, type OperandNode, type PipeNode, print, type VariableNode } from "./node.ts";
import { Tokens } from "./tokens.ts";

/** Go's limit for parentheses within parentheses. */
const maxDepth = 10000;

/** Reads pipelines and keeps the variables in scope. */
export class PipelineParser extends Tokens {
  /** The variables in scope, `$` first. */
  protected variables = ["$"];
  protected parenthesisDepth = 0;
  private readonly names = new Map<string, string>();

  protected pipeline(context: string, end: TokenType): PipeNode {
    const { at } = this.peekNonSpace();
    const { variables, isAssign } = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.nextNonSpace();
      if (token.type === end) {
        this.checkPipeline(commands, context);
        return { kind: "pipe", at, variables, isAssign, commands: exact(commands) };
      }
      if (!startsOperand(token)) this.unexpected(token, context);
      this.backup();
      commands.push(this.command());
    }
  }

  /** `$x :=`, `$x =`, and for range `$k, $v :=`. */
  private declarations(context: string): Pick<PipeNode, "variables" | "isAssign"> {
    const variables: VariableNode[] = [];
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.type !== "variable") break;
      this.next();
      // `$x foo` and `$x := foo` part only at the third token.
      const after = this.peek();
      const next = this.peekNonSpace();
      if (next.type === "=" || next.type === ":=") {
        this.nextNonSpace();
        variables.push(this.declare(variable));
        return { variables: exact(variables), isAssign: next.type === "=" };
      }
      if (next.type === "other" && next.text === ",") {
        this.nextNonSpace();
        variables.push(this.declare(variable));
        if (context !== "range" || variables.length >= 2) this.fail(`too many declarations in ${context}`);
        const { type } = this.peekNonSpace();
        if (type === "variable" || type === "right" || type === ")") continue;
        this.fail("range can only initialize variables");
      }
      if (after.type === "space") this.backup3(variable, after);
      else this.backup2(variable);
      break;
    }
    return { variables: exact(variables), isAssign: false };
  }

  private declare({ at, text }: Token): VariableNode {
    this.variables.push(text);
    return { kind: "variable", at, name: this.shared(text), fields: none };
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.forEach((command, i) => {
      const { kind } = command.args[0];
      const constant = kind === "bool" || kind === "dot" || kind === "nil" || kind === "number" || kind === "string";
      if (i > 0 && constant) this.fail(`non executable command in pipeline stage ${i + 1}`);
    });
  }

  private command(): CommandNode {
    const { at } = this.peekNonSpace();
    const args: OperandNode[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.next();
      if (token.type === "space") continue;
      if (token.type === "right" || token.type === ")") this.backup();
      else if (token.type !== "|") this.unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.fail("empty command");
    return { kind: "command", at, args: exact(args) };
  }

  private operand(): OperandNode | undefined {
    const node = this.term();
    if (node === undefined || this.peek().type !== "field") return node;
    const { at } = this.peek();
    const names: string[] = [];
    while (this.peek().type === "field") names.push(this.shared(this.next().text.slice(1)));
    switch (node.kind) {
      case "field":
        return { kind: "field", at, names: [...node.names, ...names] };
      case "variable":
        return { ...node, at, fields: [...node.fields, ...names] };
      case "pipe":
      case "identifier":
        return { kind: "chain", at, node, names: exact(names) };
    }
    this.fail(`unexpected . after term ${quote(print(node))}`);
  }

  private term(): OperandNode | undefined {
    const token = this.nextNonSpace();
    const { type, at, text } = token;
    switch (type) {
      case "identifier":
        if (!this.isFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { kind: "identifier", at, name: this.shared(text) };
      case ".":
        return { kind: "dot", at };
      case "nil":
        return { kind: "nil", at };
      case "variable":
        return this.variable(token);
      case "field":
        return { kind: "field", at, names: [this.shared(text.slice(1))] };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "char":
      case "complex":
      case "number":
        return this.literal(() => parseNumber(at, text, type));
      case "(":
        return this.parenthesized();
      case "string":
      case "raw":
        return { kind: "string", at, quoted: text, value: this.unquoted(token) };
    }
    this.backup();
    return undefined;
  }

  /** One string for all equal names: they are many, and few. */
  private shared(name: string): string {
    const known = this.names.get(name);
    if (known === undefined) this.names.set(name, name);
    return known ?? name;
  }

  private parenthesized(): PipeNode {
    if (this.parenthesisDepth >= maxDepth) this.fail("max expression depth exceeded");
    this.parenthesisDepth++;
    const pipe = this.pipeline("parenthesized pipeline", ")");
    this.parenthesisDepth--;
    return pipe;
  }

  private variable({ at, text }: Token): VariableNode {
    if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`);
    return { kind: "variable", at, name: this.shared(text), fields: none };
  }

  protected unquoted(token: Token): string {
    return this.literal(() => unquote(token.text));
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

/** A list in as little memory as it needs: one that grew by push has room to spare. */
export function exact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice();
}

function startsOperand({ type }: Token): boolean {
  switch (type) {
    case "bool":
    case "char":
    case "complex":
    case ".":
    case "field":
    case "identifier":
    case "number":
    case "nil":
    case "raw":
    case "string":
    case "variable":
    case "(":
      return true;
  }
  return false;
}

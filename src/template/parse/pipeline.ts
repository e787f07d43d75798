/** Pipelines, commands and operands: what stands inside an action. */
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

  protected pipeline(context: string, end: TokenType): PipeNode {
    const pipe: PipeNode = {
      kind: "pipe",
      at: this.peekNonSpace().at,
      variables: [],
      isAssign: false,
      commands: [],
    };
    this.declarations(pipe, context);
    for (;;) {
      const token = this.nextNonSpace();
      if (token.type === end) {
        this.checkPipeline(pipe, context);
        return pipe;
      }
      if (!startsOperand(token)) this.unexpected(token, context);
      this.backup();
      pipe.commands.push(this.command());
    }
  }

  /** `$x :=`, `$x =`, and for range `$k, $v :=`. */
  private declarations(pipe: PipeNode, context: string): void {
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.type !== "variable") return;
      this.next();
      // `$x foo` and `$x := foo` part only at the third token.
      const after = this.peek();
      const next = this.peekNonSpace();
      if (next.type === "=" || next.type === ":=") {
        pipe.isAssign = next.type === "=";
        this.nextNonSpace();
        this.declare(pipe, variable);
        return;
      }
      if (next.type === "other" && next.text === ",") {
        this.nextNonSpace();
        this.declare(pipe, variable);
        if (context !== "range" || pipe.variables.length >= 2) this.fail(`too many declarations in ${context}`);
        const { type } = this.peekNonSpace();
        if (type === "variable" || type === "right" || type === ")") continue;
        this.fail("range can only initialize variables");
      }
      if (after.type === "space") this.backup3(variable, after);
      else this.backup2(variable);
      return;
    }
  }

  private declare(pipe: PipeNode, { at, text }: Token): void {
    pipe.variables.push({ kind: "variable", at, name: text, fields: [] });
    this.variables.push(text);
  }

  private checkPipeline(pipe: PipeNode, context: string): void {
    if (pipe.commands.length === 0) this.fail(`missing value for ${context}`);
    pipe.commands.forEach((command, i) => {
      const { kind } = command.args[0];
      const constant = kind === "bool" || kind === "dot" || kind === "nil" || kind === "number" || kind === "string";
      if (i > 0 && constant) this.fail(`non executable command in pipeline stage ${i + 1}`);
    });
  }

  private command(): CommandNode {
    const command: CommandNode = { kind: "command", at: this.peekNonSpace().at, args: [] };
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) command.args.push(operand);
      const token = this.next();
      if (token.type === "space") continue;
      if (token.type === "right" || token.type === ")") this.backup();
      else if (token.type !== "|") this.unexpected(token, "operand");
      break;
    }
    if (command.args.length === 0) this.fail("empty command");
    return command;
  }

  private operand(): OperandNode | undefined {
    const node = this.term();
    if (node === undefined || this.peek().type !== "field") return node;
    const { at } = this.peek();
    const names: string[] = [];
    while (this.peek().type === "field") names.push(this.next().text.slice(1));
    switch (node.kind) {
      case "field":
        return { kind: "field", at, names: [...node.names, ...names] };
      case "variable":
        return { ...node, at, fields: [...node.fields, ...names] };
      case "pipe":
      case "identifier":
        return { kind: "chain", at, node, names };
    }
    this.fail(`unexpected . after term ${quote(print(node))}`);
  }

  private term(): OperandNode | undefined {
    const token = this.nextNonSpace();
    const { at, text } = token;
    switch (token.type) {
      case "identifier":
        if (!this.isFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { kind: "identifier", at, name: text };
      case ".":
        return { kind: "dot", at };
      case "nil":
        return { kind: "nil", at };
      case "variable":
        return this.variable(token);
      case "field":
        return { kind: "field", at, names: [text.slice(1)] };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "char":
      case "complex":
      case "number":
        try {
          return parseNumber(at, text, token.type);
        } catch (error) {
          return this.fail((error as Error).message);
        }
      case "(":
        return this.parenthesized();
      case "string":
      case "raw":
        return { kind: "string", at, quoted: text, value: this.unquoted(token) };
    }
    this.backup();
    return undefined;
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
    return { kind: "variable", at, name: text, fields: [] };
  }

  protected unquoted(token: Token): string {
    try {
      return unquote(token.text);
    } catch (error) {
      this.fail((error as Error).message);
    }
  }
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

/** The parts of a parsed template, and how error messages print them. */
import { quote } from "../format/quote.ts";

/** `at` is where the node starts in the text that was parsed, in UTF-16 units. */
interface At {
  readonly at: number;
}

export interface ListNode extends At {
  readonly kind: "list";
  readonly nodes: readonly StatementNode[];
}
export interface TextNode extends At {
  readonly kind: "text";
  readonly text: string;
}
export interface ActionNode extends At {
  readonly kind: "action";
  readonly pipe: PipeNode;
}
export interface BranchNode extends At {
  readonly kind: "if" | "with" | "range";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList?: ListNode;
}
export interface TemplateNode extends At {
  readonly kind: "template";
  readonly name: string;
  readonly pipe?: PipeNode;
}
export interface JumpNode extends At {
  readonly kind: "break" | "continue";
}
/** What a list holds. */
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

export interface PipeNode extends At {
  readonly kind: "pipe";
  /** Variables declared, or assigned to. */
  readonly variables: readonly VariableNode[];
  readonly isAssign: boolean;
  readonly commands: readonly CommandNode[];
}
export interface CommandNode extends At {
  readonly kind: "command";
  readonly args: readonly OperandNode[];
}
export interface FieldNode extends At {
  readonly kind: "field";
  readonly names: readonly string[];
}
export interface VariableNode extends At {
  readonly kind: "variable";
  /** With the `$`. */
  readonly name: string;
  readonly fields: readonly string[];
}
/** `(pipeline).x.y`, or a function without arguments and its fields. */
export interface ChainNode extends At {
  readonly kind: "chain";
  readonly node: PipeNode | IdentifierNode;
  readonly names: readonly string[];
}
export interface IdentifierNode extends At {
  readonly kind: "identifier";
  readonly name: string;
}
export interface DotNode extends At {
  readonly kind: "dot";
}
export interface NilNode extends At {
  readonly kind: "nil";
}
export interface BoolNode extends At {
  readonly kind: "bool";
  readonly value: boolean;
}
export interface StringNode extends At {
  readonly kind: "string";
  readonly quoted: string;
  readonly value: string;
}
/** A number with every meaning that its spelling allows. */
export interface NumberNode extends At {
  readonly kind: "number";
  readonly text: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly real: number; readonly imaginary: number };
}
/** What a command is made of. */
export type OperandNode =
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | PipeNode
  | DotNode
  | NilNode
  | BoolNode
  | StringNode
  | NumberNode;

export type Node = ListNode | StatementNode | CommandNode | OperandNode;

/** The node as Go prints it in error messages. */
export function print(node: Node): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(print).join("");
    case "text":
      return node.text;
    case "action":
      return `{{${print(node.pipe)}}}`;
    case "if":
    case "with":
    case "range": {
      const otherwise = node.elseList === undefined ? "" : `{{else}}${print(node.elseList)}`;
      return `{{${node.kind} ${print(node.pipe)}}}${print(node.list)}${otherwise}{{end}}`;
    }
    case "template":
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${print(node.pipe)}`}}}`;
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "pipe": {
      const variables = node.variables.map(print).join(", ");
      const assigned = variables === "" ? "" : `${variables} ${node.isAssign ? "=" : ":="} `;
      return assigned + node.commands.map(print).join(" | ");
    }
    case "command":
      return node.args.map(printOperand).join(" ");
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "variable":
      return [node.name, ...node.fields].join(".");
    case "chain":
      return printOperand(node.node) + node.names.map((name) => `.${name}`).join("");
    case "identifier":
      return node.name;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "string":
      return node.quoted;
    case "number":
      return node.text;
  }
}

function printOperand(node: OperandNode): string {
  return node.kind === "pipe" ? `(${print(node)})` : print(node);
}

/** Whether a body holds nothing but space; comments leave no nodes. Such a body never replaces another. */
export function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) =>
    node.kind === "text" &&
    /^[\t\n\v\f\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(node.text)
  );
}

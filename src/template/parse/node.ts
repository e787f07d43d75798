/** The parts of a parsed template, and how error messages print them. */
import { quote } from "../format/quote.ts";

/** What a node is. */
export const enum Kind {
  List,
  Text,
  Action,
  If,
  With,
  Range,
  Template,
  Break,
  Continue,
  Pipe,
  Command,
  Field,
  Variable,
  Chain,
  Identifier,
  Dot,
  Nil,
  Bool,
  String,
  Number,
}

/** How many kinds of nodes there are. */
export const kinds = Kind.Number + 1;

/** `at` is where the node starts in the text that was parsed, in UTF-16 units. */
interface At {
  readonly at: number;
}

export interface ListNode extends At {
  readonly kind: Kind.List;
  /** Counted from 0, in the order in which the lists of a text end. */
  readonly number: number;
  readonly nodes: readonly StatementNode[];
}
export interface TextNode extends At {
  readonly kind: Kind.Text;
  readonly text: string;
}
export interface ActionNode extends At {
  readonly kind: Kind.Action;
  readonly pipe: PipeNode;
}
export interface BranchNode extends At {
  readonly kind: Kind.If | Kind.With | Kind.Range;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList?: ListNode;
}
export interface TemplateNode extends At {
  readonly kind: Kind.Template;
  readonly name: string;
  readonly pipe?: PipeNode;
}
export interface JumpNode extends At {
  readonly kind: Kind.Break | Kind.Continue;
}
/** What a list holds. */
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

export interface PipeNode extends At {
  readonly kind: Kind.Pipe;
  /** Variables declared, or assigned to. */
  readonly variables: readonly VariableNode[];
  readonly isAssign: boolean;
  readonly commands: readonly CommandNode[];
}
export interface CommandNode extends At {
  readonly kind: Kind.Command;
  readonly args: readonly OperandNode[];
}
export interface FieldNode extends At {
  readonly kind: Kind.Field;
  readonly names: readonly string[];
}
export interface VariableNode extends At {
  readonly kind: Kind.Variable;
  /** With the `$`. */
  readonly name: string;
  readonly fields: readonly string[];
}
/** `(pipeline).x.y`, or a function without arguments and its fields. */
export interface ChainNode extends At {
  readonly kind: Kind.Chain;
  readonly node: PipeNode | IdentifierNode;
  readonly names: readonly string[];
}
export interface IdentifierNode extends At {
  readonly kind: Kind.Identifier;
  readonly name: string;
}
export interface DotNode extends At {
  readonly kind: Kind.Dot;
}
export interface NilNode extends At {
  readonly kind: Kind.Nil;
}
export interface BoolNode extends At {
  readonly kind: Kind.Bool;
  readonly value: boolean;
}
export interface StringNode extends At {
  readonly kind: Kind.String;
  readonly quoted: string;
  readonly value: string;
}
/** A number with every meaning that its spelling allows. */
export interface NumberNode extends At {
  readonly kind: Kind.Number;
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
    case Kind.List:
      return node.nodes.map(print).join("");
    case Kind.Text:
      return node.text;
    case Kind.Action:
      return `{{${print(node.pipe)}}}`;
    case Kind.If:
    case Kind.With:
    case Kind.Range: {
      const otherwise = node.elseList === undefined ? "" : `{{else}}${print(node.elseList)}`;
      return `{{${wordOf(node.kind)} ${print(node.pipe)}}}${print(node.list)}${otherwise}{{end}}`;
    }
    case Kind.Template:
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${print(node.pipe)}`}}}`;
    case Kind.Break:
    case Kind.Continue:
      return `{{${wordOf(node.kind)}}}`;
    case Kind.Pipe: {
      const variables = node.variables.map(print).join(", ");
      const assigned = variables === "" ? "" : `${variables} ${node.isAssign ? "=" : ":="} `;
      return assigned + node.commands.map(print).join(" | ");
    }
    case Kind.Command:
      return node.args.map(printOperand).join(" ");
    case Kind.Field:
      return node.names.map((name) => `.${name}`).join("");
    case Kind.Variable:
      return [node.name, ...node.fields].join(".");
    case Kind.Chain:
      return printOperand(node.node) + node.names.map((name) => `.${name}`).join("");
    case Kind.Identifier:
      return node.name;
    case Kind.Dot:
      return ".";
    case Kind.Nil:
      return "nil";
    case Kind.Bool:
      return String(node.value);
    case Kind.String:
      return node.quoted;
    case Kind.Number:
      return node.text;
  }
}

/** The keyword of a statement. */
export function wordOf(kind: Kind.If | Kind.With | Kind.Range | Kind.Break | Kind.Continue): string {
  switch (kind) {
    case Kind.If:
      return "if";
    case Kind.With:
      return "with";
    case Kind.Range:
      return "range";
    case Kind.Break:
      return "break";
    case Kind.Continue:
      return "continue";
  }
}

function printOperand(node: OperandNode): string {
  return node.kind === Kind.Pipe ? `(${print(node)})` : print(node);
}

/** Whether a body holds nothing but space; comments leave no nodes. Such a body never replaces another. */
export function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) =>
    node.kind === Kind.Text &&
    /^[\t\n\v\f\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(node.text)
  );
}

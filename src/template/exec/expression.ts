/** Pipelines and the values they are made of. */
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Node,
  OperandNode,
  PipeNode,
  VariableNode,
} from "../parse/node.ts";
import { print } from "../parse/node.ts";
import { constant } from "./argument.ts";
import { functionCall, lastOf, methodCall, type Operands, operandsOf } from "./call.ts";
import { FieldReader, type Holder } from "./field.ts";
import { type Eval, fail, type Frame, type Value } from "./run.ts";
import type { Code, Scope } from "./scope.ts";

/** A pipeline; its variables are declared in the scope and set when it is evaluated. */
export function pipeline(scope: Scope, pipe: PipeNode): Code {
  let code = command(scope, pipe.commands[0], undefined, pipe);
  for (const next of pipe.commands.slice(1)) code = command(scope, next, code, code.last);
  if (pipe.variables.length === 0) return code;
  const { eval: evaluate, last } = code;
  const slots = pipe.variables.map(({ name }) => pipe.isAssign ? scope.assign(name)?.slot : scope.declare(name));
  const set = (frame: Frame, value: Value) => {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i];
      if (slot === undefined) fail(frame, last, `undefined variable: ${pipe.variables[i].name}`);
      frame.slots[slot] = value;
    }
    return value;
  };
  const [slot] = slots;
  if (slots.length === 1 && slot !== undefined) {
    return { eval: (frame, dot) => frame.slots[slot] = evaluate(frame, dot) ?? undefined, last };
  }
  return { eval: (frame, dot) => set(frame, evaluate(frame, dot) ?? undefined), last };
}

/** As {@link pipeline}, where nil in an interface has become no value. */
export function pipelineValue(scope: Scope, pipe: PipeNode): Code {
  const { eval: evaluate, last } = pipeline(scope, pipe);
  return { eval: (frame, dot) => evaluate(frame, dot) ?? undefined, last };
}

/** A command; `final` is what the pipeline passes to it, `before` where Go stands before it. */
function command(scope: Scope, node: CommandNode, final: Code | undefined, before: Node | undefined): Code {
  const [first] = node.args;
  const hasArguments = node.args.length > 1 || final !== undefined;
  switch (first.kind) {
    case "field":
      return field(scope, first, operandsOf(scope, node.args, final));
    case "chain":
      return chain(scope, first, operandsOf(scope, node.args, final));
    case "identifier":
      return functionCall(first, node, scope.callee(first.name), operandsOf(scope, node.args, final));
    case "pipe":
      if (hasArguments) return refused(first, final, before);
      return pipelineValue(scope, first);
    case "variable":
      return variable(scope, first, operandsOf(scope, node.args, final));
  }
  if (hasArguments) return refused(first, final, first);
  if (first.kind === "dot") return { eval: (_, dot) => dot, last: first };
  if (first.kind === "nil") return { eval: (frame) => fail(frame, first, "nil is not a command"), last: first };
  return { eval: constant(first), last: first };
}

/** A command that is given arguments but takes none. */
function refused(node: OperandNode, final: Code | undefined, place: Node | undefined): Code {
  const text = print(node);
  const evaluate: Eval = (frame, dot) => {
    final?.eval(frame, dot);
    return fail(frame, place, `can't give argument to non-function ${text}`);
  };
  return { eval: evaluate, last: place };
}

const none: Operands = { args: [], final: undefined };

/** An argument that is not a literal; undefined for a literal. */
export function operand(scope: Scope, node: OperandNode): Code | undefined {
  switch (node.kind) {
    case "field":
      return field(scope, node, none);
    case "variable":
      return variable(scope, node, none);
    case "pipe":
      return pipelineValue(scope, node);
    case "identifier":
      return nullary(scope, node);
    case "chain":
      return chain(scope, node, none);
  }
  return undefined;
}

/** A function that is called without arguments, where a value is expected. */
function nullary(scope: Scope, node: IdentifierNode): Code {
  return functionCall(node, node, scope.callee(node.name), none);
}

function field(scope: Scope, node: FieldNode, operands: Operands): Code {
  return fields(scope, node, node, { eval: (_, dot) => dot, last: node }, scope.dot, node.names, operands);
}

function variable(scope: Scope, node: VariableNode, operands: Operands): Code {
  const found = scope.find(node.name);
  if (found === undefined) {
    return { eval: (frame) => fail(frame, node, `undefined variable: ${node.name}`), last: node };
  }
  const { slot } = found;
  const code: Code = { eval: (frame) => frame.slots[slot], last: node };
  if (node.fields.length > 0) return fields(scope, node, node, code, found.holder, node.fields, operands);
  if (operands.args.length > 0 || operands.final !== undefined) return refused(node, operands.final, node);
  return code;
}

function chain(scope: Scope, node: ChainNode, operands: Operands): Code {
  const inner = node.node.kind === "pipe" ? pipelineValue(scope, node.node) : nullary(scope, node.node);
  return fields(scope, node, inner.last, inner, undefined, node.names, operands);
}

/** `base.x.y`, possibly with arguments for a method y. `place` is the node that errors name. */
function fields(
  scope: Scope,
  node: Node,
  place: Node | undefined,
  base: Code,
  holder: Holder,
  names: readonly string[],
  operands: Operands,
): Code {
  const reader = new FieldReader(place, scope.missingKey, (name) => methodCall(node, place, name, none));
  const start = base.eval;
  if (operands.args.length > 0 || operands.final !== undefined) {
    return methodWithArguments(node, place, start, holder, names, reader, operands);
  }
  if (names.length === 1) {
    const [name] = names;
    return { eval: (frame, dot) => reader.get(frame, dot, start(frame, dot), name, holder), last: place };
  }
  const evaluate: Eval = (frame, dot) => {
    let value = start(frame, dot);
    let from = holder;
    for (let i = 0; i < names.length; i++) {
      const next = reader.get(frame, dot, value, names[i], from);
      from = value;
      value = next;
    }
    return value;
  };
  return { eval: evaluate, last: place };
}

function methodWithArguments(
  node: Node,
  place: Node | undefined,
  start: Eval,
  holder: Holder,
  names: readonly string[],
  reader: FieldReader,
  operands: Operands,
): Code {
  const end = names.length - 1;
  const final = operands.final;
  // The value of the pipeline is evaluated before the receiver, so the call gets it ready made.
  let piped: Value;
  const ready = final && { eval: () => piped, last: final.last };
  const call = methodCall(node, place, names[end], { args: operands.args, final: ready });
  const evaluate: Eval = (frame, dot) => {
    const passed = final?.eval(frame, dot);
    let value = start(frame, dot);
    let from = holder;
    for (let i = 0; i < end; i++) {
      const next = reader.get(frame, dot, value, names[i], from);
      from = value;
      value = next;
    }
    piped = passed;
    return reader.read(frame, dot, value, names[end], from, call);
  };
  return { eval: evaluate, last: lastOf(operands, place ?? node) };
}

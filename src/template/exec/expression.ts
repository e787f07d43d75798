/** Pipelines and the values they are made of. */
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  OperandNode,
  PipeNode,
  VariableNode,
} from "../parse/node.ts";
import { Kind, print } from "../parse/node.ts";
import { constant } from "./argument.ts";
import { failingAfter, functionCall, lastOf, methodCall, nothing, type Operands, operandsOf } from "./call.ts";
import { FieldReader, fieldsOfDot } from "./field.ts";
import { type Place, placeOf } from "./place.ts";
import { type Eval, proceed, type Statement, type Value } from "./run.ts";
import type { Code, Scope, Variable } from "./scope.ts";

/** A pipeline; its variable is declared in the scope and set when it is evaluated. Loops set theirs themselves. */
export function pipeline(scope: Scope, pipe: PipeNode): Code {
  const code = commands(scope, pipe);
  if (pipe.variables.length === 0) return code;
  const target = targetOf(scope, pipe);
  if (target === undefined) return undeclared(pipe, code);
  return { eval: setting(target, code.eval), last: code.last };
}

/** A pipeline that does nothing but declare or set its variable. */
export function declaration(scope: Scope, pipe: PipeNode): Statement {
  const code = commands(scope, pipe);
  const target = targetOf(scope, pipe);
  if (target === undefined) return undeclared(pipe, code).eval;
  return declaring(target, code.eval);
}

function commands(scope: Scope, pipe: PipeNode): Code {
  let code = command(scope, pipe.commands[0], undefined, placeOf(pipe));
  for (let i = 1; i < pipe.commands.length; i++) code = command(scope, pipe.commands[i], code, code.last);
  return code;
}

function targetOf(scope: Scope, { variables: [{ name }], isAssign }: PipeNode): Variable | undefined {
  return isAssign ? scope.find(name) : scope.declare(name);
}

function undeclared({ variables: [{ name }] }: PipeNode, code: Code): Code {
  return failingAfter(code, code.last, `undefined variable: ${name}`);
}

function declaring(variable: Variable, evaluate: Eval): Statement {
  const set = setting(variable, evaluate);
  return (frame, dot) => {
    set(frame, dot);
    return proceed;
  };
}

/** Sets a variable to a value of its own. */
function setting({ slot, holder: { collection } }: Variable, evaluate: Eval): Eval {
  return (frame, dot) => {
    const value = evaluate(frame, dot) ?? undefined;
    if (collection !== undefined) (frame.taken ??= new Map()).set(slot, undefined);
    else frame.taken?.delete(slot);
    return frame.slots[slot] = value;
  };
}

/** As {@link pipeline}, where nil in an interface has become no value. */
export function pipelineValue(scope: Scope, pipe: PipeNode): Code {
  const code = pipeline(scope, pipe);
  return code.neverNil ? code : { eval: present(code.eval), last: code.last };
}

function present(evaluate: Eval): Eval {
  return (frame, dot) => evaluate(frame, dot) ?? undefined;
}

/** A command; `final` is what the pipeline passes to it, `before` where Go stands before it. */
function command(scope: Scope, node: CommandNode, final: Code | undefined, before: Place | undefined): Code {
  const first = node.args[0];
  const hasArguments = node.args.length > 1 || final !== undefined;
  switch (first.kind) {
    case Kind.Field:
      return field(scope, first, operandsOf(scope, node.args, final));
    case Kind.Chain:
      return chain(scope, first, operandsOf(scope, node.args, final));
    case Kind.Identifier:
      return functionCall(
        placeOf(first),
        placeOf(node),
        scope.source.callee(first.name),
        operandsOf(scope, node.args, final),
      );
    case Kind.Pipe:
      if (hasArguments) return refused(first, final, before);
      return pipelineValue(scope, first);
    case Kind.Variable:
      return variable(scope, first, operandsOf(scope, node.args, final));
  }
  const place = placeOf(first);
  if (hasArguments) return refused(first, final, place);
  if (first.kind === Kind.Dot) return { eval: theDot, last: place };
  if (first.kind === Kind.Nil) return failingAfter(undefined, place, "nil is not a command");
  return { eval: constant(first), last: place };
}

/** Evaluates the dot. */
export const theDot: Eval = (_, dot) => dot;

/** A command that is given arguments but takes none. */
function refused(node: OperandNode, final: Code | undefined, place: Place | undefined): Code {
  return failingAfter(final, place, `can't give argument to non-function ${print(node)}`);
}

/** An argument that is not a literal; undefined for a literal. */
export function operand(scope: Scope, node: OperandNode): Code | undefined {
  switch (node.kind) {
    case Kind.Field:
      return field(scope, node, nothing);
    case Kind.Variable:
      return variable(scope, node, nothing);
    case Kind.Pipe:
      return pipelineValue(scope, node);
    case Kind.Identifier:
      return nullary(scope, node);
    case Kind.Chain:
      return chain(scope, node, nothing);
  }
  return undefined;
}

/** A function that is called without arguments, where a value is expected. */
function nullary(scope: Scope, node: IdentifierNode): Code {
  const place = placeOf(node);
  return functionCall(place, place, scope.source.callee(node.name), nothing);
}

function field(scope: Scope, node: FieldNode, operands: Operands): Code {
  const place = placeOf(node);
  if (scope.dot === undefined && operands === nothing) {
    const evaluate = fieldsOfDot(place, node.names);
    if (evaluate !== undefined) return { eval: evaluate, last: place };
  }
  const reader = new FieldReader(place, place, scope.dot);
  return fields(reader, place, place, theDot, node.names, operands);
}

function variable(scope: Scope, node: VariableNode, operands: Operands): Code {
  const place = placeOf(node);
  const found = scope.find(node.name);
  if (found === undefined) return failingAfter(operands.final, place, `undefined variable: ${node.name}`);
  const evaluate = read(found.slot);
  if (node.fields.length > 0) {
    const reader = new FieldReader(place, place, found.holder);
    return fields(reader, place, place, evaluate, node.fields, operands);
  }
  if (operands.args.length > 0 || operands.final !== undefined) return refused(node, operands.final, place);
  return { eval: evaluate, last: place };
}

const reads: Eval[] = [];

function read(slot: number): Eval {
  return reads[slot] ??= (frame) => frame.slots[slot];
}

function chain(scope: Scope, node: ChainNode, operands: Operands): Code {
  const inner = node.node.kind === Kind.Pipe ? pipelineValue(scope, node.node) : nullary(scope, node.node);
  const place = placeOf(node);
  const reader = new FieldReader(place, inner.last, undefined);
  return fields(reader, place, inner.last, inner.eval, node.names, operands);
}

/** `start.x.y`, possibly with arguments for a method y. `expression` is where it stands, `last` what errors name. */
function fields(
  reader: FieldReader,
  expression: Place,
  last: Place | undefined,
  start: Eval,
  names: readonly string[],
  operands: Operands,
): Code {
  if (operands.args.length > 0 || operands.final !== undefined) {
    const evaluate = methodWithArguments(reader, expression, last, start, names, operands);
    return { eval: evaluate, last: lastOf(operands, last ?? expression) };
  }
  if (names.length > 1) return { eval: fieldsOf(reader, start, names), last };
  return { eval: fieldOf(reader, start, names[0]), last };
}

function fieldOf(reader: FieldReader, start: Eval, name: string): Eval {
  return (frame, dot) => reader.get(frame, dot, start(frame, dot), name, reader.holder);
}

function fieldsOf(reader: FieldReader, start: Eval, names: readonly string[]): Eval {
  return (frame, dot) => {
    let value = start(frame, dot);
    let holder = reader.holder;
    for (let i = 0; i < names.length; i++) {
      const next = reader.get(frame, dot, value, names[i], holder);
      holder = value;
      value = next;
    }
    return value;
  };
}

function methodWithArguments(
  reader: FieldReader,
  expression: Place,
  last: Place | undefined,
  start: Eval,
  names: readonly string[],
  { args, final }: Operands,
): Eval {
  const name = names[names.length - 1];
  // The value of the pipeline is evaluated before the receiver, so the call gets it ready made.
  let piped: Value;
  const ready = final && { eval: () => piped, last: final.last };
  const call = methodCall(expression, last, name, { args, final: ready });
  return (frame, dot) => {
    const passed = final?.eval(frame, dot);
    let value = start(frame, dot);
    let holder = reader.holder;
    for (let i = 0; i < names.length - 1; i++) {
      const next = reader.get(frame, dot, value, names[i], holder);
      holder = value;
      value = next;
    }
    piped = passed;
    return reader.read(frame, dot, value, name, holder, call);
  };
}

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
import { failingAfter, functionCall, lastOf, nothing, type Operands, operandsOf } from "./call.ts";
import { fieldsOfDot } from "./dot-field.ts";
import { FieldOf, FieldsOf, type Holder, MethodOf } from "./field.ts";
import { type Place, placeOf } from "./place.ts";
import { type Expression, type Frame, proceed, type Signal, type Statement, type Value } from "./run.ts";
import type { Code, Scope, Variable } from "./scope.ts";

/** A pipeline; its variable is declared in the scope and set when it is evaluated. Loops set theirs themselves. */
export function pipeline(scope: Scope, pipe: PipeNode): Code {
  const code = commands(scope, pipe);
  if (pipe.variables.length === 0) return code;
  const target = targetOf(scope, pipe);
  if (target === undefined) return undeclared(pipe, code);
  return { expression: new Setting(target.slot, isOfLoop(target), code.expression), last: code.last };
}

/** A pipeline that does nothing but declare or set its variable. */
export function declaration(scope: Scope, pipe: PipeNode): Statement {
  const code = commands(scope, pipe);
  const target = targetOf(scope, pipe);
  if (target === undefined) return undeclared(pipe, code).expression;
  return new Declaration(target.slot, isOfLoop(target), code.expression);
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

const isOfLoop = ({ holder }: Variable): boolean => holder.collection !== undefined;

class Declaration implements Statement {
  constructor(
    private readonly slot: number,
    private readonly isOfLoop: boolean,
    private readonly expression: Expression,
  ) {}

  eval(frame: Frame, dot: Value): Signal {
    set(frame, this.slot, this.isOfLoop, this.expression.eval(frame, dot));
    return proceed;
  }
}

class Setting implements Expression {
  constructor(
    private readonly slot: number,
    private readonly isOfLoop: boolean,
    private readonly expression: Expression,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    return set(frame, this.slot, this.isOfLoop, this.expression.eval(frame, dot));
  }
}

/** Sets a variable to a value of its own. */
function set(frame: Frame, slot: number, isOfLoop: boolean, value: Value): Value {
  if (isOfLoop) (frame.taken ??= new Map()).set(slot, undefined);
  else frame.taken?.delete(slot);
  return frame.slots[slot] = value ?? undefined;
}

/** As {@link pipeline}, where nil in an interface has become no value. */
export function pipelineValue(scope: Scope, pipe: PipeNode): Code {
  const code = pipeline(scope, pipe);
  if (code.neverNil) return code;
  return { expression: code.expression === theDot ? presentDot : new Present(code.expression), last: code.last };
}

class Present implements Expression {
  constructor(private readonly expression: Expression) {}

  eval(frame: Frame, dot: Value): Value {
    return this.expression.eval(frame, dot) ?? undefined;
  }
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
  if (first.kind === Kind.Dot) return { expression: theDot, last: place };
  if (first.kind === Kind.Nil) return failingAfter(undefined, place, "nil is not a command");
  return { expression: constant(first), last: place };
}

/** Evaluates the dot. */
export const theDot: Expression = { eval: (_, dot) => dot };
const presentDot = new Present(theDot);

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
    const expression = fieldsOfDot(place, node.names);
    if (expression !== undefined) return { expression, last: place };
  }
  return fields(place, place, scope.dot, theDot, node.names, operands);
}

function variable(scope: Scope, node: VariableNode, operands: Operands): Code {
  const place = placeOf(node);
  const found = scope.find(node.name);
  if (found === undefined) return failingAfter(operands.final, place, `undefined variable: ${node.name}`);
  const expression = read(found.slot);
  if (node.fields.length > 0) return fields(place, place, found.holder, expression, node.fields, operands);
  if (operands.args.length > 0 || operands.final !== undefined) return refused(node, operands.final, place);
  return { expression, last: place };
}

class Read implements Expression {
  constructor(private readonly slot: number) {}

  eval(frame: Frame): Value {
    return frame.slots[this.slot];
  }
}

/** By their slots. */
const reads: Read[] = [];

const read = (slot: number): Expression => reads[slot] ??= new Read(slot);

function chain(scope: Scope, node: ChainNode, operands: Operands): Code {
  const inner = node.node.kind === Kind.Pipe ? pipelineValue(scope, node.node) : nullary(scope, node.node);
  const place = placeOf(node);
  return fields(place, inner.last, undefined, inner.expression, node.names, operands);
}

/**
 * `start.x.y`, possibly with arguments for a method y. `place` is where it stands, `last` what errors name, `holder`
 * where the start was taken from.
 */
function fields(
  place: Place,
  last: Place | undefined,
  holder: Holder,
  start: Expression,
  names: readonly string[],
  operands: Operands,
): Code {
  if (operands.args.length > 0 || operands.final !== undefined) {
    const expression = new MethodOf(place, last, holder, start, names, operands);
    return { expression, last: lastOf(operands, last ?? place) };
  }
  if (names.length > 1) return { expression: new FieldsOf(place, last, holder, start, names), last };
  return { expression: new FieldOf(place, last, holder, start, names[0]), last };
}

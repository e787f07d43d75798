/** Statements: text, actions, branches, loops and template calls. */
import { isStackOverflow } from "../error.ts";
import { quote } from "../format/quote.ts";
import { sprintIndirect } from "../format/value.ts";
import {
  type ActionNode,
  type BranchNode,
  Kind,
  type ListNode,
  type StatementNode,
  type TemplateNode,
  type TextNode,
} from "../parse/node.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { GoObject } from "../value.ts";
import { Block, nothing, type Runnable } from "./body.ts";
import { declaration, pipeline, pipelineValue } from "./expression.ts";
import { loop } from "./loop.ts";
import { type Place, placeOf } from "./place.ts";
import {
  breakLoop,
  continueLoop,
  type Eval,
  type Exec,
  fail,
  type Frame,
  proceed,
  runBody,
  type Statement,
  step,
  tooDeep,
  type Value,
} from "./run.ts";
import type { Scope } from "./scope.ts";

/** The statements of a list, and texts as they are. */
export function statements(scope: Scope, { nodes }: ListNode): readonly (string | Statement)[] {
  const all = new Array<string | Statement>(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    all[i] = node.kind === Kind.Text ? node.text : statement(scope, node);
  }
  return all;
}

function statement(scope: Scope, node: Exclude<StatementNode, TextNode>): Statement {
  switch (node.kind) {
    case Kind.Action:
      return action(scope, node);
    case Kind.If:
    case Kind.With:
      return branch(scope, node);
    case Kind.Range:
      return loop(scope, node);
    case Kind.Template:
      return template(scope, node);
    case Kind.Break:
      return () => breakLoop;
    case Kind.Continue:
      return () => continueLoop;
  }
}

/** An action; one that declares or sets a variable writes nothing. */
function action(scope: Scope, { pipe }: ActionNode): Statement {
  return pipe.variables.length > 0 ? declaration(scope, pipe) : pipeline(scope, pipe).eval;
}

/** The value of an action, the one at `index` in the list of that number. */
export function printed(frame: Frame, value: Value, number: number, index: number): string {
  if (value === undefined || value === null) return "<no value>";
  if (typeof value === "function") {
    const { source } = frame.body;
    const place = placeOf(source.list(number).nodes[index]);
    fail(frame, place, `can't print ${source.locate(place).context} of type ${typeName(value)}`);
  }
  const text = value instanceof GoObject ? value.addressedText() : undefined;
  return text ?? sprintIndirect(value);
}

function branch(scope: Scope, node: BranchNode): Exec {
  const { variables, dot } = scope;
  const isWith = node.kind === Kind.With;
  const { eval: condition } = pipeline(scope, node.pipe);
  if (isWith) scope.dot = undefined;
  const then = new Block(scope, node.list);
  scope.dot = dot;
  const otherwise = node.elseList === undefined ? nothing : new Block(scope, node.elseList);
  scope.variables = variables;
  return isWith ? withBranch(condition, then, otherwise) : ifBranch(condition, then, otherwise);
}

function ifBranch(condition: Eval, then: Runnable, otherwise: Runnable): Exec {
  return (frame, dot) => (isTrue(condition(frame, dot)) ? then : otherwise).run(frame, dot);
}

function withBranch(condition: Eval, then: Runnable, otherwise: Runnable): Exec {
  return (frame, dot) => {
    const value = condition(frame, dot);
    return isTrue(value) ? then.run(frame, value) : otherwise.run(frame, dot);
  };
}

function template(scope: Scope, node: TemplateNode): Exec {
  const data = node.pipe === undefined ? undefined : pipelineValue(scope, node.pipe).eval;
  return templateCall(node.name, placeOf(node), data);
}

function templateCall(name: string, place: Place, data: Eval | undefined): Exec {
  return (frame, dot) => {
    const { run } = frame;
    const body = run.templates.get(name);
    if (body === undefined) fail(frame, place, `template ${quote(name)} not defined`);
    if (frame.depth >= run.maxDepth) throw tooDeep(frame.body, place, run.maxDepth);
    step(frame, place);
    const value = data === undefined ? undefined : data(frame, dot);
    try {
      frame.out += runBody(run, body, value, frame.depth + 1);
    } catch (error) {
      if (isStackOverflow(error)) run.budget.interrupted.push({ kind: "template", body: frame.body, place });
      throw error;
    }
    return proceed;
  };
}

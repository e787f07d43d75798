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
import { sharedName } from "../names.ts";
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
  type Exec,
  type Expression,
  fail,
  type Frame,
  proceed,
  runBody,
  type Signal,
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
    all[i] = node.kind === Kind.Text ? textOf(node) : statement(scope, node);
  }
  return all;
}

/** The length up to which texts are shared: line breaks with their indentation are most of them. */
const shortText = 16;

/** A longer text is a part of the source, and takes little room however long it is. */
const textOf = ({ text }: TextNode): string => text.length > shortText ? text : sharedName(text);

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
      return breaking;
    case Kind.Continue:
      return continuing;
  }
}

const breaking: Exec = { eval: () => breakLoop };
const continuing: Exec = { eval: () => continueLoop };

/** An action; one that declares or sets a variable writes nothing. */
function action(scope: Scope, { pipe }: ActionNode): Statement {
  return pipe.variables.length > 0 ? declaration(scope, pipe) : pipeline(scope, pipe).expression;
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
  const { point } = scope;
  const isWith = node.kind === Kind.With;
  const { expression: condition } = pipeline(scope, node.pipe);
  if (isWith) scope.dot = undefined;
  const then = new Block(scope, node.list);
  if (isWith) scope.dot = point.dot;
  const otherwise = node.elseList === undefined ? nothing : new Block(scope, node.elseList);
  scope.point = point;
  return isWith ? new With(condition, then, otherwise) : new If(condition, then, otherwise);
}

class If implements Exec {
  constructor(
    private readonly condition: Expression,
    private readonly then: Runnable,
    private readonly otherwise: Runnable,
  ) {}

  eval(frame: Frame, dot: Value): Signal {
    return (isTrue(this.condition.eval(frame, dot)) ? this.then : this.otherwise).run(frame, dot);
  }
}

class With implements Exec {
  constructor(
    private readonly condition: Expression,
    private readonly then: Runnable,
    private readonly otherwise: Runnable,
  ) {}

  eval(frame: Frame, dot: Value): Signal {
    const value = this.condition.eval(frame, dot);
    return isTrue(value) ? this.then.run(frame, value) : this.otherwise.run(frame, dot);
  }
}

function template(scope: Scope, node: TemplateNode): Exec {
  const data = node.pipe === undefined ? undefined : pipelineValue(scope, node.pipe).expression;
  return new TemplateCall(node.name, placeOf(node), data);
}

class TemplateCall implements Exec {
  constructor(
    private readonly name: string,
    private readonly place: Place,
    private readonly data: Expression | undefined,
  ) {}

  eval(frame: Frame, dot: Value): Signal {
    const { run } = frame;
    const { name, place, data } = this;
    const body = run.templates.get(name);
    if (body === undefined) fail(frame, place, `template ${quote(name)} not defined`);
    if (frame.depth >= run.maxDepth) throw tooDeep(frame.body, place, run.maxDepth);
    step(frame, place);
    const value = data === undefined ? undefined : data.eval(frame, dot);
    try {
      frame.out += runBody(run, body, value, frame.depth + 1);
    } catch (error) {
      if (isStackOverflow(error)) run.budget.interrupted.push({ kind: "template", body: frame.body, place });
      throw error;
    }
    return proceed;
  }
}

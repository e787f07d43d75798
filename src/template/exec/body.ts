/** Bodies of templates. They are compiled list by list, when those first run: most branches of most charts never do. */
import type { ListNode } from "../parse/node.ts";
import { isEmpty } from "../parse/node.ts";
import type { Holder, MissingKey } from "./field.ts";
import { type Exec, type Frame, proceed, type Signal, type Value } from "./run.ts";
import { type Callee, Scope, type Variable } from "./scope.ts";
import type { Source } from "./source.ts";
import { list } from "./statement.ts";

/** What the bodies of a set are compiled with. */
export interface Environment {
  readonly functions: ReadonlyMap<string, Callee>;
  readonly missingKey: MissingKey;
}

/** A template's body. */
export class Body {
  /** Whether it holds nothing but space. */
  readonly empty: boolean;
  private readonly number: number;
  private scope: Scope | undefined;

  constructor(
    readonly name: string,
    readonly source: Source,
    tree: ListNode,
    private readonly environment: Environment,
  ) {
    this.empty = isEmpty(tree);
    this.number = tree.number;
  }

  /** How many variables live at once, `$` included, as far as is known. */
  get slots(): number {
    return this.scope?.slots ?? 1;
  }

  /** Runs the statements, which take this method's place: recursion needs the stack. */
  run(frame: Frame, dot: Value): Signal {
    const { functions, missingKey } = this.environment;
    this.scope = new Scope(this.source, functions, missingKey);
    this.run = compile(this.scope, this.number);
    return this.run(frame, dot);
  }
}

/** What runs: a list of statements, or nothing. */
export interface Runnable {
  readonly run: Exec;
}

/** A list of statements within a body. */
export class Block implements Runnable {
  private readonly variables: Variable;
  private readonly dot: Holder;

  /** A list of the text that `scope` is for, with the variables that it has now. */
  constructor(private readonly scope: Scope, private readonly number: number) {
    this.variables = scope.variables;
    this.dot = scope.dot;
  }

  /** As {@link Body.run}. */
  run(frame: Frame, dot: Value): Signal {
    const { scope } = this;
    scope.variables = this.variables;
    scope.dot = this.dot;
    this.run = compile(scope, this.number);
    return this.run(frame, dot);
  }
}

/** No statements. */
export const nothing: Runnable = { run: () => proceed };

function compile(scope: Scope, number: number): Exec {
  return list(scope, scope.source.list(number));
}

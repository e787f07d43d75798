/** Bodies of templates. They are compiled list by list, when those first run: most branches of most charts never do. */
import { isEmpty, Kind, type ListNode } from "../parse/node.ts";
import { type Exec, type Frame, proceed, type Signal, type Statement, type Value } from "./run.ts";
import { type Point, Scope } from "./scope.ts";
import type { Source } from "./source.ts";
import { printed, statements } from "./statement.ts";

/** What runs: a list of statements, or nothing. */
export interface Runnable {
  /** Runs with a dot, and appends to the frame's output. */
  run(frame: Frame, dot: Value): Signal;
}

/** No statements. */
export const nothing: Runnable = { run: () => proceed };

/** A list of statements. */
export class Block implements Runnable {
  private readonly number: number;
  /** What its statements see, until they are compiled. */
  private point: Point | undefined;
  /** Texts are as they are. */
  private statements: readonly (string | Statement)[] | undefined;

  /** A list of the text that `scope` is for, with the variables that it has now. */
  constructor(protected readonly scope: Scope, { number }: ListNode) {
    this.number = number;
    this.point = scope.point;
    this.statements = undefined;
  }

  run(frame: Frame, dot: Value): Signal {
    const statements = this.statements ?? this.compile();
    for (let i = 0; i < statements.length; i++) {
      const each = statements[i];
      const result = typeof each === "string" ? each : each.eval(frame, dot);
      if (typeof result === "string") frame.out += result;
      else if (typeof result !== "symbol") frame.out += printed(frame, result, this.number, i);
      else if (result !== proceed) return result;
    }
    return proceed;
  }

  private compile(): readonly (string | Statement)[] {
    const { scope } = this;
    scope.point = this.point!;
    const list = scope.source.list(this.number);
    this.statements = statements(scope, list);
    this.point = undefined;
    const kind = list.nodes.length === 1 ? list.nodes[0].kind : undefined;
    if (kind === Kind.If || kind === Kind.With) {
      // A branch alone takes this method's place: recursion needs the stack, of which a bound method takes none.
      const branch = this.statements[0] as Exec;
      this.run = branch.eval.bind(branch);
    }
    return this.statements;
  }
}

/** A template's body. */
export class Body extends Block {
  /** Whether it holds nothing but space. */
  readonly empty: boolean;

  constructor(readonly name: string, source: Source, tree: ListNode) {
    super(new Scope(source), tree);
    this.empty = isEmpty(tree);
  }

  get source(): Source {
    return this.scope.source;
  }

  /** How many variables live at once, `$` included, as far as is known. */
  get slots(): number {
    return this.scope.slots;
  }
}

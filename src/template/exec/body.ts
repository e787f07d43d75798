/** Bodies of templates. They are compiled list by list, when those first run: most branches of most charts never do. */
import type { ListNode } from "../parse/node.ts";
import { isEmpty } from "../parse/node.ts";
import type { Holder, MissingKey } from "./field.ts";
import type { Exec } from "./run.ts";
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
  private block: Block | undefined;
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

  /** The body's statements. */
  get exec(): Exec {
    const block = this.block ??= this.begin();
    return block.exec ?? block.compile();
  }

  private begin(): Block {
    const { functions, missingKey } = this.environment;
    this.scope = new Scope(this.source, functions, missingKey);
    return new Block(this.scope, this.number);
  }
}

/** A list of statements. Whoever runs it calls `(block.exec ?? block.compile())` itself: recursion needs the stack. */
export class Block {
  /** The statements, once they are compiled. */
  exec: Exec | undefined;
  private readonly variables: Variable;
  private readonly dot: Holder;

  /** A list of the text that `scope` is for, with the variables that it has now. */
  constructor(private readonly scope: Scope, private readonly number: number) {
    this.variables = scope.variables;
    this.dot = scope.dot;
  }

  compile(): Exec {
    const { scope } = this;
    scope.variables = this.variables;
    scope.dot = this.dot;
    return this.exec = list(scope, scope.source.list(this.number));
  }
}

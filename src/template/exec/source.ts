/** Texts of templates, and their trees as long as those are needed. */
import type { ListNode } from "../parse/node.ts";
import { parse, parseAgain, type Trees } from "../parse/parser.ts";
import type { Callee } from "./scope.ts";
import { locate, type Location, type Place } from "./place.ts";

/** How many sources remember their trees at most: a rendering may parse new texts without end. */
const most = 4096;

/** The sources that remember their trees. */
export class RememberedTrees {
  private readonly sources: Source[] = [];

  add(source: Source): void {
    if (this.sources.length >= most) this.forget();
    this.sources.push(source);
  }

  /** Frees the memory. What is compiled stays; what is not is parsed again when it is needed after all. */
  forget(): void {
    for (const source of this.sources) source.forget();
    this.sources.length = 0;
  }
}

/** What the texts of a set and its clones have in common. */
export interface Common {
  readonly functions: ReadonlyMap<string, Callee>;
  readonly isFunction: (name: string) => boolean;
  readonly remembered: RememberedTrees;
}

/** The text that bodies were parsed from. */
export class Source {
  private trees: Trees | undefined;
  /** One error passes many calls of the same template when that recurs. */
  private located: Map<Place, Location> | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
    private readonly common: Common,
  ) {}

  /** A function; the parser has seen to it that there is one. */
  callee(name: string): Callee {
    return this.common.functions.get(name)!;
  }

  /** Parses the text for the first time. Throws a `TemplateError` with Go's words. */
  parse(): Trees {
    return this.remember(parse(this.name, this.text, this.common.isFunction));
  }

  /** A list that has not been compiled yet. */
  list(number: number): ListNode {
    return (this.trees ?? this.parseAgain()).lists[number];
  }

  /** Line, column and text of the node at a place. */
  locate(place: Place): Location {
    this.located ??= new Map();
    let location = this.located.get(place);
    if (location === undefined) {
      this.located.set(place, location = locate(this.text, this.trees ?? this.parseAgain(), place));
    }
    return location;
  }

  private parseAgain(): Trees {
    return this.remember(parseAgain(this.name, this.text, this.common.isFunction));
  }

  private remember(trees: Trees): Trees {
    this.common.remembered.add(this);
    return this.trees = trees;
  }

  /** For {@link RememberedTrees}. */
  forget(): void {
    this.trees = undefined;
  }
}

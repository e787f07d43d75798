/** The templates of a set by their names. */
import type { Body } from "./body.ts";

/**
 * Templates that may add to others, or hide them, which stay as they are: a text of `tpl` has one of its own to add to
 * the hundreds of its chart.
 */
export class Templates {
  private own = new Map<string, Body>();

  constructor(private readonly outer?: Templates) {}

  get(name: string): Body | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, body: Body): void {
    this.own.set(name, body);
  }

  /** In the order of their first definition. */
  names(): string[] {
    return [...new Set([...this.outer?.names() ?? [], ...this.own.keys()])];
  }

  /** The same templates; what is added to either, the other does not know. */
  copy(): Templates {
    const copy = new Templates(this.outer);
    copy.own = new Map(this.own);
    return copy;
  }
}

/** The schemas that led to the one in hand. */
import { escapeToken, locationOf } from "./addresses.ts";
import type { Schema } from "./compiled.ts";

export interface Scope {
  readonly schema: Schema;
  /** The keyword that refers to the schema; "" for one that stands in the schema before. */
  readonly keyword: string;
  /** Where in the values; of the same list for as long as it is the same value. */
  readonly path: readonly string[];
  readonly parent: Scope | undefined;
}

/** The scope in which the same value already met the same schema. */
export function cycleOf(scope: Scope): Scope | undefined {
  for (let around = scope.parent; around?.path === scope.path; around = around.parent) {
    if (around.schema === scope.schema) return around;
  }
  return undefined;
}

/** The keywords that lead to a scope: `/properties/a/$ref/allOf/0`. */
export function keywordsTo(scope: Scope): string {
  let keywords = "";
  for (let at = scope; at.parent !== undefined; at = at.parent) {
    const within = locationOf(at.schema).slice(locationOf(at.parent.schema).length);
    keywords = (at.keyword === "" ? within : `/${escapeToken(at.keyword)}`) + keywords;
  }
  return keywords;
}

/** The schema of the outermost scope that fits. */
export function outermost(scope: Scope, fits: (scope: Scope) => boolean): Schema | undefined {
  let found: Schema | undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (fits(at)) found = at.schema;
  }
  return found;
}

/** Compiled schemas, as data. */
import type { GoValue } from "../../template/value.ts";
import type { AnyNumber, Count } from "./numbers.ts";
import type { Draft } from "./drafts.ts";

/** A compiled schema, without the document. Keywords that its draft does not know are absent, whatever it says. */
export interface Schema {
  /** The document that it stands in, and where in it, as a JSON pointer. */
  readonly url: string;
  readonly pointer: string;
  draft: Draft;
  /** The schema of the whole resource. */
  resourceRoot: Schema;
  /** The resource's `$dynamicAnchor`s. */
  dynamicAnchors: ReadonlyMap<string, Schema>;
  /** For the schemas `true` and `false`. */
  bool?: boolean;
  ref?: Schema;
  recursiveRef?: Schema;
  dynamicRef?: { readonly schema: Schema; readonly anchor: string };
  recursiveAnchor?: boolean;
  dynamicAnchor?: string;
  types?: readonly string[];
  constant?: { readonly value: GoValue };
  enumeration?: readonly GoValue[];
  format?: string;
  bounds?: Bounds;
  multipleOf?: AnyNumber;
  minLength?: Count;
  maxLength?: Count;
  pattern?: Pattern;
  minItems?: Count;
  maxItems?: Count;
  uniqueItems?: boolean;
  minProperties?: Count;
  maxProperties?: Count;
  required?: readonly string[];
  properties?: ReadonlyMap<string, Schema>;
  patternProperties?: readonly (readonly [Pattern, Schema])[];
  additionalProperties?: Schema;
  propertyNames?: Schema;
  dependencies?: readonly (readonly [string, Schema | readonly string[]])[];
  dependentSchemas?: readonly (readonly [string, Schema])[];
  dependentRequired?: readonly (readonly [string, readonly string[]])[];
  /** `prefixItems`, or `items` with a list before 2020. */
  tuple?: readonly Schema[];
  /** The items after those of the tuple. */
  rest?: Schema;
  contains?: Schema;
  minContains?: Count;
  maxContains?: Count;
  not?: Schema;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  if?: Schema;
  then?: Schema;
  else?: Schema;
  unevaluatedProperties?: Schema;
  unevaluatedItems?: Schema;
}

/** `minimum` and its like, each with its number. */
export type Bounds = readonly (readonly ["minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", AnyNumber])[];

/** A regular expression with RE2's meaning, searched for anywhere in a text. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

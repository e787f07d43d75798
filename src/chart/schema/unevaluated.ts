/** What `unevaluatedProperties` and `unevaluatedItems` are about. */
import { type GoValue, isList, isMap } from "../../template/value.ts";
import type { Schema } from "./compiled.ts";

/** The properties and items that no keyword has looked at yet; absent where nobody will ask. */
export class Unevaluated {
  constructor(readonly properties?: Set<string>, readonly items?: Set<number>) {}

  static of(value: GoValue, schema: Schema, wanted: boolean): Unevaluated {
    const tuple = schema.tuple?.length ?? 0;
    if (isMap(value) && (wanted || schema.unevaluatedProperties) && !schema.additionalProperties) {
      return new Unevaluated(new Set(value.keys()));
    }
    if (isList(value) && (wanted || schema.unevaluatedItems) && !schema.rest) {
      return new Unevaluated(undefined, new Set([...value.keys()].slice(tuple)));
    }
    return new Unevaluated();
  }

  get isEmpty(): boolean {
    return !this.properties?.size && !this.items?.size;
  }

  /** Keeps only what the other has not seen either. */
  keep(other: Unevaluated): void {
    for (const key of this.properties ?? []) if (!other.properties?.has(key)) this.properties!.delete(key);
    for (const i of this.items ?? []) if (!other.items?.has(i)) this.items!.delete(i);
  }
}

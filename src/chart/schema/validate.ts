/** Validating values against a compiled schema, as github.com/santhosh-tekuri/jsonschema does. */
import { compareStrings, type GoMap, type GoValue, isList, isMap, sortedKeys } from "../../template/value.ts";
import { quote as goQuote, sprint } from "../../template/format.ts";
import type { Schema } from "./compiled.ts";
import { duplicates, equals, typeOf } from "./equality.ts";
import { type Failure, localFloat, localInteger, quote, quoteAll } from "./failure.ts";
import { formatProblem } from "./formats.ts";
import { type AnyNumber, compareNumbers, type Count, isMultiple, isNumber, isWhole } from "./numbers.ts";
import { locationOf } from "./addresses.ts";
import { cycleOf, keywordsTo, outermost, type Scope } from "./scope.ts";
import { Unevaluated } from "./unevaluated.ts";

/**
 * What is wrong with the value, or undefined. Properties are looked at in order of their names. Where the value is a
 * schema, and the schema its metaschema, `other` gives the metaschemas of the schema resources in it, by their paths.
 */
export function validate(schema: Schema, value: GoValue, other?: Metaschemas): Failure | undefined {
  const metaschema = other && { schema, other };
  const scope: Scope = { schema, keyword: "", path: [], parent: undefined };
  return new Validation(schema, value, scope, metaschema, Unevaluated.of(value, schema, false)).run();
}

type Metaschemas = (path: readonly string[]) => Schema | undefined;

interface Metaschema {
  readonly schema: Schema;
  readonly other: Metaschemas;
}

class Validation {
  readonly #failures: Failure[] = [];

  constructor(
    readonly schema: Schema,
    readonly value: GoValue,
    readonly scope: Scope,
    readonly metaschema: Metaschema | undefined,
    readonly unevaluated: Unevaluated,
  ) {}

  get path(): readonly string[] {
    return this.scope.path;
  }

  run(): Failure | undefined {
    const { schema, value } = this;
    if (schema.bool !== undefined) return schema.bool ? undefined : this.#plain("false schema");
    const first = this.#cycle() ?? this.#wrongType() ?? this.#wrongConstant() ?? this.#wrongFormat();
    if (first !== undefined) return first;
    if (schema.ref !== undefined) {
      const failure = this.#reference(schema.ref, "$ref");
      if (schema.draft < 2019) return failure;
      this.#add(failure);
    }
    if (isMap(value)) this.#object(value);
    else if (isList(value)) this.#array(value);
    else if (typeof value === "string") this.#string(value);
    else if (isNumber(value)) this.#number(value);
    this.#references();
    this.#combinations();
    this.#rest();
    if (this.#failures.length <= 1) return this.#failures[0];
    return { kind: "group", path: this.path, message: "validation failed", causes: this.#failures };
  }

  #plain(message: string, causes: readonly Failure[] = []): Failure {
    return { kind: "plain", path: this.path, message, causes };
  }

  #add(failure: Failure | undefined): void {
    if (failure !== undefined) this.#failures.push(failure);
  }

  #fail(message: string, causes: readonly Failure[] = []): void {
    this.#failures.push(this.#plain(message, causes));
  }

  /** The same value against another schema, to which a keyword refers, or that stands in this one. */
  #self(schema: Schema, keyword = ""): Failure | undefined {
    const seen = Unevaluated.of(this.value, schema, !this.unevaluated.isEmpty);
    const failure = this.#run(this.value, { schema, keyword, path: this.path, parent: this.scope }, seen);
    if (failure === undefined) this.unevaluated.keep(seen);
    return failure;
  }

  /** A property or an item. */
  #child(schema: Schema, value: GoValue, key: string): Failure | undefined {
    const seen = Unevaluated.of(value, schema, false);
    return this.#run(value, { schema, keyword: "", path: [...this.path, key], parent: this.scope }, seen);
  }

  #run(value: GoValue, scope: Scope, seen: Unevaluated): Failure | undefined {
    const { metaschema } = this;
    const other = scope.schema === metaschema?.schema ? metaschema.other(scope.path) : undefined;
    if (other === undefined) return new Validation(scope.schema, value, scope, metaschema, seen).run();
    return new Validation(other, value, scope, { ...metaschema!, schema: other }, seen).run();
  }

  #cycle(): Failure | undefined {
    const around = cycleOf(this.scope);
    if (around === undefined) return undefined;
    const ways = `both ${keywordsTo(this.scope)} and ${keywordsTo(around)}`;
    return this.#plain(`${ways} resolve to ${goQuote(locationOf(this.schema))} causing reference cycle`);
  }

  #wrongType(): Failure | undefined {
    const { types } = this.schema;
    if (types === undefined || types.length === 0) return undefined;
    const type = typeOf(this.value);
    if (types.includes(type)) return undefined;
    if (types.includes("integer") && isNumber(this.value) && isWhole(this.value)) return undefined;
    return this.#plain(`got ${type}, want ${types.join(" or ")}`);
  }

  #wrongConstant(): Failure | undefined {
    const { constant, enumeration } = this.schema;
    if (constant !== undefined && !equals(this.value, constant.value)) {
      const compound = isMap(constant.value) || isList(constant.value);
      return this.#plain(compound ? "'const' failed" : `value must be ${display(constant.value)}`);
    }
    if (enumeration === undefined || enumeration.some((item) => equals(this.value, item))) return undefined;
    if (enumeration.some((item) => isMap(item) || isList(item))) return this.#plain("'enum' failed");
    const several = enumeration.length === 1 ? "" : "one of ";
    return this.#plain(`value must be ${several}${enumeration.map(display).join(", ")}`);
  }

  #wrongFormat(): Failure | undefined {
    const { format } = this.schema;
    if (format === undefined || typeof this.value !== "string") return undefined;
    const problem = formatProblem(format, this.value);
    return problem === undefined ? undefined : this.#plain(`${quote(this.value)} is not valid ${format}: ${problem}`);
  }

  #reference(schema: Schema, keyword: string): Failure | undefined {
    const failure = this.#self(schema, keyword);
    if (failure === undefined) return undefined;
    const causes = failure.kind === "group" ? failure.causes : [failure];
    return { kind: "ref", path: this.path, message: "validation failed", causes };
  }

  #references(): void {
    const { recursiveRef, dynamicRef } = this.schema;
    if (recursiveRef !== undefined) {
      const target = recursiveRef.recursiveAnchor
        ? outermost(this.scope, (scope) => scope.schema.resourceRoot.recursiveAnchor === true)
        : undefined;
      this.#add(this.#reference(target ?? recursiveRef, "$recursiveRef"));
    }
    if (dynamicRef !== undefined) {
      const { schema, anchor } = dynamicRef;
      const dynamic = anchor !== "" && schema.dynamicAnchor === anchor;
      const target = dynamic ? outermost(this.scope, (scope) => scope.schema.dynamicAnchors.has(anchor)) : undefined;
      this.#add(this.#reference(target?.dynamicAnchors.get(anchor) ?? schema, "$dynamicRef"));
    }
  }

  #object(object: GoMap): void {
    const { schema } = this;
    if (object.size < (schema.minProperties ?? 0)) this.#count("minProperties", object.size, schema.minProperties!);
    if (object.size > (schema.maxProperties ?? Infinity)) {
      this.#count("maxProperties", object.size, schema.maxProperties!);
    }
    const missing = missingFrom(object, schema.required ?? []);
    if (missing.length > 0) {
      this.#fail(`missing ${missing.length === 1 ? "property" : "properties"} ${quoteAll(missing)}`);
    }
    for (const [name, dependency] of schema.dependencies ?? []) {
      if (!object.has(name)) continue;
      if ("pointer" in dependency) this.#add(this.#self(dependency));
      else this.#requireWith(object, name, dependency);
    }
    this.#properties(object);
    for (const name of schema.propertyNames === undefined ? [] : sortedKeys(object)) {
      const failure = validate(schema.propertyNames!, name);
      const causes = failure?.kind === "group" ? failure.causes : failure === undefined ? [] : [failure];
      if (failure !== undefined) this.#fail(`invalid propertyName ${quote(name)}`, causes);
    }
    for (const [name, dependent] of schema.dependentSchemas ?? []) {
      if (object.has(name)) this.#add(this.#self(dependent));
    }
    for (const [name, required] of schema.dependentRequired ?? []) {
      if (object.has(name)) this.#requireWith(object, name, required);
    }
  }

  #requireWith(object: GoMap, name: string, required: readonly string[]): void {
    const missing = missingFrom(object, required);
    if (missing.length > 0) this.#fail(`properties ${quoteAll(missing)} required, if ${quote(name)} exists`);
  }

  #properties(object: GoMap): void {
    const { properties, patternProperties, additionalProperties } = this.schema;
    if (properties === undefined && patternProperties === undefined && additionalProperties === undefined) return;
    const refused: string[] = [];
    for (const name of sortedKeys(object)) {
      const value = object.get(name)!;
      const schemas = patternProperties?.filter(([pattern]) => pattern.test(name)).map(([, schema]) => schema) ?? [];
      const named = properties?.get(name);
      if (named !== undefined) schemas.unshift(named);
      if (schemas.length === 0 && additionalProperties !== undefined) {
        if (additionalProperties.bool === false) refused.push(name);
        else schemas.push(additionalProperties);
      }
      for (const schema of schemas) this.#add(this.#child(schema, value, name));
      if (schemas.length > 0) this.unevaluated.properties?.delete(name);
    }
    if (refused.length > 0) this.#fail(`additional properties ${quoteAll(refused)} not allowed`);
  }

  #array(array: readonly GoValue[]): void {
    const { schema } = this;
    if (array.length < (schema.minItems ?? 0)) this.#count("minItems", array.length, schema.minItems!);
    if (array.length > (schema.maxItems ?? Infinity)) this.#count("maxItems", array.length, schema.maxItems!);
    const same = schema.uniqueItems ? duplicates(array) : undefined;
    if (same !== undefined) this.#fail(`items at ${localInteger(same[0])} and ${localInteger(same[1])} are equal`);
    const tuple = schema.tuple ?? [];
    array.slice(0, tuple.length).forEach((item, i) => this.#add(this.#child(tuple[i], item, String(i))));
    const more = array.length - tuple.length;
    if (schema.rest?.bool === false && schema.draft < 2020 && schema.tuple !== undefined) {
      if (more > 0) this.#fail(`last ${localInteger(more)} additionalItem(s) not allowed`);
    } else if (schema.rest !== undefined) {
      for (let i = tuple.length; i < array.length; i++) this.#add(this.#child(schema.rest, array[i], String(i)));
    }
    if (schema.contains !== undefined) this.#contains(schema.contains, array);
  }

  #contains(contains: Schema, array: readonly GoValue[]): void {
    const { minContains, maxContains, draft } = this.schema;
    const matched: number[] = [];
    const failures: Failure[] = [];
    array.forEach((item, i) => {
      const failure = this.#child(contains, item, String(i));
      if (failure !== undefined) {
        failures.push(failure);
      } else {
        matched.push(i);
        if (draft >= 2020) this.unevaluated.items?.delete(i);
      }
    });
    const found = `matched ${localInteger(matched.length)} items at ${matched.join(" ")}`;
    if (minContains === undefined) {
      if (matched.length === 0) this.#fail("no items match contains schema", failures);
    } else if (matched.length < minContains) {
      const but = matched.length === 0 ? "none matched" : found;
      this.#fail(`min ${localInteger(minContains)} items required to match contains schema, but ${but}`, failures);
    }
    if (matched.length > (maxContains ?? Infinity)) {
      this.#fail(`max ${localInteger(maxContains!)} items required to match contains schema, but ${found}`);
    }
  }

  #string(text: string): void {
    const { minLength, maxLength, pattern } = this.schema;
    if (minLength !== undefined || maxLength !== undefined) {
      const length = [...text].length;
      if (length < (minLength ?? 0)) this.#count("minLength", length, minLength!);
      if (length > (maxLength ?? Infinity)) this.#count("maxLength", length, maxLength!);
    }
    if (pattern !== undefined && !pattern.test(text)) {
      this.#fail(`${quote(text)} does not match pattern ${quote(pattern.source)}`);
    }
  }

  #number(value: AnyNumber): void {
    for (const [keyword, bound] of this.schema.bounds ?? []) {
      const order = compareNumbers(value, bound);
      const fits = keyword === "minimum"
        ? order >= 0
        : keyword === "maximum"
        ? order <= 0
        : keyword === "exclusiveMinimum"
        ? order > 0
        : order < 0;
      if (!fits) this.#amount(keyword, value, bound);
    }
    const { multipleOf } = this.schema;
    if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
      this.#amount("multipleOf", value, multipleOf);
    }
  }

  #amount(keyword: string, got: AnyNumber, want: AnyNumber): void {
    // There is one zero, as among Go's rational numbers.
    this.#fail(`${keyword}: got ${localFloat(Number(got) + 0)}, want ${localFloat(Number(want) + 0)}`);
  }

  #count(keyword: string, got: number, want: Count): void {
    this.#fail(`${keyword}: got ${localInteger(got)}, want ${localInteger(want)}`);
  }

  #combinations(): void {
    const { schema } = this;
    if (schema.not !== undefined && this.#self(schema.not) === undefined) this.#fail("'not' failed");
    const all = (schema.allOf ?? []).map((inner) => this.#self(inner)).filter((failure) => failure !== undefined);
    if (all.length > 0) this.#fail("'allOf' failed", all);
    this.#anyOf(schema.anyOf ?? []);
    this.#oneOf(schema.oneOf ?? []);
    if (schema.if === undefined) return;
    const branch = this.#self(schema.if) === undefined ? schema.then : schema.else;
    if (branch !== undefined) this.#add(this.#self(branch));
  }

  #anyOf(schemas: readonly Schema[]): void {
    const failures: Failure[] = [];
    for (const schema of schemas) {
      const failure = this.#self(schema);
      if (failure !== undefined) failures.push(failure);
      // All must be tried where somebody asks what was evaluated.
      else if (this.unevaluated.isEmpty) return;
    }
    if (failures.length > 0 && failures.length === schemas.length) this.#fail("'anyOf' failed", failures);
  }

  #oneOf(schemas: readonly Schema[]): void {
    const failures: Failure[] = [];
    let matched = -1;
    for (const [i, schema] of schemas.entries()) {
      const failure = this.#self(schema);
      if (failure !== undefined) {
        failures.push(failure);
      } else if (matched < 0) {
        matched = i;
      } else {
        return this.#fail(`'oneOf' failed, subschemas ${localInteger(matched)}, ${localInteger(i)} matched`);
      }
    }
    if (matched < 0 && schemas.length > 0) this.#fail("'oneOf' failed, none matched", failures);
  }

  /** `unevaluatedProperties` and `unevaluatedItems`. */
  #rest(): void {
    const { value, unevaluated } = this;
    const { unevaluatedProperties, unevaluatedItems } = this.schema;
    if (isMap(value) && unevaluatedProperties !== undefined) {
      for (const name of [...unevaluated.properties ?? []].sort(compareStrings)) {
        this.#add(this.#child(unevaluatedProperties, value.get(name)!, name));
      }
      unevaluated.properties?.clear();
    }
    if (isList(value) && unevaluatedItems !== undefined) {
      for (const i of unevaluated.items ?? []) this.#add(this.#child(unevaluatedItems, value[i], String(i)));
      unevaluated.items?.clear();
    }
  }
}

function missingFrom(object: GoMap, names: readonly string[]): string[] {
  return names.filter((name) => !object.has(name));
}

/** Numbers as the schema spells them. */
const display = (value: GoValue) =>
  typeof value === "string" ? quote(value) : isNumber(value) ? String(value) : sprint(value);

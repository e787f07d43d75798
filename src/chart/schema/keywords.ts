/** The keywords of a schema. */
import { quote } from "../../template/format.ts";
import { type GoMap, type GoValue, isList, isMap, sortedKeys } from "../../template/value.ts";
import { escapeToken, isPointer, locationOf, SchemaError, splitFragment } from "./addresses.ts";
import type { Bounds, Pattern, Schema } from "./compiled.ts";
import { type AnyNumber, type Count, count, isNumber, isRational } from "./numbers.ts";
import { compileRegex } from "./regex.ts";
import type { Place, Resource, SchemaDocument, SchemaLibrary } from "./resources.ts";
import { assertsFormats, hasVocabulary } from "./vocabularies.ts";

/** Where a schema's keywords find other schemas. */
export interface Schemas {
  readonly library: SchemaLibrary;
  /** Whether formats are more than annotations in every dialect. */
  readonly formats: boolean;
  /** The schema at a place, which may be compiled later. */
  readonly at: (place: Place) => Schema;
}

/** Fills in the keywords of one schema, in the order of Helm's library: the first that cannot be is told. */
export class SchemaReader {
  constructor(
    private readonly schemas: Schemas,
    private readonly schema: Schema,
    private readonly document: SchemaDocument,
    private readonly resource: Resource,
    private readonly source: GoMap,
  ) {}

  read(): void {
    const { schema } = this;
    if (this.source.size === 0) {
      schema.bool = true;
      return;
    }
    const { draft } = schema;
    if (draft < 2019) this.#checkAnchor();
    const reference = this.#text("$ref");
    if (reference !== undefined) schema.ref = this.#refer(reference);
    // Before 2019 what stands beside a $ref counts for nothing, but for const, which Helm's library looks at first.
    if (draft < 2019 && reference !== undefined) return this.#constant();
    const applies = this.#has("applicator");
    if (applies) this.#applicators();
    if (this.#has("validation")) this.#validation();
    if (this.schemas.formats || draft < 2019 || assertsFormats(this.resource.dialect)) {
      this.#set({ format: this.#text("format") });
    }
    if (applies && draft >= 6) this.#sinceDraft6();
    if (draft >= 2019) this.#since2019();
    if (draft >= 2020) this.#since2020();
  }

  #has(vocabulary: string): boolean {
    return hasVocabulary(this.resource.dialect, vocabulary);
  }

  /** The anchor in the id of a schema that nothing else has looked at, since it stands beside a `$ref`. */
  #checkAnchor(): void {
    try {
      splitFragment(this.#text(this.schema.draft === 4 ? "id" : "$id") ?? "");
    } catch {
      throw new SchemaError(`error in parsing anchor at ${quote(locationOf(this.schema))}`);
    }
  }

  #applicators(): void {
    const { schema } = this;
    this.#set({
      allOf: this.#list("allOf"),
      anyOf: this.#list("anyOf"),
      oneOf: this.#list("oneOf"),
      not: this.#schema("not"),
    });
    if (schema.draft < 2020) {
      if (isList(this.source.get("items"))) {
        this.#set({ tuple: this.#list("items"), rest: this.#schema("additionalItems") });
      } else {
        this.#set({ rest: this.#schema("items") });
      }
    }
    const properties = this.#map("properties");
    if (properties !== undefined) schema.properties = new Map(properties);
    this.#set({
      patternProperties: this.#map("patternProperties")
        ?.map(([source, inner]) => [this.#pattern("patternProperties", source), inner] as const),
      additionalProperties: this.#schema("additionalProperties"),
    });
    const dependencies = this.source.get("dependencies");
    if (isMap(dependencies)) {
      schema.dependencies = sortedKeys(dependencies).map((name) => {
        const value = dependencies.get(name)!;
        return [name, isList(value) ? texts(value) : this.#at(`dependencies/${escapeToken(name)}`)] as const;
      });
    }
  }

  #validation(): void {
    const { schema } = this;
    const type = this.source.get("type");
    if (typeof type === "string") schema.types = sortTypes([type]);
    else if (isList(type)) schema.types = sortTypes(texts(type));
    const enumeration = this.source.get("enum");
    if (isList(enumeration)) schema.enumeration = enumeration;
    this.#constant();
    const bounds = this.#bounds();
    if (bounds.length > 0) schema.bounds = bounds;
    const pattern = this.#text("pattern");
    if (pattern !== undefined) schema.pattern = this.#pattern("pattern", pattern);
    if (this.source.get("uniqueItems") === true) schema.uniqueItems = true;
    const required = this.source.get("required");
    if (isList(required)) schema.required = texts(required);
    this.#set({
      multipleOf: this.#number("multipleOf"),
      minLength: this.#count("minLength"),
      maxLength: this.#count("maxLength"),
      minItems: this.#count("minItems"),
      maxItems: this.#count("maxItems"),
      minProperties: this.#count("minProperties"),
      maxProperties: this.#count("maxProperties"),
    });
  }

  /** In draft 4 the exclusive forms are flags on the others. */
  #bounds(): Bounds {
    const bounds: [Bounds[number][0], AnyNumber | undefined][] = [
      ["minimum", this.#number("minimum")],
      ["maximum", this.#number("maximum")],
      ["exclusiveMinimum", this.#number("exclusiveMinimum")],
      ["exclusiveMaximum", this.#number("exclusiveMaximum")],
    ];
    if (this.source.get("exclusiveMinimum") === true) bounds[0][0] = "exclusiveMinimum";
    if (this.source.get("exclusiveMaximum") === true) bounds[1][0] = "exclusiveMaximum";
    return bounds.filter((bound): bound is [Bounds[number][0], AnyNumber] => bound[1] !== undefined);
  }

  #constant(): void {
    const { schema, source } = this;
    if (schema.draft >= 6 && source.has("const")) schema.constant = { value: source.get("const")! };
  }

  #sinceDraft6(): void {
    this.#set({ contains: this.#schema("contains"), propertyNames: this.#schema("propertyNames") });
    if (this.schema.draft < 7 || !this.source.has("if")) return;
    const condition = this.source.get("if");
    this.#set({ if: this.#schema("if") });
    if (condition !== false) this.#set({ then: this.#schema("then") });
    if (condition !== true) this.#set({ else: this.#schema("else") });
  }

  #since2019(): void {
    const { schema } = this;
    const reference = this.#text("$recursiveRef");
    if (reference !== undefined) schema.recursiveRef = this.#refer(reference);
    if (this.source.get("$recursiveAnchor") === true) schema.recursiveAnchor = true;
    if (this.#has("validation")) this.#validationSince2019();
    if (this.#has("applicator")) this.#set({ dependentSchemas: this.#map("dependentSchemas") });
    if (!this.#has(schema.draft === 2019 ? "applicator" : "unevaluated")) return;
    this.#set({
      unevaluatedItems: this.#schema("unevaluatedItems"),
      unevaluatedProperties: this.#schema("unevaluatedProperties"),
    });
  }

  #validationSince2019(): void {
    const { schema } = this;
    if (schema.contains !== undefined) {
      this.#set({ minContains: this.#count("minContains"), maxContains: this.#count("maxContains") });
    }
    const required = this.source.get("dependentRequired");
    if (!isMap(required)) return;
    schema.dependentRequired = sortedKeys(required).flatMap((name) => {
      const list = required.get(name)!;
      return isList(list) ? [[name, texts(list)] as const] : [];
    });
  }

  #since2020(): void {
    const { schema } = this;
    const reference = this.#text("$dynamicRef");
    if (reference !== undefined) {
      const target = this.#refer(reference);
      const { fragment } = splitFragment(reference);
      schema.dynamicRef = { schema: target, anchor: isPointer(fragment) ? "" : fragment };
    }
    this.#set({ dynamicAnchor: this.#text("$dynamicAnchor") });
    if (this.#has("applicator")) this.#set({ tuple: this.#list("prefixItems"), rest: this.#schema("items") });
  }

  /** Sets the keywords that the schema has: one that is absent takes no memory. */
  #set(keywords: Partial<Schema>): void {
    for (const [keyword, value] of Object.entries(keywords)) {
      if (value !== undefined) Object.assign(this.schema, { [keyword]: value });
    }
  }

  #refer(reference: string): Schema {
    return this.schemas.at(this.schemas.library.resolve(this.document, this.resource, reference));
  }

  /** The schema under a keyword. */
  #at(path: string): Schema {
    return this.schemas.at({ document: this.document, pointer: `${this.schema.pointer}/${path}` });
  }

  #schema(keyword: string): Schema | undefined {
    return this.source.has(keyword) ? this.#at(keyword) : undefined;
  }

  #list(keyword: string): Schema[] | undefined {
    const value = this.source.get(keyword);
    return isList(value) ? value.map((_, i) => this.#at(`${keyword}/${i}`)) : undefined;
  }

  #map(keyword: string): (readonly [string, Schema])[] | undefined {
    const value = this.source.get(keyword);
    if (!isMap(value)) return undefined;
    // Compiled in the document's order, which Go's random one is most often; the first that cannot be is told.
    const schemas = new Map([...value.keys()].map((key) => [key, this.#at(`${keyword}/${escapeToken(key)}`)]));
    return sortedKeys(value).map((key) => [key, schemas.get(key)!] as const);
  }

  #text(keyword: string): string | undefined {
    const value = this.source.get(keyword);
    return typeof value === "string" ? value : undefined;
  }

  #number(keyword: string): AnyNumber | undefined {
    const value = this.source.get(keyword);
    return isNumber(value) && isRational(value) ? value : undefined;
  }

  #count(keyword: string): Count | undefined {
    const value = this.#number(keyword);
    return value === undefined ? undefined : count(value);
  }

  #pattern(keyword: string, source: string): Pattern {
    try {
      const expression = compileRegex(source);
      return { source, test: (text) => expression.matcher(text).find() };
    } catch (error) {
      const place = `${locationOf(this.schema)}/${keyword}`;
      throw new SchemaError(`invalid regex ${quote(source)} at ${quote(place)}: ${(error as Error).message}`);
    }
  }
}

const texts = (list: readonly GoValue[]) => list.filter((item) => typeof item === "string");

/** Types are printed in this order, whatever the schema's; others are none. */
const typeOrder = ["null", "boolean", "number", "integer", "string", "array", "object"];
const sortTypes = (types: readonly string[]) => typeOrder.filter((type) => types.includes(type));

/** JSON schemas compiled for validation, drafts 4 to 2020-12. */
import { RE2JS } from "re2js";
import { type GoMap, type GoValue, Int, isList, isMap, sortedKeys } from "../../template/value.ts";
import { isNumber } from "./numbers.ts";
import { type Draft, escapeToken, type Resource, SchemaDocument, SchemaError } from "./resources.ts";

/** A compiled schema. Keywords that the schema's draft does not know are absent, whatever the schema says. */
export interface Schema {
  readonly pointer: string;
  readonly resource: Resource;
  readonly draft: Draft;
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
  multipleOf?: number | Int;
  minLength?: number;
  maxLength?: number;
  pattern?: Pattern;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
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
  minContains?: number;
  maxContains?: number;
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
export type Bounds =
  readonly (readonly ["minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", number | Int])[];

/** A regular expression with RE2's meaning, searched for anywhere in a text. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

/** Compiles a decoded schema document. Throws {@link SchemaError}. */
export function compileSchema(root: GoValue, url = "file:///values.schema.json"): Schema {
  const compiler = new Compiler(new SchemaDocument(url, root));
  const schema = compiler.at("", root);
  compiler.finish();
  return schema;
}

class Compiler {
  readonly #schemas = new Map<string, Schema>();
  readonly #queue: (() => void)[] = [];

  constructor(readonly document: SchemaDocument) {}

  /** The schema at a pointer; its keywords are filled in later, so that schemas may refer to themselves. */
  at(pointer: string, value: GoValue): Schema {
    const known = this.#schemas.get(pointer);
    if (known !== undefined) return known;
    const resource = this.document.resourceAt(pointer);
    const schema: Schema = { pointer, resource, draft: resource.draft };
    this.#schemas.set(pointer, schema);
    this.#queue.push(() => {
      if (typeof value === "boolean") schema.bool = value;
      else if (isMap(value)) new SchemaReader(this, schema, value).read();
    });
    return schema;
  }

  finish(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }

  refer(from: Schema, reference: string): Schema {
    const { pointer, value } = this.document.resolve(from.resource, reference);
    return this.at(pointer, value);
  }

  anchor(resource: Resource, name: string): Schema {
    const { pointer, value } = this.document.resolve(resource, `#${name}`);
    return this.at(pointer, value);
  }
}

/** Fills in the keywords of one schema. */
class SchemaReader {
  constructor(
    private readonly compiler: Compiler,
    private readonly schema: Schema,
    private readonly source: GoMap,
  ) {}

  read(): void {
    const { schema } = this;
    if (this.source.size === 0) {
      schema.bool = true;
      return;
    }
    const { draft } = schema;
    const reference = this.#text("$ref");
    if (reference !== undefined) {
      schema.ref = this.compiler.refer(schema, reference);
      if (draft < 2019) return;
    }
    this.#applicators();
    this.#validation();
    this.#objects();
    if (draft >= 6) this.#sinceDraft6();
    if (draft >= 2019) this.#since2019();
    if (draft >= 2020) this.#since2020();
  }

  #applicators(): void {
    const { schema } = this;
    schema.allOf = this.#list("allOf");
    schema.anyOf = this.#list("anyOf");
    schema.oneOf = this.#list("oneOf");
    schema.not = this.#schema("not");
    if (schema.draft >= 2020) {
      schema.tuple = this.#list("prefixItems");
      schema.rest = this.#schema("items");
    } else if (isList(this.source.get("items"))) {
      schema.tuple = this.#list("items");
      schema.rest = this.#schema("additionalItems");
    } else {
      schema.rest = this.#schema("items");
    }
  }

  #validation(): void {
    const { schema } = this;
    const type = this.source.get("type");
    if (typeof type === "string") schema.types = [type];
    else if (isList(type)) schema.types = sortTypes(texts(type));
    const enumeration = this.source.get("enum");
    if (isList(enumeration)) schema.enumeration = enumeration;
    // 2019 and later take formats for annotations.
    if (schema.draft < 2019) schema.format = this.#text("format");
    schema.bounds = this.#bounds();
    schema.multipleOf = this.#number("multipleOf");
    schema.minLength = this.#count("minLength");
    schema.maxLength = this.#count("maxLength");
    const pattern = this.#text("pattern");
    if (pattern !== undefined) schema.pattern = this.#pattern("pattern", pattern);
    schema.minItems = this.#count("minItems");
    schema.maxItems = this.#count("maxItems");
    schema.uniqueItems = this.source.get("uniqueItems") === true;
  }

  /** In draft 4 the exclusive forms are flags on the others. */
  #bounds(): Bounds {
    const bounds: [Bounds[number][0], number | Int | undefined][] = [
      ["minimum", this.#number("minimum")],
      ["maximum", this.#number("maximum")],
      ["exclusiveMinimum", this.#number("exclusiveMinimum")],
      ["exclusiveMaximum", this.#number("exclusiveMaximum")],
    ];
    if (this.source.get("exclusiveMinimum") === true) bounds[0][0] = "exclusiveMinimum";
    if (this.source.get("exclusiveMaximum") === true) bounds[1][0] = "exclusiveMaximum";
    return bounds.filter((bound): bound is [Bounds[number][0], number | Int] => bound[1] !== undefined);
  }

  #objects(): void {
    const { schema } = this;
    schema.minProperties = this.#count("minProperties");
    schema.maxProperties = this.#count("maxProperties");
    const required = this.source.get("required");
    if (isList(required)) schema.required = texts(required);
    const properties = this.#map("properties");
    if (properties !== undefined) schema.properties = new Map(properties);
    schema.patternProperties = this.#map("patternProperties")
      ?.map(([source, inner]) => [this.#pattern("patternProperties", source), inner] as const);
    schema.additionalProperties = this.#schema("additionalProperties");
    const dependencies = this.source.get("dependencies");
    if (isMap(dependencies)) {
      schema.dependencies = sortedKeys(dependencies).map((name) => {
        const value = dependencies.get(name)!;
        return [name, isList(value) ? texts(value) : this.#at(`dependencies/${escapeToken(name)}`, value)] as const;
      });
    }
  }

  #sinceDraft6(): void {
    const { schema } = this;
    schema.contains = this.#schema("contains");
    schema.propertyNames = this.#schema("propertyNames");
    if (this.source.has("const")) schema.constant = { value: this.source.get("const")! };
    if (schema.draft < 7) return;
    schema.if = this.#schema("if");
    schema.then = this.#schema("then");
    schema.else = this.#schema("else");
  }

  #since2019(): void {
    const { schema } = this;
    if (schema.contains !== undefined) {
      schema.minContains = this.#count("minContains");
      schema.maxContains = this.#count("maxContains");
    }
    schema.dependentSchemas = this.#map("dependentSchemas");
    const required = this.source.get("dependentRequired");
    if (isMap(required)) {
      schema.dependentRequired = sortedKeys(required).flatMap((name) => {
        const list = required.get(name)!;
        return isList(list) ? [[name, texts(list)] as const] : [];
      });
    }
    schema.unevaluatedItems = this.#schema("unevaluatedItems");
    schema.unevaluatedProperties = this.#schema("unevaluatedProperties");
    const reference = this.#text("$recursiveRef");
    if (reference !== undefined) schema.recursiveRef = this.compiler.refer(schema, reference);
    schema.recursiveAnchor = this.source.get("$recursiveAnchor") === true;
  }

  #since2020(): void {
    const { schema } = this;
    schema.dynamicAnchor = this.#text("$dynamicAnchor");
    const reference = this.#text("$dynamicRef");
    if (reference === undefined) return;
    const fragment = reference.split("#", 2)[1] ?? "";
    schema.dynamicRef = {
      schema: this.compiler.refer(schema, reference),
      anchor: fragment.startsWith("/") ? "" : fragment,
    };
  }

  #at(path: string, value: GoValue): Schema {
    return this.compiler.at(`${this.schema.pointer}/${path}`, value);
  }

  #schema(keyword: string): Schema | undefined {
    const value = this.source.get(keyword);
    return value === undefined ? undefined : this.#at(keyword, value);
  }

  #list(keyword: string): Schema[] | undefined {
    const value = this.source.get(keyword);
    return isList(value) ? value.map((item, i) => this.#at(`${keyword}/${i}`, item)) : undefined;
  }

  #map(keyword: string): (readonly [string, Schema])[] | undefined {
    const value = this.source.get(keyword);
    if (!isMap(value)) return undefined;
    return sortedKeys(value).map((key) => [key, this.#at(`${keyword}/${escapeToken(key)}`, value.get(key)!)] as const);
  }

  #text(keyword: string): string | undefined {
    const value = this.source.get(keyword);
    return typeof value === "string" ? value : undefined;
  }

  #number(keyword: string): number | Int | undefined {
    const value = this.source.get(keyword);
    return isNumber(value) ? value : undefined;
  }

  #count(keyword: string): number | undefined {
    const value = this.#number(keyword);
    return value !== undefined && Number.isInteger(Number(value)) ? Number(value) : undefined;
  }

  #pattern(keyword: string, source: string): Pattern {
    try {
      const expression = RE2JS.compile(source);
      return { source, test: (text) => expression.matcher(text).find() };
    } catch (error) {
      const place = `${this.schema.resource.url}#${this.schema.pointer}/${keyword}`;
      throw new SchemaError(`invalid regex ${JSON.stringify(source)} at "${place}": ${(error as Error).message}`);
    }
  }
}

const texts = (list: readonly GoValue[]) => list.filter((item) => typeof item === "string");

/** Types are printed in this order, whatever the schema's. */
const typeOrder = ["null", "boolean", "number", "integer", "string", "array", "object"];
const sortTypes = (types: readonly string[]) => typeOrder.filter((type) => types.includes(type));

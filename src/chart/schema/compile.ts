/** JSON schemas compiled for validation, drafts 4 to 2020-12. */
import { RE2JS } from "re2js";
import { type GoMap, type GoValue, isList, isMap, sortedKeys } from "../../template/value.ts";
import { type AnyNumber, isNumber } from "./numbers.ts";
import type { Bounds, Pattern, Schema } from "./compiled.ts";
import { printFailures } from "./failure.ts";
import { metaschema, metaschemaUrl } from "./metaschemas.ts";
import { escapeToken, locationOf, SchemaError } from "./addresses.ts";
import type { Draft } from "./drafts.ts";
import { type Place, type Resource, type SchemaDocument, SchemaLibrary } from "./resources.ts";
import { validate } from "./validate.ts";

/** The address that Helm gives to a chart's own schema. */
const ownUrl = "file:///values.schema.json";

/**
 * Compiles a decoded schema document, after validating it by its draft's metaschema; `remote` gives the documents at
 * other addresses, or throws. Throws {@link SchemaError} with the words of github.com/santhosh-tekuri/jsonschema.
 */
export function compileSchema(root: GoValue, remote: (url: string) => GoValue): Schema {
  const load = (url: string) => url === ownUrl ? root : metaschema(url) ?? remote(url);
  return new Compiler(new SchemaLibrary(load, checkByMetaschema)).compile(ownUrl);
}

const metaschemas = new Map<Draft, Schema>();

function checkByMetaschema({ document, pointer }: Place, draft: Draft, value: GoValue): void {
  const metaUrl = metaschemaUrl(draft);
  let schema = metaschemas.get(draft);
  if (schema === undefined) {
    const library = new SchemaLibrary((url) => metaschema(url)!, () => {});
    metaschemas.set(draft, schema = new Compiler(library, true).compile(metaUrl));
  }
  const failure = validate(schema, value);
  if (failure === undefined) return;
  throw new SchemaError(
    `"${locationOf({ url: document.url, pointer })}" is not valid against metaschema: ` +
      `jsonschema validation failed with '${metaUrl}#'\n${printFailures(failure)}`,
  );
}

class Compiler {
  readonly #schemas = new Map<string, Schema>();
  readonly #anchors = new Map<Resource, Map<string, Schema>>();
  readonly #queue: (() => void)[] = [];

  /** `formats` says whether formats are more than annotations in 2019 and later. */
  constructor(readonly library: SchemaLibrary, readonly formats = false) {}

  compile(url: string): Schema {
    const schema = this.at(this.library.document(url).root(""));
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    return schema;
  }

  /** The schema at a place; its keywords are filled in later, so that schemas may refer to themselves. */
  at({ document, pointer }: Place): Schema {
    const { url } = document;
    const key = `${url}#${pointer}`;
    const known = this.#schemas.get(key);
    if (known !== undefined) return known;
    const schema = { url, pointer } as Schema;
    this.#schemas.set(key, schema);
    this.#queue.push(() => this.#fill(schema, document));
    return schema;
  }

  #fill(schema: Schema, document: SchemaDocument): void {
    const { pointer } = schema;
    document.ensure(pointer);
    const resource = document.resourceAt(pointer);
    schema.draft = resource.draft;
    schema.resourceRoot = this.at({ document, pointer: resource.pointer });
    schema.dynamicAnchors = this.#dynamicAnchors(resource, document);
    const value = document.valueAt(pointer);
    if (typeof value === "boolean") schema.bool = value;
    else if (isMap(value)) new SchemaReader(this, schema, document, resource, value).read();
  }

  #dynamicAnchors(resource: Resource, document: SchemaDocument): Map<string, Schema> {
    let anchors = this.#anchors.get(resource);
    if (anchors === undefined) {
      this.#anchors.set(resource, anchors = new Map());
      for (const name of resource.dynamicAnchors) {
        anchors.set(name, this.at({ document, pointer: resource.anchors.get(name)! }));
      }
    }
    return anchors;
  }
}

/** Fills in the keywords of one schema. */
class SchemaReader {
  constructor(
    private readonly compiler: Compiler,
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
    const reference = this.#text("$ref");
    if (reference !== undefined) {
      schema.ref = this.#refer(reference);
      // Before 2019 what stands beside a $ref counts for nothing, but for const, which Helm's library looks at first.
      if (draft < 2019) return this.#constant();
    }
    this.#applicators();
    this.#validation();
    this.#objects();
    if (draft >= 6) this.#sinceDraft6();
    if (draft >= 2019) this.#since2019();
    if (draft >= 2020) this.#since2020();
  }

  #applicators(): void {
    this.#set({
      allOf: this.#list("allOf"),
      anyOf: this.#list("anyOf"),
      oneOf: this.#list("oneOf"),
      not: this.#schema("not"),
    });
    if (this.schema.draft >= 2020) {
      this.#set({ tuple: this.#list("prefixItems"), rest: this.#schema("items") });
    } else if (isList(this.source.get("items"))) {
      this.#set({ tuple: this.#list("items"), rest: this.#schema("additionalItems") });
    } else {
      this.#set({ rest: this.#schema("items") });
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
    if (schema.draft < 2019 || this.compiler.formats) this.#set({ format: this.#text("format") });
    const bounds = this.#bounds();
    if (bounds.length > 0) schema.bounds = bounds;
    const pattern = this.#text("pattern");
    if (pattern !== undefined) schema.pattern = this.#pattern("pattern", pattern);
    if (this.source.get("uniqueItems") === true) schema.uniqueItems = true;
    this.#set({
      multipleOf: this.#number("multipleOf"),
      minLength: this.#count("minLength"),
      maxLength: this.#count("maxLength"),
      minItems: this.#count("minItems"),
      maxItems: this.#count("maxItems"),
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

  #objects(): void {
    const { schema } = this;
    const required = this.source.get("required");
    if (isList(required)) schema.required = texts(required);
    const properties = this.#map("properties");
    if (properties !== undefined) schema.properties = new Map(properties);
    this.#set({
      minProperties: this.#count("minProperties"),
      maxProperties: this.#count("maxProperties"),
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

  #sinceDraft6(): void {
    this.#set({ contains: this.#schema("contains"), propertyNames: this.#schema("propertyNames") });
    this.#constant();
    if (this.schema.draft < 7) return;
    if (!this.source.has("if")) return;
    const condition = this.source.get("if");
    this.#set({ if: this.#schema("if") });
    if (condition !== false) this.#set({ then: this.#schema("then") });
    if (condition !== true) this.#set({ else: this.#schema("else") });
  }

  #constant(): void {
    const { schema, source } = this;
    if (schema.draft >= 6 && source.has("const")) schema.constant = { value: source.get("const")! };
  }

  #since2019(): void {
    const { schema } = this;
    if (schema.contains !== undefined) {
      this.#set({ minContains: this.#count("minContains"), maxContains: this.#count("maxContains") });
    }
    const required = this.source.get("dependentRequired");
    if (isMap(required)) {
      schema.dependentRequired = sortedKeys(required).flatMap((name) => {
        const list = required.get(name)!;
        return isList(list) ? [[name, texts(list)] as const] : [];
      });
    }
    this.#set({
      dependentSchemas: this.#map("dependentSchemas"),
      unevaluatedItems: this.#schema("unevaluatedItems"),
      unevaluatedProperties: this.#schema("unevaluatedProperties"),
    });
    const reference = this.#text("$recursiveRef");
    if (reference !== undefined) schema.recursiveRef = this.#refer(reference);
    if (this.source.get("$recursiveAnchor") === true) schema.recursiveAnchor = true;
  }

  #since2020(): void {
    const { schema } = this;
    this.#set({ dynamicAnchor: this.#text("$dynamicAnchor") });
    const reference = this.#text("$dynamicRef");
    if (reference === undefined) return;
    const fragment = reference.split("#", 2)[1] ?? "";
    schema.dynamicRef = {
      schema: this.#refer(reference),
      anchor: fragment.startsWith("/") ? "" : fragment,
    };
  }

  /** Sets the keywords that the schema has: one that is absent takes no memory. */
  #set(keywords: Partial<Schema>): void {
    for (const [keyword, value] of Object.entries(keywords)) {
      if (value !== undefined) Object.assign(this.schema, { [keyword]: value });
    }
  }

  #refer(reference: string): Schema {
    return this.compiler.at(this.compiler.library.resolve(this.document, this.resource, reference));
  }

  /** The schema under a keyword. */
  #at(path: string): Schema {
    return this.compiler.at({ document: this.document, pointer: `${this.schema.pointer}/${path}` });
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
      const place = `${locationOf(this.schema)}/${keyword}`;
      throw new SchemaError(`invalid regex ${JSON.stringify(source)} at "${place}": ${(error as Error).message}`);
    }
  }
}

const texts = (list: readonly GoValue[]) => list.filter((item) => typeof item === "string");

/** Types are printed in this order, whatever the schema's. */
const typeOrder = ["null", "boolean", "number", "integer", "string", "array", "object"];
const sortTypes = (types: readonly string[]) => typeOrder.filter((type) => types.includes(type));

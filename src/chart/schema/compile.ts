/** JSON schemas compiled for validation, drafts 4 to 2020-12. */
import { RE2JS } from "re2js";
import { type GoMap, type GoValue, isList, isMap, sortedKeys } from "../../template/value.ts";
import { type AnyNumber, isNumber } from "./numbers.ts";
import type { Bounds, Pattern, Schema } from "./compiled.ts";
import { printFailures } from "./failure.ts";
import { metaschema, metaschemaUrl } from "./metaschemas.ts";
import { isSchemaPosition } from "./positions.ts";
import {
  type Draft,
  escapeToken,
  locationOf,
  type Place,
  type Resource,
  SchemaDocument,
  SchemaError,
  SchemaLibrary,
} from "./resources.ts";
import { validate } from "./validate.ts";

/** The address that Helm gives to a chart's own schema. */
const ownUrl = "file:///values.schema.json";

/**
 * Compiles a decoded schema document, after validating it by its draft's metaschema; `remote` gives the documents at
 * other addresses, or throws. Throws {@link SchemaError} with the words of github.com/santhosh-tekuri/jsonschema.
 */
export function compileSchema(root: GoValue, remote: (url: string) => GoValue): Schema {
  const library = new SchemaLibrary((url) => {
    const known = metaschema(url);
    if (known !== undefined) return known;
    const document = remote(url);
    checkByMetaschema(document, url);
    return document;
  });
  checkByMetaschema(root, ownUrl);
  const compiler = new Compiler(library);
  const schema = compiler.at(library.add(ownUrl, root).place(ownUrl, ""));
  compiler.finish();
  return schema;
}

const metaschemas = new Map<Draft, Schema>();

function checkByMetaschema(root: GoValue, url: string): void {
  check(root, `${url}#`, new SchemaDocument(url, root).place(url, "").resource.draft);
}

function check(value: GoValue, location: string, draft: Draft): void {
  const metaUrl = metaschemaUrl(draft);
  let schema = metaschemas.get(draft);
  if (schema === undefined) {
    const library = new SchemaLibrary((part) => metaschema(part)!);
    const compiler = new Compiler(library, true);
    schema = compiler.at(library.add(metaUrl, metaschema(metaUrl)!).place(metaUrl, ""));
    compiler.finish();
    metaschemas.set(draft, schema);
  }
  const failure = validate(schema, value);
  if (failure === undefined) return;
  throw new SchemaError(
    `"${location}" is not valid against metaschema: jsonschema validation failed with '${metaUrl}#'\n${
      printFailures(failure)
    }`,
  );
}

class Compiler {
  readonly #schemas = new Map<string, Schema>();
  readonly #anchors = new Map<Resource, Map<string, Schema>>();
  readonly #queue: (() => void)[] = [];

  /** `formats`: whether formats are checked in all drafts; 2019 and later take them for annotations. */
  constructor(readonly library: SchemaLibrary, readonly formats = false) {}

  /** The schema at a place; its keywords are filled in later, so that schemas may refer to themselves. */
  at(place: Place): Schema {
    const { resource, pointer, value } = place;
    const { url, draft } = resource;
    const key = locationOf({ url, pointer });
    const known = this.#schemas.get(key);
    if (known !== undefined) return known;
    const schema = { url, pointer, draft } as Schema;
    this.#schemas.set(key, schema);
    schema.resourceRoot = pointer === resource.pointer ? schema : this.at(resource.document.place(resource.id, ""));
    schema.dynamicAnchors = this.#dynamicAnchors(resource);
    this.#queue.push(() => {
      if (typeof value === "boolean") schema.bool = value;
      else if (isMap(value)) new SchemaReader(this, schema, resource, value).read();
    });
    return schema;
  }

  finish(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }

  #dynamicAnchors(resource: Resource): Map<string, Schema> {
    let anchors = this.#anchors.get(resource);
    if (anchors === undefined) {
      this.#anchors.set(resource, anchors = new Map());
      for (const name of resource.dynamicAnchors) {
        anchors.set(name, this.at(resource.document.place(resource.id, name)));
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
    const always = this.source.get("if");
    this.#set({
      if: this.#schema("if"),
      then: always === false ? undefined : this.#schema("then"),
      else: always === true ? undefined : this.#schema("else"),
    });
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
    const place = this.compiler.library.resolve(this.resource, reference);
    const { resource: { url, draft }, pointer, value } = place;
    // The check of the whole document has not looked at what is no schema by its place, such as $defs before 2019.
    if (!isSchemaPosition(pointer, draft)) check(value, `${url}#${pointer}`, draft);
    return this.compiler.at(place);
  }

  /** The schema under a keyword. */
  #at(path: string): Schema {
    return this.compiler.at(this.resource.document.placeAt(`${this.schema.pointer}/${path}`));
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
    return sortedKeys(value).map((key) => [key, this.#at(`${keyword}/${escapeToken(key)}`)] as const);
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

/** JSON schemas compiled for validation, drafts 4 to 2020-12. */
import { type GoValue, isMap } from "../../template/value.ts";
import { escapeToken, locationOf, SchemaError } from "./addresses.ts";
import type { Schema } from "./compiled.ts";
import type { Draft } from "./drafts.ts";
import { printFailures } from "./failure.ts";
import { SchemaReader, type Schemas } from "./keywords.ts";
import { metaschema, metaschemaUrl } from "./metaschemas.ts";
import { type Place, type Resource, type SchemaDocument, SchemaLibrary } from "./resources.ts";
import { validate } from "./validate.ts";
import type { Dialect } from "./vocabularies.ts";

/** The address that Helm gives to a chart's own schema. */
const ownUrl = "file:///values.schema.json";

/**
 * Compiles a decoded schema document, after validating it by its dialect's metaschema; `remote` gives the documents at
 * other addresses, or throws. Throws {@link SchemaError} with the words of github.com/santhosh-tekuri/jsonschema.
 */
export function compileSchema(root: GoValue, remote: (url: string) => GoValue): Schema {
  const find = (url: string) => url === ownUrl ? root : metaschema(url) ?? remote(url);
  return new Compiler(new SchemaLibrary(find, checkByMetaschema)).compile(ownUrl);
}

function checkByMetaschema({ document, pointer }: Place): void {
  const schema = metaschemaOf(document.resourceAt(pointer).dialect);
  const failure = validate(schema, document.valueAt(pointer), (path) => {
    // As if the value stood at the top, whatever the pointer.
    const resource = document.resources.get(path.map((token) => `/${escapeToken(token)}`).join(""));
    return resource && metaschemaOf(resource.dialect);
  });
  if (failure === undefined) return;
  const name = schema.url === composed ? composed : locationOf(schema);
  throw new SchemaError(
    `"${locationOf({ url: document.url, pointer })}" is not valid against metaschema: ` +
      `jsonschema validation failed with '${name}'\n${printFailures(failure)}`,
  );
}

const metaschemas = new Map<string, Schema>();

/** What the schemas of a dialect have to meet. */
function metaschemaOf({ draft, vocabularies }: Dialect): Schema {
  const url = metaschemaUrl(draft);
  const name = vocabularies === undefined ? url : `${url} ${vocabularies}`;
  let schema = metaschemas.get(name);
  if (schema === undefined) {
    const compiled = (url: string) =>
      new Compiler(new SchemaLibrary((url) => metaschema(url)!, () => {}), true).compile(url);
    schema = vocabularies === undefined
      ? compiled(url)
      : allOf(draft, vocabularies.map((vocabulary) => compiled(url.replace(/schema$/, `meta/${vocabulary}`))));
    metaschemas.set(name, schema);
  }
  return schema;
}

const composed = "urn:mem:metaschema";

/** The metaschema that is those of several vocabularies. */
function allOf(draft: Draft, schemas: readonly Schema[]): Schema {
  const schema = { url: composed, pointer: "", draft, allOf: schemas } as Schema;
  schema.resourceRoot = schema;
  schema.dynamicAnchors = new Map(draft === 2020 ? [["meta", schema]] : []);
  if (draft === 2020) schema.dynamicAnchor = "meta";
  return schema;
}

class Compiler implements Schemas {
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
    schema.draft = resource.dialect.draft;
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

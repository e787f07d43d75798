/** Where schemas stand: documents, the resources in them that have ids of their own, and anchors. */
import { type GoValue, isList, isMap } from "../../template/value.ts";

/** A draft by its year, or by its number before there were years. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** A schema that cannot be compiled: a reference to nothing, an unknown draft, a bad regular expression. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

/** A schema resource: a document, or a part of one that has an `$id`. */
export interface Resource {
  /** Absolute, without a fragment; `base` of the references inside. */
  readonly id: string;
  /** The document that it stands in. */
  readonly url: string;
  readonly document: SchemaDocument;
  /** Where in the document, as a JSON pointer. */
  readonly pointer: string;
  readonly draft: Draft;
  /** Anchors by name, `$dynamicAnchor` among them, with the pointers to what they name. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A place that a reference leads to. */
export interface Place {
  readonly resource: Resource;
  readonly pointer: string;
  readonly value: GoValue;
}

/** Where a schema stands, `file:///values.schema.json#/properties/a`. */
export function locationOf({ url, pointer }: { readonly url: string; readonly pointer: string }): string {
  return `${url}#${pointer}`;
}

const drafts = new Map<string, Draft>([
  ["json-schema.org/draft-04/schema", 4],
  ["json-schema.org/draft-06/schema", 6],
  ["json-schema.org/draft-07/schema", 7],
  ["json-schema.org/draft/2019-09/schema", 2019],
  ["json-schema.org/draft/2020-12/schema", 2020],
  ["json-schema.org/schema", 2020],
]);

/** Keywords whose values are data, however much they look like schemas. */
const dataKeywords = new Set(["enum", "const", "default", "examples", "example"]);

/** The schemas that references can lead to: a chart's, and the metaschemas of the drafts. */
export class SchemaLibrary {
  readonly #documents = new Map<string, SchemaDocument>();

  /** `load` gives the documents that are referred to besides those added, or throws why it does not. */
  constructor(private readonly load: (url: string) => GoValue) {}

  add(url: string, root: GoValue): SchemaDocument {
    const document = new SchemaDocument(url, root);
    this.#documents.set(url, document);
    return document;
  }

  /** Where a reference in `from` leads. Throws {@link SchemaError}. */
  resolve(from: Resource, reference: string): Place {
    const target = new URL(reference, from.id);
    const fragment = decodeURIComponent(target.hash.slice(1));
    target.hash = "";
    return this.#document(from, target.href).place(target.href, fragment);
  }

  #document(from: Resource, url: string): SchemaDocument {
    const own = this.#documents.get(from.url)!;
    if (own.has(url)) return own;
    const known = this.#documents.get(url);
    if (known !== undefined) return known;
    return this.add(url, this.load(url));
  }
}

/** The resources of one document. */
export class SchemaDocument {
  readonly #byId = new Map<string, Resource>();
  readonly #resources: Resource[] = [];

  constructor(readonly url: string, readonly root: GoValue) {
    this.#collect(root, "", undefined);
  }

  /** Whether a resource of this id stands in the document. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** The place of a fragment, a JSON pointer or an anchor, in the resource of this id. Throws {@link SchemaError}. */
  place(id: string, fragment: string): Place {
    const resource = this.#byId.get(id) ?? this.#resources[0];
    if (fragment === "" || fragment.startsWith("/")) return this.placeAt(resource.pointer + fragment);
    const pointer = resource.anchors.get(fragment);
    if (pointer === undefined) {
      throw new SchemaError(`anchor in "${id}#${fragment}" not found in schema "${resource.url}"`);
    }
    return { resource, pointer, value: lookUp(this.root, pointer)! };
  }

  /** The place of a JSON pointer in the whole document. Throws {@link SchemaError}. */
  placeAt(pointer: string): Place {
    const value = lookUp(this.root, pointer);
    if (value === undefined) throw new SchemaError(`json-pointer in "${this.url}#${pointer}" not found`);
    return { resource: this.#resourceAt(pointer), pointer, value };
  }

  /** The resource that a pointer lies in. */
  #resourceAt(pointer: string): Resource {
    let found = this.#resources[0];
    for (const resource of this.#resources) {
      const inside = pointer === resource.pointer || pointer.startsWith(`${resource.pointer}/`);
      if (inside && resource.pointer.length >= found.pointer.length) found = resource;
    }
    return found;
  }
  #collect(value: GoValue, pointer: string, within: Resource | undefined): void {
    if (isList(value)) value.forEach((item, i) => this.#collect(item, `${pointer}/${i}`, within));
    if (within === undefined || isMap(value)) {
      const resource = this.#resourceOf(isMap(value) ? value : new Map(), pointer, within);
      if (!isMap(value)) return;
      for (const [key, item] of value) {
        if (!dataKeywords.has(key)) this.#collect(item, `${pointer}/${escapeToken(key)}`, resource);
      }
    }
  }

  #resourceOf(schema: ReadonlyMap<string, GoValue>, pointer: string, within: Resource | undefined): Resource {
    const draft = draftOf(schema.get("$schema")) ?? within?.draft ?? 2020;
    const own = schema.get(draft === 4 ? "id" : "$id");
    const id = typeof own === "string" ? own : "";
    // Before 2019 an `$id` beside a `$ref` counted for nothing.
    const ignored = draft < 2019 && schema.has("$ref");
    const [path, fragment] = ignored ? ["", undefined] : id.split("#", 2);
    let resource = within;
    if (resource === undefined || path !== "") {
      resource = {
        id: new URL(path, within?.id ?? this.url).href,
        url: this.url,
        document: this,
        pointer,
        draft,
        anchors: new Map(),
        dynamicAnchors: new Set(),
      };
      this.#resources.push(resource);
      this.#byId.set(resource.id, resource);
      if (within === undefined) this.#byId.set(this.url, resource);
    }
    if (draft < 2019 && fragment) resource.anchors.set(fragment, pointer);
    for (const keyword of draft < 2019 ? [] : draft < 2020 ? ["$anchor"] : ["$anchor", "$dynamicAnchor"]) {
      const name = schema.get(keyword);
      if (typeof name !== "string") continue;
      resource.anchors.set(name, pointer);
      if (keyword === "$dynamicAnchor") resource.dynamicAnchors.add(name);
    }
    return resource;
  }
}

function draftOf(schema: GoValue | undefined): Draft | undefined {
  if (typeof schema !== "string") return undefined;
  const draft = drafts.get(schema.replace(/^https?:\/\//, "").replace(/#$/, ""));
  if (draft !== undefined) return draft;
  const [url] = schema.split("#", 1);
  // As Helm takes a name that it cannot resolve.
  if (url.startsWith("urn:")) return undefined;
  const reason = /^[a-z]+:/.test(url)
    ? "schemas outside the chart are not loaded"
    : `no URLLoader registered for "${url}"`;
  throw new SchemaError(`failing loading "${url}": ${reason}`);
}

/** A key as it stands in a JSON pointer. */
export function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

function lookUp(root: GoValue, pointer: string): GoValue | undefined {
  let value: GoValue | undefined = root;
  for (const escaped of pointer.split("/").slice(1)) {
    const token = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isMap(value)) value = value.get(token);
    else if (isList(value)) value = value[Number(token)];
    else return undefined;
  }
  return value;
}

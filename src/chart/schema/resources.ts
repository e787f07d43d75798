/** Where schemas stand: documents, the resources in them that have ids of their own, and anchors. */
import { quote } from "../../template/format.ts";
import { type GoMap, type GoValue, isMap } from "../../template/value.ts";
import { parseUrl } from "../../sprig/url-parse.ts";
import { type Address, isPointer, joinAddress, locationOf, lookUp, SchemaError, splitFragment } from "./addresses.ts";
import { type Draft, draftNamed, idOf, subschemas } from "./drafts.ts";

/** A schema resource: a document, or a part of one that has an `$id`. */
export interface Resource {
  /** Absolute, without a fragment; `base` of the references inside. */
  readonly id: string;
  /** Where in the document, as a JSON pointer. */
  readonly pointer: string;
  readonly draft: Draft;
  /** Anchors by name, `$dynamicAnchor` among them, with the pointers to what they name. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A place in a document, which may hold no schema. */
export interface Place {
  readonly document: SchemaDocument;
  readonly pointer: string;
}

/** Throws {@link SchemaError} if what stands at a place is no schema of the draft. */
export type Check = (place: Place, draft: Draft, value: GoValue) => void;

/** The documents that references can lead to. */
export class SchemaLibrary {
  readonly #documents = new Map<string, SchemaDocument>();

  /** `load` gives the documents by their addresses, or throws why it does not. */
  constructor(private readonly load: (url: string) => GoValue, private readonly check: Check) {}

  /** The document at an address. Throws {@link SchemaError} if it is no schema. */
  document(url: string): SchemaDocument {
    let document = this.#documents.get(url);
    if (document === undefined) {
      document = new SchemaDocument(url, this.load(url), this);
      if (!/^https?:\/\/json-schema\.org\//.test(url)) this.checkAt({ document, pointer: "" });
      this.#documents.set(url, document);
    }
    return document;
  }

  checkAt(place: Place): void {
    const { document, pointer } = place;
    this.check(place, document.resourceAt(pointer).draft, document.valueAt(pointer));
  }

  /** Where a reference leads from a resource of a document. Throws {@link SchemaError}. */
  resolve(from: SchemaDocument, resource: Resource, reference: string): Place {
    const target = joinAddress(resource.id, reference);
    return from.find(target) ?? this.document(target.url).root(target.fragment);
  }

  /** The draft of a schema, by its `$schema`, or that of this one's metaschema. */
  draftOf(schema: GoMap, place: Omit<Place, "document"> & { readonly url: string }, otherwise: Draft): Draft {
    let name = schema.get("$schema");
    const seen = new Set<string>();
    for (let at = place;;) {
      if (typeof name !== "string") return otherwise;
      const draft = draftNamed(name);
      if (draft !== undefined) return draft;
      const [url] = name.split("#", 1);
      try {
        parseUrl(url);
      } catch (error) {
        throw new SchemaError(`invalid $schema in "${locationOf(at)}": ${(error as Error).message}`);
      }
      if (at.pointer === "" && url === at.url) throw new SchemaError(`draft "${url}" is not supported`);
      if (seen.has(url)) throw new SchemaError(`cycle in resolving $schema in "${url}"`);
      seen.add(url);
      const metaschema = this.load(url);
      name = isMap(metaschema) ? metaschema.get("$schema") : undefined;
      at = { url, pointer: "" };
    }
  }
}

/** A document, with the resources of it that are known. */
export class SchemaDocument {
  readonly #resources = new Map<string, Resource>();
  /** Where schemas stand that were looked through. */
  readonly #seen = new Set<string>();

  constructor(readonly url: string, private readonly value: GoValue, private readonly library: SchemaLibrary) {
    this.#collect(value, url, "", 2020);
  }

  valueAt(pointer: string): GoValue {
    return lookUp(this.value, this.url, pointer);
  }

  /** The resource that a pointer lies in. */
  resourceAt(pointer: string): Resource {
    for (let at = pointer; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      const found = this.#resources.get(at);
      if (found !== undefined) return found;
    }
    return this.#resources.get("")!;
  }

  /** The place of a fragment of the whole document. Throws {@link SchemaError}. */
  root(fragment: string): Place {
    return this.#place(this.resourceAt(""), fragment);
  }

  /** The place that an address leads to, if it is in this document. Throws {@link SchemaError}. */
  find({ url, fragment }: Address): Place | undefined {
    if (url === this.url) return this.root(fragment);
    const resource = [...this.#resources.values()].find(({ id }) => id === url);
    return resource && this.#place(resource, fragment);
  }

  /** Makes sure that a schema stands at a place, which only the reference to it may have said so far. */
  ensure(pointer: string): void {
    if (this.#seen.has(pointer)) return;
    const value = this.valueAt(pointer);
    const { id, draft } = this.resourceAt(pointer);
    this.#collect(value, id, pointer, draft);
    this.library.checkAt({ document: this, pointer });
  }

  #place(resource: Resource, fragment: string): Place {
    const pointer = isPointer(fragment) ? resource.pointer + fragment : resource.anchors.get(fragment);
    if (pointer !== undefined) return { document: this, pointer };
    const address = locationOf({ url: resource.id, pointer: fragment });
    throw new SchemaError(`anchor in "${address}" not found in schema "${this.url}"`);
  }

  /** `base` is the id of the resource around, of the draft `otherwise`. */
  #collect(schema: GoValue, base: string, pointer: string, otherwise: Draft): void {
    if (this.#seen.has(pointer)) return;
    this.#seen.add(pointer);
    if (!isMap(schema)) {
      if (pointer === "") this.#add(base, pointer, otherwise);
      return;
    }
    const named = this.library.draftOf(schema, { url: this.url, pointer }, otherwise);
    // A `$schema` counts at the top, and beside an id.
    const own = idOf(named, schema);
    const draft = own === "" && pointer !== "" ? otherwise : named;
    const id = own === "" ? idOf(draft, schema) : own;
    const inside = id === "" ? base : this.#parse("id", pointer, () => joinAddress(base, id).url);
    if (id !== "" || pointer === "") this.#add(inside, pointer, draft);
    const resource = [...this.#resources.values()].find((one) => one.id === inside)!;
    this.#collectAnchors(schema, pointer, resource);
    for (const [at, value] of subschemas(draft, schema, pointer)) this.#collect(value, inside, at, resource.draft);
  }

  /** Of an id or an anchor that cannot be read Helm's library says where it is, and not why. */
  #parse<A>(what: "id" | "anchor", pointer: string, read: () => A): A {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      throw new SchemaError(`error in parsing ${what} at ${quote(locationOf({ url: this.url, pointer }))}`);
    }
  }

  #add(id: string, pointer: string, draft: Draft): void {
    for (const other of this.#resources.values()) {
      if (other.id !== id) continue;
      throw new SchemaError(`duplicate id "${id}" in "${this.url}" at "${pointer}" and "${other.pointer}"`);
    }
    this.#resources.set(pointer, { id, pointer, draft, anchors: new Map(), dynamicAnchors: new Set() });
  }

  #collectAnchors(schema: GoMap, pointer: string, resource: Resource): void {
    for (const [keyword, name] of this.#parse("anchor", pointer, () => [...anchorsOf(schema, resource.draft)])) {
      const known = resource.anchors.get(name);
      if (known !== undefined && known !== pointer) {
        throw new SchemaError(`duplicate anchor "${name}" in "${this.url}" at "${known}" and "${pointer}"`);
      }
      resource.anchors.set(name, pointer);
      if (keyword === "$dynamicAnchor") resource.dynamicAnchors.add(name);
    }
  }
}

/** Before 2019 a fragment in the id names an anchor. */
function* anchorsOf(schema: GoMap, draft: Draft): Generator<[keyword: string, name: string]> {
  if (draft < 2019) {
    const id = schema.get(draft === 4 ? "id" : "$id");
    if (typeof id !== "string" || schema.has("$ref")) return;
    const { fragment } = splitFragment(id);
    if (!isPointer(fragment)) yield ["$id", fragment];
    return;
  }
  for (const keyword of draft === 2019 ? ["$anchor"] : ["$anchor", "$dynamicAnchor"]) {
    const name = schema.get(keyword);
    if (typeof name === "string") yield [keyword, name];
  }
}

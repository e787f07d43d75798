/** Where schemas stand: documents, the resources in them that have ids of their own, and anchors. */
import { quote } from "../../template/format.ts";
import { type GoMap, type GoValue, isMap } from "../../template/value.ts";
import { parseUrl } from "../../sprig/url-parse.ts";
import {
  type Address,
  escapeFragment,
  isPointer,
  joinAddress,
  locationOf,
  lookUp,
  SchemaError,
  splitFragment,
} from "./addresses.ts";
import { type Draft, draftNamed, idOf, subschemas } from "./drafts.ts";
import { type Dialect, vocabulariesOf } from "./vocabularies.ts";

/** A schema resource: a document, or a part of one that has an `$id`. */
export interface Resource {
  /** Absolute, without a fragment; `base` of the references inside. */
  readonly id: string;
  /** Where in the document, as a JSON pointer. */
  readonly pointer: string;
  readonly dialect: Dialect;
  /** Anchors by name, `$dynamicAnchor` among them, with the pointers to what they name. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A place in a document, which may hold no schema. */
export interface Place {
  readonly document: SchemaDocument;
  readonly pointer: string;
}

/** Throws {@link SchemaError} if what stands at a place is no schema of its dialect. */
export type Check = (place: Place) => void;

/** The documents that references can lead to. */
export class SchemaLibrary {
  readonly #documents = new Map<string, SchemaDocument>();
  readonly #loaded = new Map<string, GoValue>();

  /** `find` gives the documents by their addresses, or throws why it does not. */
  constructor(private readonly find: (url: string) => GoValue, readonly check: Check) {}

  /** The document at an address. Throws {@link SchemaError} if it is no schema. */
  document(url: string): SchemaDocument {
    let document = this.#documents.get(url);
    if (document === undefined) {
      document = new SchemaDocument(url, this.#load(url), this);
      if (!/^https?:\/\/json-schema\.org\//.test(url)) this.check({ document, pointer: "" });
      this.#documents.set(url, document);
    }
    return document;
  }

  #load(url: string): GoValue {
    let loaded = this.#loaded.get(url);
    if (loaded === undefined) this.#loaded.set(url, loaded = this.find(url));
    return loaded;
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
      const url = withoutFragment(name);
      try {
        parseUrl(url);
      } catch (error) {
        throw new SchemaError(`invalid $schema in ${quote(locationOf(at))}: ${(error as Error).message}`);
      }
      if (at.pointer === "" && url === at.url) throw new SchemaError(`draft ${quote(url)} is not supported`);
      if (seen.has(url)) throw new SchemaError(`cycle in resolving $schema in ${quote(url)}`);
      seen.add(url);
      const metaschema = this.#load(url);
      name = isMap(metaschema) ? metaschema.get("$schema") : undefined;
      at = { url, pointer: "" };
    }
  }

  /** The dialect of a schema of this draft, by its `$schema`; `otherwise` where it has none. */
  dialectOf(schema: GoMap, draft: Draft, otherwise: Dialect): Dialect {
    const name = schema.get("$schema");
    if (typeof name !== "string") return otherwise;
    if (draftNamed(name) !== undefined) return { draft };
    const url = withoutFragment(name);
    return { draft, vocabularies: vocabulariesOf(this.#load(url), url, draft) };
  }
}

const withoutFragment = (url: string) => url.split("#", 1)[0];

/** A document, with the resources of it that are known. */
export class SchemaDocument {
  /** By their pointers. */
  readonly resources = new Map<string, Resource>();
  readonly #byId = new Map<string, Resource>();
  /** Where schemas stand that were looked through. */
  readonly #seen = new Set<string>();

  constructor(readonly url: string, private readonly value: GoValue, private readonly library: SchemaLibrary) {
    this.#collect(value, url, "", { draft: 2020 });
  }

  valueAt(pointer: string): GoValue {
    return lookUp(this.value, this.url, pointer);
  }

  /** The resource that a pointer lies in. */
  resourceAt(pointer: string): Resource {
    for (let at = pointer; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      const found = this.resources.get(at);
      if (found !== undefined) return found;
    }
    return this.resources.get("")!;
  }

  /** The place of a fragment of the whole document. Throws {@link SchemaError}. */
  root(fragment: string): Place {
    return this.#place(this.resourceAt(""), fragment);
  }

  /** The place that an address leads to, if it is in this document. Throws {@link SchemaError}. */
  find({ url, fragment }: Address): Place | undefined {
    if (url === this.url) return this.root(fragment);
    const resource = this.#byId.get(url);
    return resource && this.#place(resource, fragment);
  }

  /** Makes sure that a schema stands at a place, which only the reference to it may have said so far. */
  ensure(pointer: string): void {
    if (this.#seen.has(pointer)) return;
    const value = this.valueAt(pointer);
    const { id, dialect } = this.resourceAt(pointer);
    this.#collect(value, id, pointer, dialect);
    this.library.check({ document: this, pointer });
  }

  #place(resource: Resource, fragment: string): Place {
    const pointer = isPointer(fragment) ? resource.pointer + fragment : resource.anchors.get(fragment);
    if (pointer !== undefined) return { document: this, pointer };
    const address = `${resource.id}#${escapeFragment(fragment)}`;
    throw new SchemaError(`anchor in ${quote(address)} not found in schema ${quote(this.url)}`);
  }

  /** `base` is the id of the resource around, of the dialect `otherwise`. */
  #collect(schema: GoValue, base: string, pointer: string, otherwise: Dialect): void {
    if (this.#seen.has(pointer)) return;
    this.#seen.add(pointer);
    if (!isMap(schema)) {
      if (pointer === "") this.#add(base, pointer, () => otherwise);
      return;
    }
    const named = this.library.draftOf(schema, { url: this.url, pointer }, otherwise.draft);
    // A `$schema` counts at the top, and beside an id.
    const counts = pointer === "" || idOf(named, schema) !== "";
    const draft = counts ? named : otherwise.draft;
    const id = idOf(draft, schema);
    const inside = id === "" ? base : this.#parse("id", pointer, () => joinAddress(base, id).url);
    if (id !== "" || pointer === "") {
      this.#add(inside, pointer, () => counts ? this.library.dialectOf(schema, draft, otherwise) : otherwise);
    }
    const resource = this.#byId.get(inside)!;
    this.#collectAnchors(schema, pointer, resource);
    for (const [at, value] of subschemas(draft, schema, pointer)) this.#collect(value, inside, at, resource.dialect);
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

  #add(id: string, pointer: string, dialect: () => Dialect): void {
    const known = this.#byId.get(id);
    if (known !== undefined) {
      const places = `${quote(pointer)} and ${quote(known.pointer)}`;
      throw new SchemaError(`duplicate id ${quote(id)} in ${quote(this.url)} at ${places}`);
    }
    const resource = { id, pointer, dialect: dialect(), anchors: new Map(), dynamicAnchors: new Set<string>() };
    this.resources.set(pointer, resource);
    this.#byId.set(id, resource);
  }

  #collectAnchors(schema: GoMap, pointer: string, resource: Resource): void {
    const { draft } = resource.dialect;
    for (const [keyword, name] of this.#parse("anchor", pointer, () => [...anchorsOf(schema, draft)])) {
      const known = resource.anchors.get(name);
      if (known !== undefined && known !== pointer) {
        const places = `${quote(known)} and ${quote(pointer)}`;
        throw new SchemaError(`duplicate anchor ${quote(name)} in ${quote(this.url)} at ${places}`);
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

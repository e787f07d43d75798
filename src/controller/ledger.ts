/**
 * What the operator knows of its releases' objects: for each the hash that it had when the operator last wrote or checked it. A
 * watch event with that hash, or an older one, is the operator's own doing or concerns nobody; any other is drift.
 *
 * Pure: it holds a key, a hash and a resourceVersion of each object, and asks nobody.
 */
import { type KubeObject, parseApiVersion } from "../kube/object.ts";

/** operator-sdk's label on every object of a release; its value is the chart's name. */
export const chartLabel = "helm.sdk.operatorframework.io/chart";
const primaryAnnotation = "operator-sdk/primary-resource";
const primaryTypeAnnotation = "operator-sdk/primary-resource-type";

/** A custom resource that owns objects. */
export interface Owner {
  /** `Web.apps.example.com`. */
  readonly type: string;
  /** `namespace/name`; the namespace is empty for cluster-scoped ones. */
  readonly key: string;
}

/** Where objects of a kind lie; one watch sees them all. */
export interface Place {
  readonly apiVersion: string;
  readonly kind: string;
  readonly chart: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
}

/** An object as it was seen at some time. */
export interface Sighting {
  /** Its resourceVersion. */
  readonly version: string;
  /** What it had in the fields that the operator owns. */
  readonly hash: string;
}

interface Entry {
  readonly owner: Owner;
  readonly place: Place;
  readonly expected: Sighting;
}

/** A change that somebody else made. */
export interface Drift {
  readonly owner: Owner;
  readonly change: "changed" | "deleted";
}

/** Names an object. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #objectsOf = new Map<string, Set<string>>();
  /** Seen while their owner was worked on, in no sure order with the answers to writes; null for gone. */
  readonly #deferred = new Map<string, Sighting | null>();
  /** Seen and not, or not yet, written by this process. */
  readonly #unclaimed = new Map<string, Sighting>();

  /** `isNamespaced` tells of a kind of custom resource, named as in {@link Owner}, whether it lies in namespaces. */
  constructor(private readonly isNamespaced: (type: string) => boolean) {}

  /**
   * The operator wrote the object and this came back, or it read the object and will write it if that is not as it
   * should be. Objects that belong to no release are passed over: then it gives false.
   */
  expect(object: KubeObject, hash: (object: KubeObject) => string): boolean {
    const owner = ownerOf(object, this.isNamespaced);
    const chart = object.metadata.labels?.[chartLabel];
    if (owner === null || chart === undefined || isHook(object)) return false;
    const { apiVersion, kind, metadata: { namespace = "", name = "", resourceVersion = "" } } = object;
    const key = keyOf({ apiVersion, kind, namespace, name });
    const expected = { version: resourceVersion, hash: hash(object) };
    this.#entries.set(key, { owner, place: { apiVersion, kind, chart, namespace }, expected });
    const id = ownerId(owner);
    this.#objectsOf.set(id, (this.#objectsOf.get(id) ?? new Set()).add(key));
    const seen = this.#unclaimed.get(key);
    if (seen !== undefined) this.#deferred.set(key, seen);
    this.#unclaimed.delete(key);
    return true;
  }

  /** The operator is about to delete the object: its disappearance is no drift. */
  deletes(name: ObjectName): void {
    const key = keyOf(name);
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#objectsOf.get(ownerId(entry.owner))?.delete(key);
    this.#entries.delete(key);
    this.#deferred.delete(key);
  }

  /** The custom resource is gone. */
  forget(owner: Owner): void {
    for (const key of this.#objectsOf.get(ownerId(owner)) ?? []) {
      this.#entries.delete(key);
      this.#deferred.delete(key);
    }
    this.#objectsOf.delete(ownerId(owner));
  }

  /** Where the owner's objects lie, each place once. */
  placesOf(owner: Owner): Place[] {
    const places = [...this.#objectsOf.get(ownerId(owner)) ?? []].map((key) => this.#entries.get(key)!.place);
    return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
  }

  /**
   * A watch saw the object, or saw it go (null). Gives the drift that this is; null when it is none, or when that shows
   * only in {@link settle} because the owner is being worked on.
   */
  saw(name: ObjectName, seen: Sighting | null, isBusy: (owner: Owner) => boolean): Drift | null {
    const key = keyOf(name);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      if (seen === null) this.#unclaimed.delete(key);
      else this.#unclaimed.set(key, seen);
      return null;
    }
    if (!isBusy(entry.owner)) return judge(entry, seen);
    this.#deferred.set(key, seen);
    return null;
  }

  /** The work on the owner is over: the drift that was seen meanwhile, or null. */
  settle(owner: Owner): Drift | null {
    let found: Drift | null = null;
    for (const key of this.#objectsOf.get(ownerId(owner)) ?? []) {
      const seen = this.#deferred.get(key);
      if (seen === undefined) continue;
      this.#deferred.delete(key);
      found ??= judge(this.#entries.get(key)!, seen);
    }
    return found;
  }
}

function judge({ owner, expected }: Entry, seen: Sighting | null): Drift | null {
  if (seen === null) return { owner, change: "deleted" };
  return seen.hash === expected.hash || isOlder(seen.version, expected.version) ? null : { owner, change: "changed" };
}

/** Kubernetes' resourceVersions grow with time within a resource; what is no number compares with nothing. */
export function isOlder(a: string, b: string): boolean {
  return /^\d+$/.test(a) && /^\d+$/.test(b) && BigInt(a) < BigInt(b);
}

/** The custom resource that an object belongs to, by its controller reference or operator-sdk's annotations. */
export function ownerOf(object: KubeObject, isNamespaced: (type: string) => boolean): Owner | null {
  const { namespace = "", annotations, ownerReferences } = object.metadata;
  const type = annotations?.[primaryTypeAnnotation];
  const key = annotations?.[primaryAnnotation];
  if (type !== undefined && key !== undefined) return { type, key: key.includes("/") ? key : `/${key}` };
  const reference = ownerReferences?.find((each) => each.controller);
  if (reference === undefined) return null;
  const owner = typeName(parseApiVersion(reference.apiVersion).group, reference.kind);
  return { type: owner, key: `${isNamespaced(owner) ? namespace : ""}/${reference.name}` };
}

/** `Web.apps.example.com`; a kind of the core group stands alone. */
export function typeName(group: string, kind: string): string {
  return group === "" ? kind : `${kind}.${group}`;
}

function isHook(object: KubeObject): boolean {
  return object.metadata.annotations?.["helm.sh/hook"] !== undefined;
}

/** The name of an object that has one. */
export function nameOf({ apiVersion, kind, metadata: { namespace, name = "" } }: KubeObject): ObjectName {
  return { apiVersion, kind, namespace, name };
}

/** One text for each object. */
export function keyOf({ apiVersion, kind, namespace = "", name }: ObjectName): string {
  return `${apiVersion}|${kind}|${namespace}|${name}`;
}

/** One text for each owner. */
export function ownerId(owner: Owner): string {
  return `${owner.type}|${owner.key}`;
}

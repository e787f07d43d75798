/** What a watch has shown so far, reduced to what its consumer keeps of each object. Pure. */
import type { WatchEvent } from "./kube-client.ts";
import type { KubeObject } from "./object.ts";

/** Names an object among those of its kind; no namespace for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** What became of one object. `previous` is what was last kept of it. */
export type ObjectChange<A> =
  | { readonly type: "Applied"; readonly key: ObjectKey; readonly value: A; readonly previous: A | undefined }
  | { readonly type: "Deleted"; readonly key: ObjectKey; readonly previous: A };

interface Kept<A> {
  readonly key: ObjectKey;
  readonly uid: string | undefined;
  readonly value: A;
}

/**
 * Turns lists and watch events into changes. An object of which the same is kept as before (`===`) is no change, and
 * one that was deleted and made again unseen is two.
 */
export class WatchView<A> {
  readonly #kept = new Map<string, Kept<A>>();
  /** The keys seen in the list under way. */
  #listed: Set<string> | undefined;

  constructor(private readonly project: (object: KubeObject) => A) {}

  beginList(): void {
    this.#listed = new Set();
  }

  /** A page of the list. */
  page(objects: ReadonlyArray<KubeObject>): ObjectChange<A>[] {
    return objects.flatMap((object) => {
      this.#listed?.add(idOf(object));
      return this.#apply(object);
    });
  }

  /** The list is whole: what it did not have is gone. */
  endList(): ObjectChange<A>[] {
    const listed = this.#listed ?? new Set();
    this.#listed = undefined;
    return [...this.#kept.keys()].filter((id) => !listed.has(id)).flatMap((id) => this.#remove(id));
  }

  /** A watch's event; a bookmark changes nothing. */
  event(event: WatchEvent): ObjectChange<A>[] {
    if (event.type === "BOOKMARK") return [];
    return event.type === "DELETED" ? this.#remove(idOf(event.object)) : this.#apply(event.object);
  }

  #apply(object: KubeObject): ObjectChange<A>[] {
    const { namespace, name = "", uid } = object.metadata;
    const id = idOf(object);
    const last = this.#kept.get(id);
    const remade = last !== undefined && last.uid !== uid;
    const deleted = remade ? this.#remove(id) : [];
    const value = this.project(object);
    const key = last?.key ?? { ...(namespace && { namespace }), name };
    this.#kept.set(id, { key, uid, value });
    const previous = remade ? undefined : last?.value;
    if (last && !remade && value === previous) return [];
    return [...deleted, { type: "Applied", key, value, previous }];
  }

  #remove(id: string): ObjectChange<A>[] {
    const last = this.#kept.get(id);
    this.#kept.delete(id);
    return last ? [{ type: "Deleted", key: last.key, previous: last.value }] : [];
  }
}

function idOf({ metadata: { namespace, name } }: KubeObject): string {
  return `${namespace ?? ""}/${name}`;
}

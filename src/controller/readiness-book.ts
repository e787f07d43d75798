/**
 * How ready the objects of releases are, as watches and the operator's own requests last showed them. Pure: it holds a
 * few words an object, and asks nobody.
 */
import { gvkOf, type KubeObject } from "../kube/object.ts";
import { readiness } from "../kube/readiness.ts";
import { isOlder, keyOf, type ObjectName, type Owner, ownerId } from "./ledger.ts";
import { podSelector } from "./pod-trouble.ts";
import type { ResourceStatus } from "./status.ts";

/** Longer messages are cut, in characters. */
const longestMessage = 300;

/** What is known of an object. */
export interface Verdict {
  readonly status: ResourceStatus["status"];
  readonly message: string;
  /** The resourceVersion and generation that it was judged by. */
  readonly version: string;
  readonly generation: number | undefined;
  /** Which pods the object makes, as a label selector; only of one that makes pods and is not Current. */
  readonly selector: string | undefined;
}

/** An object of a release, and what is known of it. */
export interface Member extends ObjectName {
  readonly verdict: Verdict;
}

const notFound: Verdict = {
  status: "NotFound",
  message: "The object is not there",
  version: "",
  generation: undefined,
  selector: undefined,
};

/** The verdict of an object as it is now; `now` in milliseconds since 1970. */
export function judge(object: KubeObject, now: number): Verdict {
  const { status, message } = readiness(object, now);
  const { resourceVersion: version = "", generation } = object.metadata;
  const isCurrent = status === "Current";
  return {
    status,
    // Nobody is told why an object is ready: not keeping it keeps the memory small.
    message: isCurrent ? "" : message.slice(0, longestMessage),
    version,
    generation,
    selector: isCurrent ? undefined : podSelector(gvkOf(object), object.spec),
  };
}

export class ReadinessBook {
  readonly #verdicts = new Map<string, Verdict>();
  readonly #ownerOf = new Map<string, Owner>();
  readonly #membersOf = new Map<string, ReadonlyArray<ObjectName>>();

  /** The object was seen, or is gone (null). Gives its owner when this changes what is known of its release. */
  saw(name: ObjectName, verdict: Verdict | null): Owner | null {
    const key = keyOf(name);
    const last = this.#verdicts.get(key);
    if (verdict === null) this.#verdicts.delete(key);
    else if (last !== undefined && isOlder(verdict.version, last.version)) return null;
    else this.#verdicts.set(key, verdict);
    const isSame = last?.status === verdict?.status && last?.message === verdict?.message &&
      last?.generation === verdict?.generation;
    return isSame ? null : this.#ownerOf.get(key) ?? null;
  }

  /** From now on the owner's release consists of these. */
  consists(owner: Owner, names: ReadonlyArray<ObjectName>): void {
    const id = ownerId(owner);
    const keys = new Set(names.map(keyOf));
    for (const old of this.#membersOf.get(id) ?? []) {
      const key = keyOf(old);
      if (keys.has(key)) continue;
      this.#ownerOf.delete(key);
      this.#verdicts.delete(key);
    }
    for (const key of keys) this.#ownerOf.set(key, owner);
    this.#membersOf.set(id, names);
  }

  /** The objects of the owner's release in their order. */
  members(owner: Owner): Member[] {
    return (this.#membersOf.get(ownerId(owner)) ?? [])
      .map((name) => ({ ...name, verdict: this.#verdicts.get(keyOf(name)) ?? notFound }));
  }

  /** The owner is gone. */
  forget(owner: Owner): void {
    this.consists(owner, []);
    this.#membersOf.delete(ownerId(owner));
  }
}

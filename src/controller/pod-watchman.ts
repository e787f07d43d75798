/** Looks at the pods of workloads that do not get ready, a few times each, to say why. */
import { Clock, Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import { gvkOf, type KubeObject } from "../kube/object.ts";
import { probeFailure, refusal, says } from "../release/explain.ts";
import { isUnready, reasonOf } from "../release/pod-reason.ts";
import { keyOf } from "./ledger.ts";
import { longest, podTrouble } from "./pod-trouble.ts";
import type { Member } from "./readiness-book.ts";

/** After so long of not being ready its pods are looked at, until a reason is found; milliseconds. */
const looks = [3_000, 15_000, 60_000];

const pods = gvkOf({ apiVersion: "v1", kind: "Pod" });

interface Case {
  readonly generation: number | undefined;
  readonly status: string;
  readonly since: number;
  times: number;
  reason: string | undefined;
  /** Whether more may be known later. */
  isOpen: boolean;
}

interface Finding {
  readonly reason?: string;
  readonly isOpen: boolean;
}

export class PodWatchman {
  readonly #cases = new Map<string, Case>();
  /** Namespaces whose pods may not be listed: asking again would be refused again. */
  readonly #refused = new Set<string | undefined>();

  constructor(private readonly kube: Pick<KubeClient["Service"], "list">) {}

  /** Why the object's pods do not come up, as far as it was looked into. */
  readonly why = (member: Member): string | undefined => this.#caseOf(member)?.reason;

  /** The members are no longer of interest. */
  forget(members: ReadonlyArray<Member>): void {
    for (const member of members) this.#cases.delete(keyOf(member));
  }

  /** Looks at the pods of members that are due. Gives the time of the next look, or null when none is needed. */
  look(members: ReadonlyArray<Member>): Effect.Effect<number | null> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis;
      let next = Infinity;
      for (const member of members) {
        const { selector } = member.verdict;
        if (selector === undefined) {
          this.#cases.delete(keyOf(member));
          continue;
        }
        const found = this.#caseOf(member) ?? this.#open(member, now);
        if (found.isOpen && found.since + looks[found.times] <= now) {
          found.times++;
          Object.assign(found, yield* this.#read(member, selector));
        }
        if (found.isOpen && found.times < looks.length) {
          next = Math.min(next, found.since + looks[found.times]);
        }
      }
      return next === Infinity ? null : next;
    });
  }

  /** A case counts for one generation of the object, and for as long as its status is the same word. */
  #caseOf({ verdict, ...name }: Member): Case | undefined {
    const found = this.#cases.get(keyOf(name));
    return found?.generation === verdict.generation && found?.status === verdict.status ? found : undefined;
  }

  #open(member: Member, now: number): Case {
    const { generation, status } = member.verdict;
    const opened = { generation, status, since: now, times: 0, reason: undefined, isOpen: true };
    this.#cases.set(keyOf(member), opened);
    return opened;
  }

  /** Without pods, what keeps the workload from having any. */
  #read({ kind, namespace, name, verdict }: Member, labelSelector: string): Effect.Effect<Finding> {
    if (this.#refused.has(namespace)) return Effect.succeed({ isOpen: false });
    return this.kube.list(pods, { namespace, labelSelector }).pipe(
      Effect.flatMap(({ items }) => {
        if (items.length > 0) return this.#ofPods(items);
        return Effect.map(
          refusal(this.kube, { kind, metadata: { namespace, name } }),
          (why) => finding(why === null || says(verdict.message, why) ? undefined : why),
        );
      }),
      Effect.catch((error) => {
        if (error._tag === "ApiError" && error.code === 403) this.#refused.add(namespace);
        return Effect.as(Effect.logDebug(`Cannot look at pods: ${error.message}`), finding(undefined));
      }),
    );
  }

  #ofPods(items: ReadonlyArray<KubeObject>): Effect.Effect<Finding, KubeError> {
    const trouble = podTrouble(items);
    const unready = items.find((pod) => isUnready(pod) && trouble?.startsWith(reasonOf(pod)!));
    if (unready === undefined) return Effect.succeed(finding(trouble));
    return Effect.map(
      probeFailure(this.kube, unready),
      (words) => words === null ? { reason: trouble, isOpen: true } : finding(`${trouble}: ${words}`),
    );
  }
}

function finding(reason: string | undefined): Finding {
  return { reason: reason?.slice(0, longest), isOpen: reason === undefined };
}

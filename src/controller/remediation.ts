/** What a failed install or upgrade is to lead to, how often it is tried again, and when the operator gives up. */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import { readStrategy, type ReleaseFields } from "../watches/release-options.ts";
import { type Failures, statusOf } from "./status.ts";

/** Wins over the watch's strategy. */
export const strategyAnnotation = "helmwright.dev/remediation";
/** Wins over the watch's bound: a number, or `unlimited`. */
export const retriesAnnotation = "helmwright.dev/remediation-retries";
/** Any new value makes the operator try again, with all tries. */
export const retryAnnotation = "helmwright.dev/retry";

export type Policy = ReleaseFields["remediation"];

/**
 * Counts the failures of one controller's resources. Where there is a bound they are in the status too, from which a
 * restarted operator goes on; a status that does not keep them is counted anew then.
 */
export class Remediation {
  /** Of the resources that this process knows. */
  readonly #failures = new Map<string, Failures>();

  constructor(private readonly watch: Policy) {}

  /** The watch's policy with what the resource's annotations say over it. */
  policy(cr: KubeObject): Policy & { readonly problems: ReadonlyArray<string> } {
    const problems: string[] = [];
    const read = <A>(name: string, otherwise: A, parse: (text: string) => A | undefined): A => {
      const text = cr.metadata.annotations?.[name];
      if (text === undefined || text === "") return otherwise;
      const value = parse(text);
      if (value === undefined) problems.push(`Cannot read annotation ${name}: current value is "${text}"`);
      return value ?? otherwise;
    };
    const strategy = read(strategyAnnotation, this.watch.strategy, readStrategy);
    const bound = read<number | "unlimited">(
      retriesAnnotation,
      this.watch.retries ?? "unlimited",
      (text) => text === "unlimited" ? text : /^\d{1,9}$/.test(text) ? Number(text) : undefined,
    );
    return { strategy, retries: bound === "unlimited" ? null : bound, problems };
  }

  /** Whether no try is left for what the resource asks for now. `inputs` is {@link Manager.inputs}. */
  isExhausted(cr: KubeObject, inputs: string): boolean {
    const { retries } = this.policy(cr);
    return retries !== null && this.#count(cr, inputs) > retries;
  }

  /** Counts a failure. Gives how often this has failed now. `began` is of {@link Manager.failedTry}. */
  failed(cr: KubeObject, inputs: string, began: string | null = null): Failures {
    const failures = {
      count: this.#count(cr, inputs) + 1,
      asked: askedFor(cr, inputs),
      ...(began === null ? {} : { began }),
    };
    this.#failures.set(keyOf(cr), failures);
    return failures;
  }

  /** Whether this process has counted the resource's failures, or seen it well. */
  knows(cr: KubeObject): boolean {
    return this.#failures.has(keyOf(cr));
  }

  /**
   * Whether a try that failed may have gone uncounted: a process that is killed writes its record, and then no status.
   * `began` is of {@link Manager.failedTry}.
   */
  isUncounted(cr: KubeObject, began: string): boolean {
    if (this.knows(cr)) return false;
    const { failures } = statusOf(cr);
    return !failures || (failures.began !== undefined && failures.began !== began);
  }

  /** The resource is well. */
  recovered(cr: KubeObject): void {
    this.#failures.set(keyOf(cr), { count: 0, asked: "" });
  }

  /** The resource is gone. */
  forget(cr: KubeObject): void {
    this.#failures.delete(keyOf(cr));
  }

  #count(cr: KubeObject, inputs: string): number {
    const found = this.#failures.get(keyOf(cr)) ?? statusOf(cr).failures;
    return found?.asked === askedFor(cr, inputs) ? found.count : 0;
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}/${metadata.uid}`;
}

/** A digest, since values may be secret and a status is not. */
function askedFor({ metadata }: KubeObject, inputs: string): string {
  const asked = [metadata.uid, inputs, metadata.annotations?.[retryAnnotation] ?? ""];
  return createHash("sha256").update(JSON.stringify(asked)).digest("base64url");
}

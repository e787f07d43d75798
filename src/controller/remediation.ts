/** What a failed install or upgrade leads to, how often it is tried again, and when the operator gives up. */
import { createHash } from "node:crypto";
import { Effect } from "effect";
import type { KubeObject } from "../kube/object.ts";
import type { Manager, ManagerFailure, ReleaseNotFound } from "../release/manager.ts";
import { readStrategy, type ReleaseFields } from "../watches/release-options.ts";
import { tellRepairs } from "./drift.ts";
import type { EventReason } from "./events.ts";
import type { ReconcilerContext } from "./reconciler.ts";
import { type Failures, statusOf } from "./status.ts";
import type { Work } from "./work.ts";

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

  /** Counts a failure. Gives how often this has failed now. */
  failed(cr: KubeObject, inputs: string): Failures {
    const failures = { count: this.#count(cr, inputs) + 1, asked: askedFor(cr, inputs) };
    this.#failures.set(keyOf(cr), failures);
    return failures;
  }

  /** The resource is well, or gone. */
  forget(cr: KubeObject): void {
    this.#failures.delete(keyOf(cr));
  }

  #count(cr: KubeObject, inputs: string): number {
    const found = this.#failures.get(keyOf(cr)) ?? statusOf(cr).failures;
    return found?.asked === askedFor(cr, inputs) ? found.count : 0;
  }
}

/**
 * Counts the failure, and says in the status when no try is left. Only what the chart or its objects are to blame for
 * counts: an API server that is away is waited for without end.
 */
export const countFailure = Effect.fnUntraced(function* (
  { remediation, record }: ReconcilerContext,
  work: Work,
  inputs: string | null,
  error: ManagerFailure,
) {
  if (inputs === null || (error._tag !== "ActionError" && error._tag !== "ChartError")) return;
  const failures = remediation.failed(work.cr, inputs);
  const isBounded = remediation.policy(work.cr).retries !== null;
  work.status = { ...work.status, failures: isBounded ? failures : null };
  if (!remediation.isExhausted(work.cr, inputs)) return;
  const { count } = failures;
  const message =
    `Gave up after ${count} ${count === 1 ? "try" : "tries"}: change the resource, or set the annotation ` +
    `${retryAnnotation} to a new value. ${error.message}`;
  yield* work.set({ type: "Stalled", status: "True", reason: "RetriesExhausted", message });
  yield* record(work.cr, { type: "Warning", reason: "RetriesExhausted", message });
});

/** The resource is well: nothing is counted any more, and the next save takes away what the status tells. */
export function recovered({ remediation }: ReconcilerContext, work: Work): void {
  remediation.forget(work.cr);
  work.remove("Stalled");
  if (work.status.failures) work.status = { ...work.status, failures: null };
}

/** What still is done for a resource without tries: a release that was rolled back is kept as it was deployed. */
export const rest = Effect.fnUntraced(function* (context: ReconcilerContext, work: Work, manager: Manager) {
  yield* Effect.logInfo("Not tried again: no try is left");
  if (!manager.isInstalled() || context.remediation.policy(work.cr).strategy === "retry") return;
  const { repairs } = yield* manager.reconcileRelease.pipe(
    Effect.catch((error) => Effect.as(Effect.logWarning(`Cannot repair drift: ${error.message}`), { repairs: [] })),
  );
  yield* tellRepairs(context, work, repairs);
  yield* context.released(work.cr);
});

/**
 * Undoes a failed upgrade as the policy asks for. That it could not is logged: the failure of the upgrade is what the
 * status tells.
 */
export const remedy = Effect.fnUntraced(function* (
  { remediation, metrics, record }: ReconcilerContext,
  work: Work,
  manager: Manager,
  force: boolean,
) {
  const { strategy } = remediation.policy(work.cr);
  if (strategy === "retry") return;
  const action = strategy === "rollback" ? "rollback" : "uninstall";
  type Done = { readonly reason: EventReason; readonly message: string } | null;
  const effect: Effect.Effect<Done, ManagerFailure | ReleaseNotFound> = strategy === "rollback"
    ? Effect.map(
      manager.rollBack({ force }),
      (release) => release && { reason: "RolledBack", message: `Rolled back release ${release.name}` },
    )
    : Effect.map(manager.uninstallRelease, (release) => {
      work.deployed(null, "none");
      return {
        reason: "Uninstalled",
        message: `Uninstalled release ${release.name} after its failed upgrade`,
      };
    });
  yield* effect.pipe(
    Effect.flatMap((done) => {
      if (done === null) return Effect.void;
      metrics.action(action, true);
      return record(work.cr, { type: "Normal", ...done });
    }),
    Effect.catch((error) => {
      metrics.action(action, false);
      const what = action === "rollback" ? "rolling back" : "uninstalling";
      return Effect.logError(`Error ${what} release: ${error.message}`);
    }),
  );
});

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}/${metadata.uid}`;
}

/** A digest, since values may be secret and a status is not. */
function askedFor({ metadata }: KubeObject, inputs: string): string {
  const asked = [metadata.uid, inputs, metadata.annotations?.[retryAnnotation] ?? ""];
  return createHash("sha256").update(JSON.stringify(asked)).digest("base64url");
}

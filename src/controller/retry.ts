/** When a reconcile that failed is tried again. */
import { Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { ManagerFailure } from "../release/failure.ts";
import { passingCause } from "../release/outcome.ts";
import type { Retry } from "./queue.ts";
import { ReconcileFailed } from "./work.ts";

/** A failure that a quick retry cannot mend waits at least so long, milliseconds. */
const slow = 1_000;
/** What an API server in trouble is to blame for waits no longer than this, milliseconds. */
const longest = 30_000;

/** What {@link retryOf} works with. */
export interface RetryMeans extends Pick<KubeClient["Service"], "waitToRetry"> {
  /** Forgets that the key has failed. */
  readonly forget: Effect.Effect<void>;
}

/**
 * How to try again after a failure; null is a bug. What an API server is to blame for that is away or overloaded comes
 * soon after it is well again, and counts for nothing then.
 */
export function retryOf(error: ReconcileFailed | KubeError | null, { waitToRetry, forget }: RetryMeans): Retry {
  if (error === null) return { first: slow };
  const failure: ManagerFailure = error instanceof ReconcileFailed ? error.cause : error;
  // The API server answered, and not about the chart or what it makes: trying again at once could help.
  const first = failure._tag === "ApiError" || failure._tag === "ReleaseExists" ? 0 : slow;
  const cause = passingCause(failure);
  if (cause === null) return first === 0 ? {} : { first };
  const asked = cause._tag === "ApiError" ? (cause.retryAfter ?? 0) * 1000 : 0;
  const wait = (millis: number) => Effect.tap(waitToRetry(millis), (isBack) => isBack ? forget : Effect.void);
  return { first: Math.max(first, asked), longest, wait };
}

/**
 * A work queue of keys, as client-go's: a key that waits is there once however often it is added, a key that is being
 * worked on is never given to a second worker, and one added meanwhile comes again when the first worker is done.
 */
import { Clock, Effect, Fiber, Queue, Random, type Scope } from "effect";

/** Bounds of the backoff of a failing key, in milliseconds. */
export interface Backoff {
  /** After the first failure. */
  readonly first: number;
  /** Never longer than this, jitter included. */
  readonly longest: number;
}

/** client-go's bounds for controllers: 5 ms to 1000 s. */
export const defaultBackoff: Backoff = { first: 5, longest: 1_000_000 };

/** How a key is tried again after a failure. */
export interface Retry extends Partial<Backoff> {
  /** Waits the delay, or shorter. Default sleeps. */
  readonly wait?: (millis: number) => Effect.Effect<unknown>;
}

/** Told of what happens in a queue; for metrics. Times are in seconds. */
export interface QueueObserver {
  readonly added: () => void;
  readonly depth: (keys: number) => void;
  readonly taken: (waited: number) => void;
  readonly done: (worked: number) => void;
  readonly retried: () => void;
}

export interface WorkQueue {
  /** At once, unless it waits already. */
  readonly add: (key: string) => Effect.Effect<void>;
  /** After a delay; of two delays the sooner counts. */
  readonly addAfter: (key: string, millis: number) => Effect.Effect<void>;
  /**
   * After the key's backoff, which doubles with each failure since the last {@link forget} and is spread by 20 % either
   * way. Gives the delay in milliseconds.
   */
  readonly addFailed: (key: string, retry?: Retry) => Effect.Effect<number>;
  /** The key is well again: its next failure starts the backoff anew. */
  readonly forget: (key: string) => Effect.Effect<void>;
  /** Waits for a key. It belongs to the caller until {@link done}; a delay that it still had is dropped. */
  readonly take: Effect.Effect<string>;
  /** Gives the key back. */
  readonly done: (key: string) => Effect.Effect<void>;
  readonly isBusy: (key: string) => boolean;
}

interface Delayed {
  readonly due: number;
  readonly fiber: Fiber.Fiber<void>;
}

/** A queue whose delayed keys are dropped when the scope closes. */
export const makeWorkQueue = Effect.fnUntraced(function* (
  options: { readonly backoff?: Backoff; readonly observer?: QueueObserver } = {},
): Effect.fn.Return<WorkQueue, never, Scope.Scope> {
  const { backoff = defaultBackoff, observer } = options;
  const scope = yield* Effect.scope;
  const clock = yield* Clock.Clock;
  const now = () => clock.currentTimeMillisUnsafe();
  const ready = yield* Effect.acquireRelease(Queue.unbounded<string>(), Queue.shutdown);
  /** Keys that wait to be taken, and since when. */
  const dirty = new Map<string, number>();
  /** Keys in a worker's hands, and since when. */
  const busy = new Map<string, number>();
  const delayed = new Map<string, Delayed>();
  const failures = new Map<string, number>();

  const offer = (key: string) => {
    Queue.offerUnsafe(ready, key);
    observer?.depth(Queue.sizeUnsafe(ready));
  };

  const add = (key: string) =>
    Effect.sync(() => {
      if (dirty.has(key)) return;
      dirty.set(key, now());
      observer?.added();
      if (!busy.has(key)) offer(key);
    });

  const cancelDelay = (key: string) =>
    Effect.suspend(() => {
      const found = delayed.get(key);
      delayed.delete(key);
      return found === undefined ? Effect.void : Fiber.interrupt(found.fiber);
    });

  const addAfter = Effect.fnUntraced(function* (key: string, millis: number, wait: Retry["wait"] = Effect.sleep) {
    if (millis <= 0) return yield* add(key);
    const due = now() + millis;
    const found = delayed.get(key);
    if (found !== undefined && found.due <= due) return;
    yield* cancelDelay(key);
    const later = Effect.andThen(wait(millis), Effect.suspend(() => (delayed.delete(key), add(key))));
    delayed.set(key, { due, fiber: yield* Effect.forkIn(later, scope, { startImmediately: true }) });
  });

  const addFailed = Effect.fnUntraced(function* (key: string, retry: Retry = {}) {
    const first = Math.max(retry.first ?? 0, backoff.first);
    const longest = retry.longest ?? backoff.longest;
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    observer?.retried();
    const spread = 0.8 + 0.4 * (yield* Random.next);
    const millis = Math.min(first * 2 ** count * spread, longest);
    yield* addAfter(key, millis, retry.wait);
    return millis;
  });

  const take = Effect.gen(function* () {
    const key = yield* Queue.take(ready);
    observer?.depth(Queue.sizeUnsafe(ready));
    observer?.taken((now() - (dirty.get(key) ?? now())) / 1000);
    dirty.delete(key);
    busy.set(key, now());
    yield* cancelDelay(key);
    return key;
  });

  const done = (key: string) =>
    Effect.sync(() => {
      const since = busy.get(key);
      if (since === undefined) return;
      busy.delete(key);
      observer?.done((now() - since) / 1000);
      if (dirty.has(key)) offer(key);
    });

  const forget = (key: string) => Effect.sync(() => void failures.delete(key));
  return {
    add,
    addAfter: (key, millis) => addAfter(key, millis),
    addFailed,
    forget,
    take,
    done,
    isBusy: (key) => busy.has(key),
  };
});

/**
 * Whether the API server is away, as all requests of a client find out together, and how to wait until it is back.
 *
 * Reflectors that back off each on its own, as client-go's, are together many requests while the server is away, and
 * come back up to half a minute after it. Here those who wait take turns: one tries every few seconds, and when any
 * request is answered, the others go on one after the other.
 */
import { Clock, Deferred, Effect, Random, Schedule, Semaphore } from "effect";

/**
 * In milliseconds: how long requests go without an answer until the server counts as away, the time from one try to the
 * next then, and the time from one of those who go on to the next when it is back.
 */
const pace = { away: 2_000, turn: 3_000, apart: 10 };

const looks = Schedule.jittered(Schedule.spaced(pace.turn / 6));

export class Outage {
  /** When the first request failed since the last answer. */
  #since: number | undefined;
  #lastTurn = -Infinity;
  #waiting = 0;
  /** One of those who wait looks whether it is time to try. */
  readonly #turns = Semaphore.makeUnsafe(1);
  /** Ends when the server is back, and tells how many wait. */
  #back = Deferred.makeUnsafe<number>();

  /** A request got an answer that is the API server's own. */
  get answered(): Effect.Effect<void> {
    return Effect.suspend(() => this.#since === undefined ? Effect.void : this.#end);
  }

  /** A request got none. */
  get unanswered(): Effect.Effect<void> {
    return Effect.map(Clock.currentTimeMillis, (now) => void (this.#since ??= now));
  }

  /**
   * Waits so long, in milliseconds; while the server is away, until it is this one's turn to try, or the server is back,
   * which it tells.
   */
  wait(millis: number): Effect.Effect<boolean> {
    return Effect.acquireUseRelease(
      Effect.sync(() => this.#waiting++),
      () =>
        Effect.raceAllFirst([
          Effect.as(Effect.andThen(Effect.sleep(millis), this.#unlessAway), false),
          Effect.as(this.#turns.withPermit(this.#turn), false),
          Effect.as(this.#untilBack, true),
        ]),
      () => Effect.sync(() => this.#waiting--),
    );
  }

  get #unlessAway(): Effect.Effect<void> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => this.#isAway(now) ? Effect.never : Effect.void);
  }

  /** Until it is time for one to try, while the server is away. */
  get #turn(): Effect.Effect<void> {
    const isTime = Effect.map(Clock.currentTimeMillis, (now) => {
      const isTime = this.#isAway(now) && now - this.#lastTurn >= pace.turn;
      if (isTime) this.#lastTurn = now;
      return isTime;
    });
    return Effect.asVoid(Effect.repeat(isTime, { schedule: looks, until: (is) => is }));
  }

  get #untilBack(): Effect.Effect<void> {
    return Effect.suspend(() =>
      Effect.flatMap(
        Deferred.await(this.#back),
        (waiting) => Effect.flatMap(Random.next, (part) => Effect.sleep(part * waiting * pace.apart)),
      )
    );
  }

  get #end(): Effect.Effect<void> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const wasAway = this.#isAway(now);
      this.#since = undefined;
      if (!wasAway) return Effect.void;
      const back = this.#back;
      this.#back = Deferred.makeUnsafe();
      return Effect.asVoid(Deferred.succeed(back, this.#waiting));
    });
  }

  #isAway(now: number): boolean {
    return this.#since !== undefined && now - this.#since >= pace.away;
  }
}

/** Keeps the controllers alive, each on its own. */
import { Effect, FiberMap, Schedule, type Scope } from "effect";

/** 1 s, doubled up to a minute, give or take a fifth. */
const restarts = Schedule.jittered(Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("1 minute")]));

/**
 * Runs the controllers by their names until the scope closes. One that dies is logged and started again after a while;
 * the others go on. Never ends by itself.
 */
export const supervise = Effect.fnUntraced(function* <R>(
  controllers: ReadonlyMap<string, Effect.Effect<never, never, R>>,
): Effect.fn.Return<never, never, R | Scope.Scope> {
  const fibers = yield* FiberMap.make<string, never, never>();
  for (const [name, controller] of controllers) {
    const kept = controller.pipe(
      Effect.tapCause((cause) => Effect.logError(`${name} has died and is started again`, cause)),
      Effect.sandbox,
      Effect.retry(restarts),
      Effect.orDie,
    );
    yield* FiberMap.run(fibers, name, kept);
  }
  yield* FiberMap.join(fibers);
  return yield* Effect.never;
});

import { test } from "node:test";
import { Effect, type Scope } from "effect";
import { TestClock } from "effect/testing";

/** A test whose body is an effect on a clock that stands still until `TestClock.adjust`. */
export function effectTest<E>(
  name: string,
  body: () => Generator<Effect.Effect<unknown, E, Scope.Scope>, void, never>,
): void {
  test(name, () => Effect.runPromise(Effect.gen(body).pipe(Effect.scoped, Effect.provide(TestClock.layer()))));
}

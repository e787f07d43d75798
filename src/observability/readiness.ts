/** Which parts of the operator are ready; `/readyz` asks. */
import { Context, Effect, Layer } from "effect";

export class Readiness extends Context.Service<Readiness, {
  /** A part says what it waits for, or null when it is ready. */
  readonly set: (part: string, waitsFor: string | null) => Effect.Effect<void>;
  /** What is waited for, by part; empty when all is ready. */
  readonly waiting: Effect.Effect<ReadonlyMap<string, string>>;
}>()("helmwright/observability/Readiness") {
  static readonly layer = Layer.sync(Readiness, () => {
    const parts = new Map<string, string>();
    return {
      set: (part, waitsFor) =>
        Effect.sync(() => {
          if (waitsFor === null) parts.delete(part);
          else parts.set(part, waitsFor);
        }),
      waiting: Effect.sync(() => new Map(parts)),
    };
  });
}

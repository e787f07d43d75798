// The control plane as an Effect service.

import { Context, Data, Effect, Layer, type Scope } from "effect";
import { type ControlPlane as Running, type ControlPlaneOptions, startControlPlane } from "./control-plane.ts";

/** The control plane did not start: a program is missing or could not be built, or a part of it exited. */
export class ControlPlaneError extends Data.TaggedError("ControlPlaneError")<{ readonly cause: unknown }> {
  override get message(): string {
    return this.cause instanceof Error ? this.cause.message : String(this.cause);
  }
}

/** A running control plane, stopped when its scope closes, on interruption too. */
export class ControlPlane extends Context.Service<ControlPlane, Running>()("helmwright/test/ControlPlane") {
  /** Starts one; see `startControlPlane`. */
  static readonly make = (options?: ControlPlaneOptions): Effect.Effect<Running, ControlPlaneError, Scope.Scope> =>
    Effect.acquireRelease(
      Effect.tryPromise({
        try: () => startControlPlane(options),
        catch: (cause) => new ControlPlaneError({ cause }),
      }),
      (controlPlane) => Effect.promise(() => controlPlane.stop()),
    );

  /** A layer that starts one with the default options. */
  static readonly layer: Layer.Layer<ControlPlane, ControlPlaneError> = Layer.effect(
    ControlPlane,
    ControlPlane.make(),
  );
}

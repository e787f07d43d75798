/** `Renderer`: where renderings run. In this process; a long one could run in a worker behind the same face. */
import { Context, Effect, Layer } from "effect";
import type { Rendered, RenderInput } from "../render/release-facts.ts";
import { LookupNeeded, RenderError } from "../render/render-error.ts";
import { render } from "../render/render.ts";

export class Renderer extends Context.Service<Renderer, {
  /** Fails with LookupNeeded at a `lookup` that has no answer yet. */
  readonly render: (input: RenderInput) => Effect.Effect<Rendered, RenderError | LookupNeeded>;
}>()("helmwright/release/Renderer") {
  /** Renders at once, on the one thread that there is. */
  static readonly layer: Layer.Layer<Renderer> = Layer.succeed(
    Renderer,
    Renderer.of({
      render: (input) =>
        Effect.try({
          try: () => render(input),
          catch: (cause) => {
            if (cause instanceof RenderError || cause instanceof LookupNeeded) return cause;
            return new RenderError((cause as Error).message, "render", { cause });
          },
        }),
    }),
  );
}

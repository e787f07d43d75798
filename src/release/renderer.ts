/**
 * `Renderer`: where renderings run.
 *
 * A rendering begins on the main thread, where nearly all take milliseconds. One that takes longer than watches, health
 * checks and leases should wait, or is about to make a key that does, is given up there and runs again in a worker
 * thread, which lives as long as the rendering does; the next one of that chart begins in a worker, until one has been
 * quick again.
 */
import { availableParallelism } from "node:os";
import { Context, Effect, Layer, Semaphore } from "effect";
import type { Chart } from "../chart/chart.ts";
import { type RemoteSchema, SchemaNeeded } from "../chart/remote-schema.ts";
import type { Rendered, RenderInput } from "../render/release-facts.ts";
import { DeadlineExceeded, LookupNeeded, RenderError } from "../render/render-error.ts";
import { render } from "../render/render.ts";
import { withRemoteSchemas } from "./remote-schemas.ts";
import { renderInWorker } from "./worker-rendering.ts";

export interface RendererOptions {
  /** Milliseconds that a rendering may take. Default 60,000. */
  readonly timeout?: number;
  /** Milliseconds that a rendering may keep the main thread. Default 1,000. */
  readonly patience?: number;
}

export class Renderer extends Context.Service<Renderer, {
  /** Fetches the remote schemas that it needs. Fails with LookupNeeded at a `lookup` that has no answer yet. */
  readonly render: (input: RenderInput) => Effect.Effect<Rendered, RenderError | LookupNeeded>;
}>()("helmwright/release/Renderer") {
  static readonly layer: Layer.Layer<Renderer> = Layer.effect(Renderer, Effect.suspend(() => makeRenderer()));
}

/** A renderer; those that share it share its worker threads, of which there are as many at once as processors. */
export function makeRenderer(
  { timeout = 60_000, patience = 1_000 }: RendererOptions = {},
): Effect.Effect<Renderer["Service"]> {
  return Effect.gen(function* () {
    const workers = yield* Semaphore.make(Math.max(2, availableParallelism()));
    const long = new WeakSet<Chart>();
    const fetched = new Map<string, RemoteSchema>();
    const inWorker = (input: RenderInput) =>
      Effect.map(workers.withPermit(renderInWorker(input, timeout)), ({ rendered, milliseconds }) => {
        if (milliseconds < patience / 2) long.delete(input.chart);
        return rendered;
      });
    const renderOnce = (input: RenderInput) => {
      if (long.has(input.chart)) return inWorker(input);
      return Effect.catchIf(
        renderHere(input, Math.min(patience, timeout)),
        (error) => error instanceof DeadlineExceeded,
        () => {
          long.add(input.chart);
          return inWorker(input);
        },
      );
    };
    return Renderer.of({
      render: (input) => withRemoteSchemas(fetched, (schemas) => renderOnce({ ...input, schemas })),
    });
  });
}

function renderHere(
  input: RenderInput,
  deadline: number,
): Effect.Effect<Rendered, RenderError | LookupNeeded | SchemaNeeded> {
  return Effect.try({
    try: () => render({ ...input, limits: { ...input.limits, deadline, isThreadShared: true } }),
    catch: (cause) => {
      if (cause instanceof RenderError || cause instanceof LookupNeeded || cause instanceof SchemaNeeded) return cause;
      return new RenderError((cause as Error).message, "render", { cause });
    },
  });
}

/** A rendering in a worker thread, which ends with it. */
import { Worker } from "node:worker_threads";
import { Effect } from "effect";
import { processDependencies } from "../chart/dependencies.ts";
import { SchemaNeeded } from "../chart/remote-schema.ts";
import type { Rendered, RenderInput } from "../render/release-facts.ts";
import { DeadlineExceeded, LookupNeeded, RenderError } from "../render/render-error.ts";
import { type WorkerAnswer, workerInput } from "./worker-values.ts";

export interface WorkerRendering {
  readonly rendered: Rendered;
  /** How long the rendering took, the worker's start not counted. */
  readonly milliseconds: number;
}

/** Milliseconds after its time that a rendering is ended which did not end itself. */
const grace = 2_000;

// In the executable all modules are one, at the root of its own file system, and this entry keeps its path.
const entry = new URL(
  import.meta.url.includes("/$bunfs/") ? "./src/release/render-worker.ts" : "./render-worker.ts",
  import.meta.url,
);

/** Renders in a worker thread. A rendering that takes longer than `timeout`, in milliseconds, is ended and fails. */
export function renderInWorker(
  input: RenderInput,
  timeout: number,
): Effect.Effect<WorkerRendering, RenderError | LookupNeeded | SchemaNeeded> {
  return Effect.acquireUseRelease(
    Effect.sync(() => new Worker(entry, { workerData: workerInput(input, timeout) })),
    answerOf,
    (worker) => Effect.promise(() => worker.terminate()),
  ).pipe(
    Effect.timeoutOrElse({
      duration: timeout + grace,
      orElse: () => Effect.succeed<WorkerAnswer>({ kind: "late", message: `chart ${input.chart.metadata.name}` }),
    }),
    Effect.flatMap((answer) => outcomeOf(answer, input, timeout)),
  );
}

function answerOf(worker: Worker): Effect.Effect<WorkerAnswer> {
  return Effect.callback<WorkerAnswer>((resume) => {
    const failed = (message: string) => resume(Effect.succeed({ kind: "failed", stage: "render", message }));
    worker.once("message", (answer: WorkerAnswer) => resume(Effect.succeed(answer)));
    worker.once("error", (error) => failed(`the rendering ended: ${(error as Error).message}`));
    worker.once("exit", (code) => failed(`the rendering ended with code ${code}`));
  });
}

function outcomeOf(
  answer: WorkerAnswer,
  { chart, values }: RenderInput,
  timeout: number,
): Effect.Effect<WorkerRendering, RenderError | LookupNeeded | SchemaNeeded> {
  switch (answer.kind) {
    case "rendered": {
      const { rendered, milliseconds } = answer;
      return Effect.sync(() => ({
        rendered: { ...rendered, chart: processDependencies(chart, values) },
        milliseconds,
      }));
    }
    case "lookup":
      return Effect.fail(new LookupNeeded(answer.query));
    case "schema":
      return Effect.fail(new SchemaNeeded(answer.url));
    case "failed":
      return Effect.fail(new RenderError(answer.message, answer.stage));
    case "late":
      return Effect.fail(
        new DeadlineExceeded(
          `the rendering was stopped after ${timeout / 1000} s (--render-timeout): ${answer.message}`,
        ),
      );
  }
}

/** The worker thread's entry: one rendering, answered by one message. */
import { parentPort, workerData } from "node:worker_threads";
import { SchemaNeeded } from "../chart/remote-schema.ts";
import { DeadlineExceeded, LookupNeeded, RenderError } from "../render/render-error.ts";
import { render } from "../render/render.ts";
import type { GoMap } from "../template/value.ts";
import { unpacked, type WorkerAnswer, type WorkerInput } from "./worker-values.ts";

parentPort?.postMessage(answer(workerData as WorkerInput));

function answer(input: WorkerInput): WorkerAnswer {
  try {
    const began = performance.now();
    const { chart: _, ...rendered } = render({
      ...input,
      values: unpacked(input.values) as GoMap,
      lookups: input.lookups === "empty" ? input.lookups : unpacked(input.lookups) as GoMap,
    });
    return { kind: "rendered", rendered, milliseconds: performance.now() - began };
  } catch (error) {
    if (error instanceof LookupNeeded) return { kind: "lookup", query: error.query };
    if (error instanceof SchemaNeeded) return { kind: "schema", url: error.url };
    const { message } = error as Error;
    if (error instanceof DeadlineExceeded) return { kind: "late", message };
    return { kind: "failed", message, stage: error instanceof RenderError ? error.stage : "render" };
  }
}

/** Telling of drift: what was put back, and what is only to be told of. */
import { Effect } from "effect";
import { describe } from "../kube/object.ts";
import type { Repair } from "../release/manager.ts";
import type { ReconcilerContext } from "./context.ts";
import type { Work } from "./work.ts";

/** How many objects the condition names; the others are counted. */
const named = 10;

/** A log line, an event and a count for each object that was put back. */
export const tellRepairs = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  repairs: ReadonlyArray<Repair>,
) {
  if (repairs.length > 0) yield* context.attended(work.cr);
  for (const { object, change, fields } of repairs) {
    const text = change === "created"
      ? `made ${describe(object)} anew`
      : `put back ${fields.join(", ")} of ${describe(object)}`;
    yield* Effect.logInfo(`Repaired drift: ${text}`);
    yield* context.record(work.cr, { type: "Normal", reason: "DriftRepaired", message: text });
    context.metrics.repaired(object.kind, change);
  }
});

/**
 * The condition Drifted, which names what is not as it was applied; it goes when all is so again. Drift that it did not
 * name before is logged, counted and told by an event.
 */
export const tellDrift = Effect.fnUntraced(function* (
  context: ReconcilerContext,
  work: Work,
  drifted: ReadonlyArray<Repair>,
) {
  const known = work.status.conditions.find(({ type }) => type === "Drifted")?.message ?? "";
  yield* context.watchClosely(work.cr, drifted.map(({ object }) => object));
  if (drifted.length === 0) return void work.remove("Drifted");
  const texts = drifted.map(({ object, change, fields }) => ({
    kind: object.kind,
    change,
    text: change === "created"
      ? `${describe(object)} is not there`
      : `${describe(object)} differs in ${fields.join(", ")}`,
  }));
  const fresh = texts.slice(0, named).filter(({ text }) => !known.split("; ").includes(text));
  if (fresh.length > 0) yield* context.attended(work.cr);
  for (const { kind, change, text } of fresh) {
    yield* Effect.logInfo(`Found drift: ${text}`);
    yield* context.record(work.cr, { type: "Warning", reason: "DriftDetected", message: text });
    context.metrics.drifted(kind, change);
  }
  const more = texts.length > named ? [`and ${texts.length - named} more`] : [];
  const message = [...texts.slice(0, named).map(({ text }) => text), ...more].join("; ");
  yield* work.set({ type: "Drifted", status: "True", reason: "DriftDetected", message });
});

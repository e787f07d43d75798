/** The chart's tests, and what the status says of them. */
import { Effect } from "effect";
import type { Manager } from "../release/manager.ts";
import { testsOf } from "../release/test-release.ts";
import type { ReconcilerContext } from "./context.ts";
import type { Work } from "./work.ts";

/**
 * Runs the tests of a deployed revision when the watch asks for it and they have not run. How they went is in the
 * condition Tested and in an event; the release stays as it is. A try that the API server cut off comes again with the
 * next reconcile.
 */
export const runTests = Effect.fnUntraced(function* ({ record }: ReconcilerContext, work: Work, manager: Manager) {
  if (!manager.isTestDue()) return yield* tellRun(work, manager);
  // The release is deployed: that is not to wait for its tests, and how those of another revision went is no news of it.
  const message = "The tests of the release are running";
  yield* work.set({ type: "Tested", status: "Unknown", reason: "TestsRunning", message });
  yield* work.save;
  const { passed, message: told } = yield* manager.testRelease;
  const condition = conditionOf(passed, told);
  yield* Effect.logInfo(passed ? "Tested release" : `Tests of the release failed: ${told}`);
  yield* record(work.cr, { type: passed ? "Normal" : "Warning", reason: condition.reason, message: told });
  yield* work.set(condition);
});

/** The status may not say yet how the tests went: the record is written before it. */
const tellRun = Effect.fnUntraced(function* (work: Work, manager: Manager) {
  const deployed = manager.deployedRelease();
  const run = deployed === null ? null : testsOf(deployed);
  if (run === null) return void work.remove("Tested");
  const condition = conditionOf(run.passed, run.message);
  const told = work.status.conditions.find(({ type }) => type === "Tested");
  if (manager.runsTests && told?.status !== condition.status) yield* work.set(condition);
});

function conditionOf(passed: boolean, message: string) {
  const reason = passed ? "TestsSucceeded" : "TestsFailed";
  return { type: "Tested", status: passed ? "True" : "False", reason, message } as const;
}

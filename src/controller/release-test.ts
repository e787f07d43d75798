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
  const deployed = manager.deployedRelease();
  if (!manager.isTestDue()) {
    if (deployed === null || testsOf(deployed) === null) work.remove("Tested");
    return;
  }
  // The release is deployed: that is not to wait for its tests.
  yield* work.save;
  const { passed, message } = yield* manager.testRelease;
  const reason = passed ? "TestsSucceeded" : "TestsFailed";
  yield* Effect.logInfo(passed ? "Tested release" : `Tests of the release failed: ${message}`);
  yield* record(work.cr, { type: passed ? "Normal" : "Warning", reason, message });
  yield* work.set({ type: "Tested", status: passed ? "True" : "False", reason, message });
});

/** Running a chart's test hooks, as `helm test` does. */
import { Effect } from "effect";
import type { HookRecord, ReleaseRecord } from "../storage/record.ts";
import { type Draft, hooksFor, runHooks } from "./hooks.ts";
import type { ManagerFailure } from "./failure.ts";
import { isPassing } from "./outcome.ts";
import { finished } from "./records.ts";
import { inAction, type Session } from "./session.ts";

export interface TestReport {
  readonly release: ReleaseRecord;
  readonly passed: boolean;
  /** Why a test failed, with its object; or which tests passed. */
  readonly message: string;
}

/** Whether tests are asked for. */
export function runsTests({ settings }: Session): boolean {
  return settings.test && !settings.disableHooks;
}

/** Whether a deployed revision has tests that are to run and have not come to an end yet. */
export function isTestDue(session: Session, deployed: ReleaseRecord | null): boolean {
  if (deployed === null || !runsTests(session)) return false;
  const phases = hooksFor(deployed, "test").map(({ last_run }) => last_run.phase);
  return !phases.includes("Failed") && phases.some((phase) => phase !== "Succeeded");
}

/** What the record says of the tests of a revision that were run; null when they were not. */
export function testsOf(deployed: ReleaseRecord): Pick<TestReport, "passed" | "message"> | null {
  const tests = hooksFor(deployed, "test");
  const failed = tests.find(({ last_run }) => last_run.phase === "Failed");
  if (failed !== undefined) return { passed: false, message: `${nameOf(failed)} failed` };
  if (tests.length === 0 || tests.some(({ last_run }) => last_run.phase !== "Succeeded")) return null;
  return { passed: true, message: `${tests.map(nameOf).join(", ")} succeeded` };
}

/**
 * Runs the tests one after the other until one fails, and notes in the record how they went, where `helm status` shows
 * it. A failed test is an answer; it fails only when the API server cannot be asked.
 */
export function testRelease(session: Session, deployed: ReleaseRecord): Effect.Effect<TestReport, ManagerFailure> {
  const draft: Draft = { record: deployed };
  return runHooks(session, draft, "test").pipe(
    Effect.as(null),
    Effect.catch((error) => isPassing(error) ? Effect.fail(error) : Effect.succeed(error.message)),
    Effect.flatMap((failure) =>
      Effect.map(session.storage.update(finished(draft.record)), (release) => ({
        release,
        passed: failure === null,
        message: failure ?? testsOf(release)?.message ?? "the chart has no tests",
      }))
    ),
    inAction("test", session, "test failed: "),
  );
}

function nameOf({ kind, name }: HookRecord): string {
  return `${kind}/${name}`;
}

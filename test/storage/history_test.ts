import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { lastDeployed, toPrune } from "../../src/storage/history.ts";
import type { ReleaseStatus } from "../../src/storage/record.ts";

const history = (...statuses: ReleaseStatus[]) => statuses.map((status, index) => ({ version: index + 1, status }));

describe("toPrune", () => {
  const cases: [string, ReturnType<typeof history>, number, number[]][] = [
    ["keeps everything without a limit", history("superseded", "deployed"), 0, []],
    ["keeps what fits", history("superseded", "deployed"), 2, []],
    ["deletes the oldest", history("superseded", "superseded", "deployed"), 2, [1]],
    ["never deletes the deployed one", history("deployed", "failed", "failed", "failed"), 2, [2, 3]],
    ["keeps the deployed one even when it is one too many", history("deployed", "failed"), 1, [2]],
    ["may delete a deployed one that a later one replaced", history("deployed", "superseded", "deployed"), 1, [1, 2]],
  ];
  for (const [what, revisions, max, expected] of cases) {
    it(what, () => assert.deepEqual(toPrune(revisions, max).map(({ version }) => version), expected));
  }

  it("leaves as many as asked, and the last deployed one", () => {
    const statuses = fc.array(fc.constantFrom<ReleaseStatus>("deployed", "superseded", "failed", "pending-upgrade"));
    fc.assert(fc.property(statuses, fc.integer({ min: 1, max: 8 }), (list, max) => {
      const revisions = history(...list);
      const gone = toPrune(revisions, max);
      assert.equal(revisions.length - gone.length, Math.min(revisions.length, max));
      assert.ok(!gone.includes(lastDeployed(revisions)!));
    }));
  });
});

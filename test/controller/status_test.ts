import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  messageLimit,
  removeCondition,
  sameStatus,
  setCondition,
  setDeployedRelease,
  type Status,
  statusOf,
  statusPatch,
} from "../../src/controller/status.ts";

const t1 = new Date("2026-01-02T03:04:05.678Z");
const t2 = new Date("2026-01-02T03:05:00Z");
const cr = (status?: unknown) => ({ apiVersion: "v1", kind: "Web", metadata: { name: "a" }, status });
const empty: Status = { conditions: [] };

describe("statusOf", () => {
  it("is empty for a resource without one, or with one of another shape", () => {
    for (const status of [undefined, null, "x", {}, { conditions: "x", deployedRelease: 1 }]) {
      assert.deepEqual(statusOf(cr(status)), empty);
    }
  });

  it("keeps conditions of others", () => {
    const other = { type: "Ready", status: "True" };
    assert.deepEqual(statusOf(cr({ conditions: [other] })).conditions, [other]);
  });
});

describe("setCondition", () => {
  const installed = setCondition(empty, { type: "Deployed", status: "True", reason: "InstallSuccessful" }, t1);

  it("appends a new condition with its time", () => {
    const status = setCondition(installed, { type: "Initialized", status: "True" }, t2);
    assert.deepEqual(status.conditions, [
      { type: "Deployed", status: "True", reason: "InstallSuccessful", lastTransitionTime: "2026-01-02T03:04:05Z" },
      { type: "Initialized", status: "True", lastTransitionTime: "2026-01-02T03:05:00Z" },
    ]);
  });

  it("keeps the time and the place while the status stays", () => {
    const more = setCondition(installed, { type: "Initialized", status: "True" }, t1);
    const next = setCondition(
      more,
      { type: "Deployed", status: "True", reason: "UpgradeSuccessful", message: "n" },
      t2,
    );
    assert.deepEqual(next.conditions[0], {
      type: "Deployed",
      status: "True",
      reason: "UpgradeSuccessful",
      message: "n",
      lastTransitionTime: "2026-01-02T03:04:05Z",
    });
  });

  it("moves the time when the status changes", () => {
    const next = setCondition(installed, { type: "Deployed", status: "False", reason: "UninstallSuccessful" }, t2);
    assert.equal(next.conditions[0].lastTransitionTime, "2026-01-02T03:05:00Z");
  });

  it("cuts long messages", () => {
    const message = "x".repeat(messageLimit + 1);
    const [condition] = setCondition(empty, { type: "Deployed", status: "True", message }, t1).conditions;
    assert.equal(condition.message!.length, messageLimit + "\n(cut)".length);
  });
});

describe("removeCondition", () => {
  it("takes a failure away when it is over", () => {
    const failed = setCondition(empty, { type: "ReleaseFailed", status: "True", reason: "InstallError" }, t1);
    assert.deepEqual(removeCondition(failed, "ReleaseFailed"), empty);
    assert.deepEqual(removeCondition(empty, "Irreconcilable"), empty);
  });
});

describe("sameStatus", () => {
  const base = setDeployedRelease(setCondition(empty, { type: "Deployed", status: "True" }, t1), { name: "a" });

  it("sees no difference between absent and empty texts", () => {
    const withEmpty = { ...base, conditions: [{ ...base.conditions[0], reason: undefined, message: "" }] };
    assert.ok(sameStatus(base, withEmpty));
    assert.ok(sameStatus(base, statusOf(cr(JSON.parse(JSON.stringify(base))))));
  });

  const others: Array<[string, Status]> = [
    ["a message", { ...base, conditions: [{ ...base.conditions[0], message: "x" }] }],
    ["a condition more", setCondition(base, { type: "Initialized", status: "True" }, t1)],
    ["another manifest", setDeployedRelease(base, { name: "a", manifest: "x" })],
    ["no release", setDeployedRelease(base, null)],
  ];
  for (const [name, other] of others) it(`sees ${name}`, () => assert.ok(!sameStatus(base, other)));
});

describe("statusPatch", () => {
  it("takes the deployed release away by null", () => {
    assert.deepEqual(statusPatch(empty), { status: { conditions: [], deployedRelease: null } });
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Effect } from "effect";
import { ConnectionError } from "../../src/kube/kube-client.ts";
import { planOnly } from "../../src/controller/plan-only.ts";
import type { ReconcilerContext } from "../../src/controller/context.ts";
import { Work } from "../../src/controller/work.ts";
import type { Manager } from "../../src/release/manager.ts";
import { cr, fails, failure, FakeCluster, fakeManager } from "./fake-cluster.ts";

/** Plans once for a cluster's custom resource; gives the events. */
async function plan(cluster: FakeCluster, more: Partial<Manager> = {}) {
  const events: string[] = [];
  const context = {
    managers: { newManager: () => Effect.succeed(fakeManager(cluster.calls, false, false, more)) },
    follow: () => Effect.void,
    record: (_, { reason, message }) => Effect.sync(() => void events.push(`${reason}: ${message}`)),
  } as Partial<ReconcilerContext> as ReconcilerContext;
  const work = new Work(cluster.client, cluster.resource!);
  const exit = await Effect.runPromiseExit(planOnly(context, work));
  return { events, exit: exit._tag };
}

describe("planOnly", () => {
  it("writes the plan to the status and nothing else, once", async () => {
    const cluster = new FakeCluster(cr({ generation: 4 }));
    const summary = 'Install of release "front": no object changes.';
    assert.deepEqual(await plan(cluster), { events: [`Planned: ${summary}`], exit: "Success" });
    assert.deepEqual(cluster.calls, ["plan", "status"]);
    assert.deepEqual(cluster.conditions, [
      `Planned=True ChangesPlanned: Nothing is changed while annotation helmwright.dev/plan is set. ${summary}`,
    ]);
    const { plan: written } = cluster.resource!.status;
    assert.deepEqual(written, { observedGeneration: 4, summary, objects: [], hooks: [] });
    assert.deepEqual(await plan(cluster), { events: [], exit: "Success" });
    assert.deepEqual(cluster.calls, ["plan", "status", "plan"]);
  });

  it("says why there is no plan, and takes an old one away", async () => {
    const cluster = new FakeCluster(cr({}, { plan: { summary: "old", objects: [], hooks: [] } }));
    const result = await plan(cluster, { plan: fails(failure("no such chart")) });
    assert.deepEqual(result, { events: ["PlanFailed: no such chart"], exit: "Failure" });
    assert.deepEqual(cluster.conditions, ["Planned=False PlanError: no such chart"]);
    assert.equal(cluster.resource!.status.plan, null);
  });

  it("says nothing when the API server cannot be reached", async () => {
    const cluster = new FakeCluster(cr());
    const lost = new ConnectionError({ request: "get", detail: "refused" });
    assert.deepEqual(await plan(cluster, { plan: fails(lost) }), { events: [], exit: "Failure" });
    assert.deepEqual(cluster.calls, []);
  });
});

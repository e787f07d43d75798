import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Deferred, Effect, Logger } from "effect";
import { legacyUninstallFinalizer, uninstallFinalizer } from "../../src/controller/annotations.ts";
import { Remediation } from "../../src/controller/remediation.ts";
import { noReadinessReporter } from "../../src/controller/readiness-reporter.ts";
import type { ReconcilerContext, RequeueAfter } from "../../src/controller/context.ts";
import { reconcile } from "../../src/controller/reconciler.ts";
import { ApiError, ConnectionError } from "../../src/kube/kube-client.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { ActionError, ChartError } from "../../src/release/failure.ts";
import type { Manager, Repair } from "../../src/release/manager.ts";
import { cr, fails, failure, FakeCluster, fakeManager, notInstalled, record, refused } from "./fake-cluster.ts";

const finalizers = [uninstallFinalizer];
const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers };
const annotated = (name: string, value: string) => ({
  annotations: { [`helm.sdk.operatorframework.io/${name}`]: value },
});

interface Options {
  readonly installed?: boolean;
  readonly required?: boolean;
  readonly manager?: Partial<Manager>;
  readonly context?: Partial<ReconcilerContext>;
  readonly isSelected?: boolean;
  readonly deletion?: Effect.Effect<void>;
}

/** One reconcile of a custom resource: what was called, what was told, and how it ended. */
async function run(cluster: FakeCluster, options: Options = {}) {
  const calls = cluster.calls;
  const events: string[] = [];
  const seen: KubeObject[] = [];
  const manager = fakeManager(calls, options.installed ?? false, options.required ?? false, options.manager);
  const context: ReconcilerContext = {
    follow: () => Effect.void,
    watchClosely: () => Effect.void,
    attended: () => Effect.void,
    kube: cluster.client,
    managers: { newManager: (resource) => Effect.sync(() => (seen.push(resource), manager)) },
    record: (_, { type, reason, message }) => Effect.sync(() => void events.push(`${type} ${reason}: ${message}`)),
    metrics: {
      action: (action, ok) => calls.push(`${ok ? "+" : "-"}${action}`),
      repaired: () => {},
      drifted: () => {},
    },
    released: () => Effect.sync(() => void calls.push("released")),
    readiness: noReadinessReporter,
    remediation: new Remediation({ strategy: "rollback", retries: null }),
    overrideValues: new Map(),
    suppressOverrideValues: false,
    statusManifest: "masked",
    reconcilePeriod: 0,
    ...options.context,
  };
  const { isSelected = true, deletion = Effect.never } = options;
  const target = {
    apiVersion: "apps.example.com/v1",
    kind: "Web",
    metadata: cr().metadata as { name: string },
    isSelected,
    deletion,
  };
  const exit = await Effect.runPromise(
    Effect.exit(reconcile(context, target)).pipe(Effect.provide(Logger.layer([]))),
  );
  const result: RequeueAfter | "failed" = exit._tag === "Success" ? exit.value : "failed";
  return { calls, events, seen, result };
}

describe("a resource without a release", () => {
  it("gets the finalizer before anything is installed, and its status after", async () => {
    const cluster = new FakeCluster(cr());
    const { calls, events, result } = await run(cluster);
    assert.deepEqual(calls, ["finalizers", "sync", "install", "+install", "released", "status"]);
    assert.deepEqual(cluster.finalizers, finalizers);
    assert.deepEqual(cluster.conditions, ["Initialized=True", "Deployed=True InstallSuccessful: notes 1"]);
    assert.equal(cluster.resource!.status.deployedRelease.name, "front");
    assert.deepEqual(events, ["Normal Installed: Installed release front"]);
    assert.equal(result, 0);
  });

  it("adds the finalizer over the version that it read, and again after a conflict", async () => {
    const cluster = new FakeCluster(cr({ finalizers: ["other"] }));
    const stale = { ...cr(), metadata: { ...cr().metadata, resourceVersion: "0" } };
    const get = cluster.client.get;
    let reads = 0;
    const kube = { ...cluster.client, get: ((ref) => reads++ === 0 ? Effect.succeed(stale) : get(ref)) as typeof get };
    await run(cluster, { context: { kube } });
    assert.deepEqual(cluster.finalizers, ["other", uninstallFinalizer]);
  });

  it("tells a failed install with its cause", async () => {
    const cluster = new FakeCluster(cr());
    const manager = { installRelease: () => fails(failure("failed to install release: no such image")) };
    const { calls, events, result } = await run(cluster, { manager });
    assert.deepEqual(cluster.conditions, [
      "Initialized=True",
      "ReleaseFailed=True InstallError: failed to install release: no such image",
    ]);
    assert.deepEqual(events, [
      "Normal Uninstalled: Uninstalled release front after its failed install",
      "Warning InstallFailed: failed to install release: no such image",
    ]);
    assert.deepEqual(calls.slice(calls.indexOf("-install")), [
      "-install",
      "uninstall",
      "+uninstall",
      "released",
      "status",
    ]);
    assert.equal(result, "failed");
  });

  it("tells a chart that cannot be rendered as a failed install", async () => {
    const cluster = new FakeCluster(cr({ finalizers }));
    const sync = fails(new ChartError({ chart: "web", detail: "size is 99" }));
    assert.equal((await run(cluster, { manager: { sync } })).result, "failed");
    assert.deepEqual(cluster.conditions.slice(1), [
      "ReleaseFailed=True InstallError: failed to install release: size is 99",
    ]);
  });

  it("tells what the watches file overrides", async () => {
    const context = { overrideValues: new Map([["image.tag", "1.27"]]) };
    const shown = await run(new FakeCluster(cr()), { context });
    const text =
      'Warning OverrideValuesInUse: Chart value "image.tag" overridden to "1.27" by operator\'s watches.yaml';
    assert.equal(shown.events[0], text);
    const hidden = await run(new FakeCluster(cr()), { context: { ...context, suppressOverrideValues: true } });
    assert.equal(hidden.events[0], text.replace("1.27", "****"));
  });

  it("is broken off when the resource is deleted meanwhile", async () => {
    const deletion = Deferred.makeUnsafe<void>();
    const manager = {
      installRelease: () => Effect.andThen(Deferred.succeed(deletion, undefined), Effect.never),
    };
    const { calls, result } = await run(new FakeCluster(cr()), { manager, deletion: Deferred.await(deletion) });
    assert.deepEqual(calls, ["finalizers", "sync"]);
    assert.equal(result, 0);
  });
});

describe("a resource with a release", () => {
  const deployed = cr({ finalizers }, {
    conditions: [
      { type: "Initialized", status: "True", lastTransitionTime: "t" },
      { type: "Deployed", status: "True", reason: "InstallSuccessful", message: "notes 1", lastTransitionTime: "t" },
    ],
    deployedRelease: { name: "front", manifest: record(1).manifest },
  });

  it("writes nothing when nothing changed", async () => {
    const { calls } = await run(new FakeCluster(deployed), { installed: true });
    assert.deepEqual(calls, ["sync", "reconcile", "released"]);
  });

  it("is upgraded, by force when the annotation says so", async () => {
    const cluster = new FakeCluster({
      ...deployed,
      metadata: { ...deployed.metadata, ...annotated("upgrade-force", "true") },
    });
    const { calls, events } = await run(cluster, { installed: true, required: true });
    assert.deepEqual(calls, ["sync", "upgrade by force", "+upgrade", "released", "status"]);
    assert.equal(cluster.conditions[1], "Deployed=True UpgradeSuccessful: notes 2");
    assert.deepEqual(events, ["Normal Upgraded: Upgraded release front to revision 2"]);
  });

  it("is rolled back after a failed upgrade, and keeps its deployed release", async () => {
    const cluster = new FakeCluster(deployed);
    const manager = { updateRelease: () => fails(failure("field is immutable")) };
    const { calls, events, result } = await run(cluster, { installed: true, required: true, manager });
    assert.deepEqual(calls, ["sync", "-upgrade", "rollback by force", "+rollback", "released", "status"]);
    assert.deepEqual(cluster.conditions.slice(1), [
      "Deployed=True InstallSuccessful: notes 1",
      "ReleaseFailed=True UpgradeError: upgrade failed: field is immutable",
    ]);
    assert.deepEqual(events, [
      "Normal RolledBack: Rolled back release front",
      "Warning UpgradeFailed: field is immutable",
    ]);
    assert.equal(result, "failed");
  });

  it("is rolled back without force when the annotation says so", async () => {
    const cluster = new FakeCluster({
      ...deployed,
      metadata: { ...deployed.metadata, ...annotated("rollback-force", "false") },
    });
    const manager = { updateRelease: () => fails(failure("x")) };
    const { calls } = await run(cluster, { installed: true, required: true, manager });
    assert.ok(calls.includes("rollback"));
  });

  it("tells what cannot be compared as Irreconcilable, and takes that away when it is over", async () => {
    const cluster = new FakeCluster(deployed);
    const sync = fails(new ChartError({ chart: "web", detail: "size is 99" }));
    await run(cluster, { manager: { sync } });
    assert.equal(
      cluster.conditions[2],
      "Irreconcilable=True ReconcileError: failed to get candidate release: size is 99",
    );
    await run(cluster, { installed: true });
    assert.deepEqual(cluster.conditions, ["Initialized=True", "Deployed=True InstallSuccessful: notes 1"]);
  });

  it("tells what was repaired", async () => {
    const object = { apiVersion: "v1", kind: "Service", metadata: { name: "front", namespace: "shop" } };
    const repairs = [
      { object, change: "patched", fields: ["/spec/type"] } as const,
      { object, change: "created", fields: [] } as const,
    ];
    const manager = { reconcileRelease: Effect.succeed({ release: record(1), repairs, drifted: [] }) };
    const { events } = await run(new FakeCluster(deployed), { installed: true, manager });
    assert.deepEqual(events, [
      "Normal DriftRepaired: put back /spec/type of v1/Service shop/front",
      "Normal DriftRepaired: made v1/Service shop/front anew",
    ]);
  });

  it("tells of drift that is not to be repaired, each time that there is new drift", async () => {
    const object = { apiVersion: "v1", kind: "Service", metadata: { name: "front", namespace: "shop" } };
    const cluster = new FakeCluster(deployed);
    const reconcile = (drifted: ReadonlyArray<Repair>) =>
      run(cluster, {
        installed: true,
        manager: { reconcileRelease: Effect.succeed({ release: record(1), repairs: [], drifted }) },
      });
    const type = { object, change: "patched", fields: ["/spec/type"] } as const;
    const gone = { object, change: "created", fields: [] } as const;
    const first = await reconcile([type]);
    assert.deepEqual(first.events, ["Warning DriftDetected: v1/Service shop/front differs in /spec/type"]);
    assert.ok(cluster.conditions.includes("Drifted=True DriftDetected: v1/Service shop/front differs in /spec/type"));
    assert.deepEqual((await reconcile([type])).events, []);
    assert.deepEqual((await reconcile([gone])).events, ["Warning DriftDetected: v1/Service shop/front is not there"]);
    await reconcile([]);
    assert.ok(!cluster.conditions.some((each) => each.startsWith("Drifted")));
  });

  it("whose upgrade failed is rolled back, and not upgraded again, when the operator was killed before that", async () => {
    const remediation = () => ({ remediation: new Remediation({ strategy: "rollback", retries: 0 }) });
    const cluster = new FakeCluster(deployed);
    const updateRelease = () => fails(failure("upgrade failed: no"));
    const rollBack = () => Effect.die("killed");
    const first = { installed: true, required: true, context: remediation(), manager: { updateRelease, rollBack } };
    assert.equal((await run(cluster, first)).result, "failed");
    assert.equal(cluster.conditions.at(-1), "ReleaseFailed=True UpgradeError: upgrade failed: no");
    assert.equal(cluster.resource!.status.failures.count, 1);

    cluster.calls.length = 0;
    const manager = {
      failedTry: Effect.succeed({ began: "2026-01-02T03:04:05.678Z", isOfGeneration: true, message: "no" }),
    };
    const { calls, result } = await run(cluster, { installed: true, required: true, context: remediation(), manager });
    assert.deepEqual(calls, ["sync", "rollback by force", "+rollback", "reconcile", "released", "status"]);
    assert.equal(result, 0);
    const words =
      "Gave up after 1 try: change the resource, or set the annotation helmwright.dev/retry to a new value.";
    assert.equal(cluster.conditions.at(-1), `Stalled=True RetriesExhausted: ${words} upgrade failed: no`);
  });

  it("whose try failed just before the operator was killed has no more tries than others", async () => {
    let tried: string | null = null;
    const options = (began: string) => ({
      installed: true,
      required: true,
      context: { remediation: new Remediation({ strategy: "rollback" as const, retries: 1 }) },
      manager: {
        updateRelease: () => {
          tried = began;
          return fails(failure("upgrade failed: no"));
        },
        failedTry: Effect.sync(() => tried === null ? null : { began: tried, isOfGeneration: true, message: tried }),
      },
    });
    const cluster = new FakeCluster(deployed);
    await run(cluster, options("the first"));
    assert.equal(cluster.resource!.status.failures.count, 1);
    // The second is recorded, and not counted.
    tried = "the second";
    cluster.calls.length = 0;
    const restarted = await run(cluster, options("the third"));
    assert.equal(cluster.resource!.status.failures.count, 2);
    assert.ok(!restarted.calls.includes("-upgrade"), restarted.calls.join());
    assert.deepEqual(cluster.conditions.slice(-2).map((each) => each.replace(/: change.* value\./, "")), [
      "ReleaseFailed=True UpgradeError: upgrade failed: the second",
      "Stalled=True RetriesExhausted: Gave up after 2 tries upgrade failed: the second",
    ]);
  });

  it("is neither counted nor undone when the API server was in trouble", async () => {
    const cause = new ApiError({ code: 503, reason: "ServiceUnavailable", request: "patch", detail: "overloaded" });
    const updateRelease = () =>
      fails(new ActionError({ action: "upgrade", releaseName: "front", detail: "overloaded", cause }));
    for (const strategy of ["rollback", "uninstall"] as const) {
      const cluster = new FakeCluster(deployed);
      const remediation = new Remediation({ strategy, retries: 0 });
      const { calls } = await run(cluster, {
        installed: true,
        required: true,
        context: { remediation },
        manager: { updateRelease },
      });
      assert.deepEqual(calls, ["sync", "-upgrade", "released", "status"]);
      assert.equal(cluster.resource!.status.failures, undefined);
      assert.ok(!cluster.conditions.some((each) => each.startsWith("Stalled")));
    }
  });

  it("does not say of a new revision how the tests of the last one went", async () => {
    const cluster = new FakeCluster(deployed);
    const shown: string[] = [];
    const testRelease = Effect.sync(() => {
      shown.push(...cluster.conditions.filter((each) => each.startsWith("Tested")));
      return { release: record(2), passed: true, message: "Job/try succeeded" };
    });
    await run(cluster, { installed: true, required: true, manager: { isTestDue: () => true, testRelease } });
    await run(cluster, { installed: true, required: true, manager: { isTestDue: () => true, testRelease } });
    const running = "Tested=Unknown TestsRunning: The tests of the release are running";
    assert.deepEqual(shown, [running, running]);
    assert.equal(cluster.conditions.at(-1), "Tested=True TestsSucceeded: Job/try succeeded");
  });

  it("says how its tests went when they ran before the status was written", async () => {
    const tested = (phase: "Succeeded" | "Failed") => ({
      runsTests: true,
      deployedRelease: () => ({
        ...record(1),
        hooks: [{ kind: "Job", name: "try", events: ["test"], last_run: { phase } }],
      }),
    });
    const cluster = new FakeCluster(deployed);
    await run(cluster, { installed: true, manager: tested("Succeeded") });
    assert.equal(cluster.conditions.at(-1), "Tested=True TestsSucceeded: Job/try succeeded");
    await run(cluster, { installed: true, manager: tested("Failed") });
    assert.equal(cluster.conditions.at(-1), "Tested=False TestsFailed: Job/try failed");
    await run(cluster, { installed: true });
    assert.ok(!cluster.conditions.some((each) => each.startsWith("Tested")));
  });

  it("says nothing in the status when the API server cannot be reached", async () => {
    const cluster = new FakeCluster(deployed);
    const sync = fails(new ConnectionError({ request: "list", detail: "refused" }));
    const { events, result } = await run(cluster, { manager: { sync } });
    assert.deepEqual([events, result], [[], "failed"]);
    assert.equal(cluster.conditions.length, 2);
  });

  it("comes again after its period: the annotation's before the watch's", async () => {
    const context = { reconcilePeriod: 60_000 };
    assert.equal((await run(new FakeCluster(deployed), { installed: true, context })).result, 60_000);
    const own = { ...deployed, metadata: { ...deployed.metadata, ...annotated("reconcile-period", "5s") } };
    assert.equal((await run(new FakeCluster(own), { installed: true, context })).result, 5_000);
  });

  it("has its status written to the resource itself where there is no status subresource", async () => {
    const cluster = new FakeCluster(cr({ finalizers }));
    cluster.hasStatus = false;
    assert.ok((await run(cluster)).calls.includes("whole"));
  });

  it("fails when the status cannot be written", async () => {
    const cluster = new FakeCluster(cr({ finalizers }));
    cluster.failures.push(refused);
    assert.equal((await run(cluster)).result, "failed");
  });
});

describe("a resource that is being deleted", () => {
  it("is uninstalled and let go, without a status that nobody could read", async () => {
    const cluster = new FakeCluster(cr(deleted));
    const { calls, events } = await run(cluster);
    assert.deepEqual(calls, ["uninstall", "+uninstall", "finalizers"]);
    assert.deepEqual(cluster.finalizers, []);
    assert.deepEqual(events, ["Normal Uninstalled: Uninstalled release front"]);
  });

  it("gets a last status when another finalizer holds it", async () => {
    const cluster = new FakeCluster(cr({ ...deleted, finalizers: ["other", legacyUninstallFinalizer] }));
    await run(cluster);
    assert.deepEqual(cluster.finalizers, ["other"]);
    assert.deepEqual(cluster.conditions, ["Deployed=False UninstallSuccessful"]);
  });

  it("counts as uninstalled when there is no release", async () => {
    const cluster = new FakeCluster(cr(deleted));
    await run(cluster, { manager: { uninstallRelease: notInstalled } });
    assert.deepEqual(cluster.finalizers, []);
  });

  it("can be uninstalled although its spec is no map", async () => {
    const { seen } = await run(new FakeCluster({ ...cr(deleted), spec: "none" }));
    assert.deepEqual(seen[0].spec, {});
  });

  it("stays, and tells why, when the uninstall fails", async () => {
    const cluster = new FakeCluster(cr(deleted));
    const { events, result } = await run(cluster, { manager: { uninstallRelease: fails(failure("hook failed")) } });
    assert.deepEqual(cluster.finalizers, finalizers);
    assert.deepEqual(cluster.conditions, ["ReleaseFailed=True UninstallError: hook failed"]);
    assert.deepEqual(events, ["Warning UninstallFailed: hook failed"]);
    assert.equal(result, "failed");
  });

  it("waits for its objects when the annotation says so", async () => {
    const cluster = new FakeCluster(cr({ ...deleted, ...annotated("uninstall-wait", "true") }));
    const waiting = await run(cluster, { manager: { cleanupRelease: () => Effect.succeed(false) } });
    assert.ok(Number(waiting.result) > 0);
    assert.deepEqual(cluster.conditions, [
      "Deployed=False UninstallSuccessful: Waiting until all resources are deleted.",
    ]);
    assert.deepEqual(cluster.finalizers, finalizers);
    await run(cluster);
    assert.deepEqual(cluster.finalizers, []);
  });

  it("is left alone without the finalizer", async () => {
    const { calls } = await run(new FakeCluster(cr({ ...deleted, finalizers: ["other"] })));
    assert.deepEqual(calls, []);
  });
});

describe("a resource that", () => {
  it("is gone needs nothing", async () => {
    assert.deepEqual((await run(new FakeCluster(null))).calls, []);
  });

  it("has left the selector loses the finalizer and keeps its release", async () => {
    const cluster = new FakeCluster(cr({ finalizers: ["other", ...finalizers] }));
    const { calls } = await run(cluster, { isSelected: false });
    assert.deepEqual(calls, ["finalizers"]);
    assert.deepEqual(cluster.finalizers, ["other"]);
  });

  it("has left the selector while it is being deleted is uninstalled all the same", async () => {
    const { calls } = await run(new FakeCluster(cr(deleted)), { isSelected: false });
    assert.ok(calls.includes("uninstall"));
  });
});

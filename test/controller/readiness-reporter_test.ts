import assert from "node:assert/strict";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { judge, ReadinessBook } from "../../src/controller/readiness-book.ts";
import { makeReadinessReporter } from "../../src/controller/readiness-reporter.ts";
import { Work } from "../../src/controller/work.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { effectTest } from "./effect-test.ts";
import type { KubeError } from "../../src/kube/kube-client.ts";
import { cr, FakeCluster, record, refused } from "./fake-cluster.ts";

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
`;
const release = { ...record(1), manifest };
const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "front" };
const waiting = { state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } }, name: "main" };

/** A Deployment of which so many of three replicas are available. */
function deployment(version: number, available: number): KubeObject {
  const counts = { replicas: 3, updatedReplicas: 3, availableReplicas: available, readyReplicas: available };
  const conditions = [
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    { type: "Available", status: "True" },
  ];
  return {
    ...name,
    metadata: { name: "front", namespace: "shop", resourceVersion: String(version), generation: 1 },
    spec: { replicas: 3, selector: { matchLabels: { app: "front" } } },
    status: { observedGeneration: 1, conditions, ...counts },
  };
}

/** A custom resource whose release is deployed, with a reporter, and the ways to act on them. */
const setUp = Effect.fnUntraced(function* (
  options: { isWatched?: boolean; available?: number; refusePods?: boolean; refusal?: string } = {},
) {
  const cluster = new FakeCluster(cr({ generation: 1 }));
  const book = new ReadinessBook();
  const lists: string[] = [];
  const list = ({ kind }: { kind: string }, { labelSelector }: { labelSelector: string }) =>
    Effect.suspend((): Effect.Effect<unknown, KubeError> => {
      lists.push(labelSelector ?? kind);
      if (options.refusal !== undefined && kind === "Pod") return Effect.succeed({ items: [] });
      if (kind === "Event") {
        const [involvedObject, message] = [{ name: "front-7f" }, `Error creating: ${options.refusal}`];
        return Effect.succeed({ items: [{ metadata: {}, involvedObject, message }] });
      }
      if (options.refusePods) return Effect.fail(refused);
      const status = { phase: "Pending", containerStatuses: [waiting] };
      return Effect.succeed({ items: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, status }] });
    });
  let isBusy = false;
  const reporter = yield* makeReadinessReporter({
    kube: { ...cluster.client, list } as never,
    gvk: { group: "apps.example.com", version: "v1", kind: "Web" },
    dependents: { book, isBusy: () => isBusy },
    isWatched: options.isWatched ?? true,
  });
  let version = 0;
  const see = (available: number) =>
    Effect.suspend(() => {
      const owner = book.saw(name, judge(deployment(++version, available), 0));
      return owner === null ? Effect.void : reporter.changed(owner.key);
    });
  yield* see(options.available ?? 3);
  const deploy = Effect.gen(function* () {
    const work = new Work(cluster.client, cluster.resource!);
    yield* reporter.deployed(work, release);
    yield* work.save;
  });
  yield* deploy;
  const setBusy = (busy: boolean) => void (isBusy = busy);
  return { cluster, reporter, see, deploy, lists, setBusy };
});

effectTest("a release whose objects are ready is Ready, and looking again writes nothing", function* () {
  const { cluster, reporter, deploy } = yield* setUp();
  assert.deepEqual(cluster.conditions, ["Ready=True ResourcesReady: 1 of 1 object is ready"]);
  assert.deepEqual(cluster.resource!.status.resources, [{ ...name, status: "Current" }]);
  assert.equal(cluster.resource!.status.observedGeneration, 1);
  yield* reporter.changed("shop/front");
  yield* TestClock.adjust(60_000);
  yield* deploy;
  assert.deepEqual(cluster.calls, ["status"]);
});

effectTest("a change is written a moment later, and a rollout's changes together", function* () {
  const { cluster, see } = yield* setUp();
  yield* see(0);
  yield* TestClock.adjust(249);
  assert.equal(cluster.calls.length, 1);
  yield* TestClock.adjust(1);
  assert.deepEqual(cluster.conditions, ["Ready=False ResourceProgressing: Deployment front: Available: 0/3"]);
  for (const available of [1, 2, 1, 2, 3]) {
    yield* see(available);
    yield* TestClock.adjust(300);
  }
  assert.equal(cluster.calls.length, 2);
  yield* TestClock.adjust(500);
  assert.equal(cluster.calls.length, 3);
  assert.deepEqual(cluster.conditions, ["Ready=True ResourcesReady: 1 of 1 object is ready"]);
});

effectTest("changes that come to the same are not written", function* () {
  const { cluster, see } = yield* setUp();
  yield* see(0);
  yield* see(3);
  yield* TestClock.adjust(10_000);
  assert.equal(cluster.calls.length, 1);
});

effectTest("the reason of pods that do not come up is told", function* () {
  const { cluster, see, lists } = yield* setUp();
  yield* see(1);
  yield* TestClock.adjust(3_000);
  assert.deepEqual(lists, []);
  yield* TestClock.adjust(57_000);
  assert.deepEqual(lists, ["app=front"]);
  assert.deepEqual(cluster.conditions, [
    "Ready=False ResourceProgressing: Deployment front: Available: 1/3; " +
    "container main waits: ImagePullBackOff (no such image)",
  ]);
});

effectTest("what keeps a workload from having pods is told", function* () {
  const { cluster, see, lists } = yield* setUp({ refusal: "exceeded quota: none" });
  yield* see(0);
  yield* TestClock.adjust(60_000);
  assert.deepEqual(lists, ["app=front", "Event"]);
  assert.deepEqual(cluster.conditions, [
    "Ready=False ResourceProgressing: Deployment front: Available: 0/3; exceeded quota: none",
  ]);
});

effectTest("pods that may not be listed are asked for once", function* () {
  const { cluster, see, lists } = yield* setUp({ refusePods: true });
  yield* see(1);
  yield* TestClock.adjust(120_000);
  assert.deepEqual(lists, ["app=front"]);
  assert.deepEqual(cluster.conditions, ["Ready=False ResourceProgressing: Deployment front: Available: 1/3"]);
});

effectTest("a newer generation is the reconcile's to tell, and so is a busy resource", function* () {
  const { cluster, see, setBusy } = yield* setUp();
  setBusy(true);
  yield* see(0);
  yield* TestClock.adjust(10_000);
  setBusy(false);
  cluster.resource = { ...cluster.resource!, metadata: { ...cluster.resource!.metadata, generation: 2 } };
  yield* see(1);
  yield* TestClock.adjust(2_000);
  assert.equal(cluster.calls.length, 1);
});

effectTest("a write that fails, or meets another's, is tried again over what is there then", function* () {
  const { cluster, see } = yield* setUp();
  cluster.failures.push(refused);
  yield* see(0);
  yield* TestClock.adjust(1_000);
  assert.equal(cluster.calls.length, 1);
  yield* TestClock.adjust(5_000);
  assert.equal(cluster.conditions[0].slice(0, 11), "Ready=False");
});

effectTest("a failed release is not Ready, whatever its objects are", function* () {
  const { cluster, reporter, see } = yield* setUp();
  const work = new Work(cluster.client, cluster.resource!);
  yield* reporter.notDeployed(work, "False", "UpgradeError", "upgrade failed: no");
  yield* work.save;
  yield* see(2);
  yield* TestClock.adjust(10_000);
  assert.deepEqual(cluster.conditions, ["Ready=False UpgradeError: upgrade failed: no"]);
  assert.equal(cluster.resource!.status.resources[0].status, "InProgress");
});

effectTest("without a watch of the objects it says so", function* () {
  const { cluster } = yield* setUp({ isWatched: false, available: 0 });
  assert.match(
    cluster.conditions[0],
    /^Ready=Unknown NotWatched: Deployment front: .* \(watchDependentResources: false\)$/,
  );
});

effectTest("an action that takes long is told, one that does not is not", function* () {
  const { cluster, reporter } = yield* setUp();
  const work = new Work(cluster.client, cluster.resource!);
  yield* reporter.during(work, "Upgrading", Effect.void);
  yield* TestClock.adjust(5_000);
  assert.equal(cluster.calls.length, 1);
  yield* Effect.forkScoped(reporter.during(work, "Upgrading", Effect.never));
  yield* TestClock.adjust(1_000);
  assert.deepEqual(cluster.conditions, ["Ready=False Upgrading: Upgrading the release"]);
});

effectTest("a resource that is forgotten is written no more", function* () {
  const { cluster, reporter, see } = yield* setUp();
  yield* see(0);
  yield* reporter.forget("shop/front");
  yield* TestClock.adjust(10_000);
  assert.equal(cluster.calls.length, 1);
});

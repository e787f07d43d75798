import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { podSelector, podTrouble } from "../../src/controller/pod-trouble.ts";
import { judge, type Member, ReadinessBook } from "../../src/controller/readiness-book.ts";
import { bounded, reportOf, resourceLimit, resourcesOf } from "../../src/controller/readiness-report.ts";
import type { ResourceStatus } from "../../src/controller/status.ts";
import type { KubeObject } from "../../src/kube/object.ts";

const resource = (name: string, status: ResourceStatus["status"], message?: string): ResourceStatus => ({
  apiVersion: "v1",
  kind: "Thing",
  name,
  status,
  ...(message === undefined ? {} : { message }),
});

describe("reportOf", () => {
  const cases: Array<[string, ResourceStatus[], string]> = [
    ["nothing", [], "True ResourcesReady: 0 of 0 objects are ready"],
    ["all ready", [resource("a", "Current")], "True ResourcesReady: 1 of 1 object is ready"],
    [
      "one on its way",
      [resource("a", "Current"), resource("b", "InProgress", "soon")],
      "False ResourceProgressing: Thing b: soon",
    ],
    [
      "one missing",
      [resource("a", "InProgress", "soon"), resource("b", "NotFound", "gone")],
      "False ResourceMissing: Thing a: soon; Thing b: gone",
    ],
    [
      "one failed",
      [resource("a", "NotFound", "gone"), resource("b", "Failed")],
      "False ResourceFailed: Thing a: gone; Thing b: Failed",
    ],
    [
      "many",
      ["a", "b", "c", "d", "e"].map((name) => resource(name, "InProgress", "soon")),
      "False ResourceProgressing: Thing a: soon; Thing b: soon; Thing c: soon; and 2 more",
    ],
  ];
  for (const [what, resources, expected] of cases) {
    it(what, () => {
      const { status, reason, message } = reportOf(resources, true).condition;
      assert.equal(`${status} ${reason}: ${message}`, expected);
    });
  }

  it("does not know what became of objects that nobody watches", () => {
    assert.equal(reportOf([resource("a", "InProgress", "soon")], false).condition.status, "Unknown");
    assert.equal(reportOf([resource("a", "Current")], false).condition.status, "True");
  });
});

describe("bounded", () => {
  it("puts what is not ready first when there are too many, and counts the rest", () => {
    const all = Array.from(
      { length: resourceLimit + 5 },
      (_, n) => resource(`r${n}`, n === 103 ? "Failed" : "Current"),
    );
    const { resources, resourcesOmitted } = bounded(all);
    assert.equal(resources!.length, resourceLimit);
    assert.equal(resources![0].name, "r103");
    assert.equal(resourcesOmitted, 5);
  });
});

describe("the readiness book", () => {
  const owner = { type: "Web.apps.example.com", key: "shop/front" };
  const name = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "shop", name: "disk" };
  const claim = (version: number, phase: string): KubeObject => ({
    ...name,
    metadata: { name: "disk", namespace: "shop", resourceVersion: String(version) },
    status: { phase },
  });
  const seen = (version: number, phase: string) => judge(claim(version, phase), 0);
  const statuses = (book: ReadinessBook) =>
    resourcesOf(book.members(owner), () => undefined).map(({ status }) => status);

  it("knows an object that it saw before it was told whose it is", () => {
    const book = new ReadinessBook();
    assert.equal(book.saw(name, seen(1, "Bound")), null);
    book.consists(owner, [name, { ...name, name: "other" }]);
    assert.deepEqual(statuses(book), ["Current", "NotFound"]);
  });

  it("tells the owner of a change, and of no repetition or older state", () => {
    const book = new ReadinessBook();
    book.consists(owner, [name]);
    assert.deepEqual(book.saw(name, seen(5, "Pending")), owner);
    assert.equal(book.saw(name, seen(6, "Pending")), null);
    assert.deepEqual(book.saw(name, seen(7, "Bound")), owner);
    assert.equal(book.saw(name, seen(6, "Pending")), null);
    assert.deepEqual(statuses(book), ["Current"]);
    assert.deepEqual(book.saw(name, null), owner);
    assert.deepEqual(statuses(book), ["NotFound"]);
  });

  it("forgets what has left the release, and the owner", () => {
    const book = new ReadinessBook();
    book.consists(owner, [name]);
    book.saw(name, seen(1, "Bound"));
    book.consists(owner, []);
    assert.equal(book.saw(name, null), null);
    book.forget(owner);
    assert.deepEqual(book.members(owner), []);
  });

  it("tells why an object is not ready, with what its pods say", () => {
    const member: Member = { ...name, verdict: seen(1, "Pending") };
    const [{ message }] = resourcesOf([member], () => "the disk is full");
    assert.equal(message, "PVC is not Bound. phase: Pending; the disk is full");
  });
});

describe("podSelector", () => {
  const gvk = (group: string, kind: string) => ({ group, version: "v1", kind });
  it("is that of what makes pods", () => {
    const selector = { matchLabels: { app: "a" }, matchExpressions: [{ key: "b", operator: "Exists" }] };
    assert.equal(podSelector(gvk("apps", "Deployment"), { selector }), "app=a,b");
    assert.equal(podSelector(gvk("", "Service"), { selector: { app: "a" } }), undefined);
    assert.equal(podSelector(gvk("apps", "StatefulSet"), {}), undefined);
  });
});

describe("podTrouble", () => {
  const pod = (status: object): KubeObject => ({ apiVersion: "v1", kind: "Pod", metadata: {}, status });
  const waits = (reason: string, message?: string) =>
    pod({ phase: "Pending", containerStatuses: [{ name: "main", state: { waiting: { reason, message } } }] });
  const notReady = { type: "Ready", status: "False", message: "probe failed" };
  const cases: Array<[string, KubeObject[], string | undefined]> = [
    ["no pods", [], undefined],
    ["a pod that is being made", [waits("ContainerCreating")], undefined],
    [
      "a waiting container",
      [waits("CrashLoopBackOff", "back-off")],
      "container main waits: CrashLoopBackOff (back-off)",
    ],
    [
      "several pods",
      [waits("ErrImagePull"), waits("ImagePullBackOff"), waits("ImagePullBackOff")],
      "container main waits: ImagePullBackOff in 2 of 3 pods",
    ],
    [
      "no node",
      [pod({ conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }] })],
      "Unschedulable: 0/1 nodes",
    ],
    [
      "an ended container",
      [pod({ containerStatuses: [{ name: "main", state: { terminated: { exitCode: 3, reason: "Error" } } }] })],
      "container main ended with exit code 3 (Error)",
    ],
    ["a probe", [pod({ phase: "Running", conditions: [notReady] })], "probe failed"],
    ["a pod that ends", [{ ...waits("CrashLoopBackOff"), metadata: { deletionTimestamp: "now" } }], undefined],
  ];
  for (const [what, pods, expected] of cases) it(what, () => assert.equal(podTrouble(pods), expected));
});

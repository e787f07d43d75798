import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uninstallFinalizer } from "../../src/controller/annotations.ts";
import { fingerprint, judgeChange } from "../../src/controller/resource-watch.ts";
import type { KubeObject } from "../../src/kube/object.ts";

const cr = (metadata: object = {}, more: object = {}): KubeObject => ({
  apiVersion: "apps.example.com/v1",
  kind: "Web",
  metadata: { name: "a", uid: "u1", creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
  spec: { replicas: 1 },
  ...more,
});
const change = (before: KubeObject | undefined, after: KubeObject) =>
  judgeChange(fingerprint(after), before && fingerprint(before));

describe("a change of a custom resource", () => {
  it("needs a reconcile when it is first seen", () => {
    const { needsReconcile, isNew, created } = change(undefined, cr());
    assert.ok(needsReconcile && isNew);
    assert.equal(created, 1767225600);
  });

  const ignored: Array<[string, KubeObject]> = [
    ["status", cr({ resourceVersion: "9" }, { status: { conditions: [] } })],
    ["labels", cr({ labels: { a: "b" } })],
    ["managed fields", cr({ managedFields: [{}] })],
    ["kubectl's copy", cr({ annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } })],
  ];
  for (const [name, after] of ignored) {
    it(`is none in ${name}`, () => assert.equal(fingerprint(after), fingerprint(cr())));
  }

  const wanted: Array<[string, KubeObject]> = [
    ["the spec", cr({}, { spec: { replicas: 2 } })],
    ["an annotation", cr({ annotations: { "helm.sdk.operatorframework.io/upgrade-force": "true" } })],
    ["the deletion's time", cr({ deletionTimestamp: "2026-01-02T00:00:00Z" })],
    ["the uid", cr({ uid: "u2" })],
  ];
  for (const [name, after] of wanted) {
    it(`needs a reconcile in ${name}`, () => {
      assert.ok(change(cr(), after).needsReconcile);
      assert.ok(change(cr(), after).isNew);
    });
  }

  it("passes over the finalizer's coming, not over its going", () => {
    const finalized = cr({ finalizers: [uninstallFinalizer] });
    assert.ok(!change(cr(), finalized).needsReconcile);
    const gone = change(finalized, cr());
    assert.ok(gone.needsReconcile && !gone.isNew);
  });

  it("tells when deletion begins", () => {
    const deleted = cr({ deletionTimestamp: "2026-01-02T00:00:00Z" });
    assert.ok(change(cr(), deleted).deletionBegan);
    assert.ok(!change(deleted, deleted).deletionBegan);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartLabel, Ledger, type Owner, ownerOf } from "../../src/controller/ledger.ts";
import type { KubeObject } from "../../src/kube/object.ts";

const owner: Owner = { type: "Web.apps.example.com", key: "shop/front" };
const idle = () => false;
const busy = () => true;

function dependent(version: number, more: Partial<KubeObject["metadata"]> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "front",
      namespace: "shop",
      resourceVersion: String(version),
      labels: { [chartLabel]: "web" },
      ownerReferences: [{ apiVersion: "apps.example.com/v1", kind: "Web", name: "front", uid: "u", controller: true }],
      ...more,
    },
  };
}
const name = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "front" };
const written = (version: number, hash: string) => {
  const ledger = new Ledger(() => true);
  ledger.expect(dependent(version), () => hash);
  return ledger;
};

describe("the ledger, of an object that was written", () => {
  const changed = { owner, change: "changed" };

  it("takes the operator's own write for what it is", () => {
    assert.equal(written(5, "a").saw(name, { version: "5", hash: "a" }, idle), null);
  });

  it("takes a later state with the same fields for no drift", () => {
    assert.equal(written(5, "a").saw(name, { version: "9", hash: "a" }, idle), null);
  });

  it("sees drift in other fields, and in a deletion", () => {
    assert.deepEqual(written(5, "a").saw(name, { version: "6", hash: "b" }, idle), changed);
    assert.deepEqual(written(5, "a").saw(name, null, idle), { owner, change: "deleted" });
  });

  it("passes over what is older than its write", () => {
    assert.equal(written(10, "a").saw(name, { version: "9", hash: "b" }, idle), null);
  });

  it("compares by fields alone when versions are no numbers", () => {
    assert.deepEqual(written(5, "a").saw(name, { version: "x", hash: "b" }, idle), changed);
  });

  it("judges what it sees during work when the work is over", () => {
    const ledger = written(5, "a");
    assert.equal(ledger.saw(name, { version: "6", hash: "b" }, busy), null);
    ledger.expect(dependent(7), () => "b");
    assert.equal(ledger.settle(owner), null);
    assert.equal(ledger.saw(name, { version: "8", hash: "c" }, busy), null);
    assert.deepEqual(ledger.settle(owner), changed);
    assert.equal(ledger.settle(owner), null);
  });

  it("does not take its own deletion for drift", () => {
    const ledger = written(5, "a");
    ledger.deletes(name);
    assert.equal(ledger.saw(name, null, idle), null);
    assert.deepEqual(ledger.placesOf(owner), []);
  });

  it("forgets with its owner", () => {
    const ledger = written(5, "a");
    ledger.forget(owner);
    assert.equal(ledger.saw(name, null, idle), null);
  });
});

describe("the ledger, of an object that is seen before the answer to its write", () => {
  it("takes the write's own event for what it is", () => {
    const ledger = new Ledger(() => true);
    ledger.saw(name, { version: "5", hash: "a" }, busy);
    ledger.expect(dependent(5), () => "a");
    assert.equal(ledger.settle(owner), null);
  });

  it("sees the change that followed the write", () => {
    const ledger = new Ledger(() => true);
    ledger.saw(name, { version: "5", hash: "a" }, busy);
    ledger.saw(name, { version: "6", hash: "b" }, busy);
    ledger.expect(dependent(5), () => "a");
    assert.deepEqual(ledger.settle(owner), { owner, change: "changed" });
  });
});

describe("the ledger", () => {
  it("passes over objects of no release, and hooks", () => {
    const ledger = new Ledger(() => true);
    ledger.expect(dependent(1, { labels: {} }), () => "a");
    ledger.expect(dependent(1, { ownerReferences: [] }), () => "a");
    ledger.expect(dependent(1, { annotations: { "helm.sh/hook": "pre-install" } }), () => "a");
    assert.deepEqual(ledger.placesOf(owner), []);
  });

  it("tells where an owner's objects lie, each place once", () => {
    const ledger = new Ledger(() => true);
    ledger.expect(dependent(1), () => "a");
    ledger.expect(dependent(1, { name: "back" }), () => "a");
    assert.deepEqual(ledger.placesOf(owner), [{ apiVersion: "v1", kind: "Service", chart: "web", namespace: "shop" }]);
  });
});

describe("ownerOf", () => {
  it("goes by the controller reference", () => {
    assert.deepEqual(ownerOf(dependent(1), () => true), owner);
    assert.deepEqual(ownerOf(dependent(1), () => false), { ...owner, key: "/front" });
  });

  it("goes by operator-sdk's annotations", () => {
    const annotations = {
      "operator-sdk/primary-resource": "shop/front",
      "operator-sdk/primary-resource-type": "Web.apps.example.com",
    };
    assert.deepEqual(ownerOf(dependent(1, { annotations, ownerReferences: undefined }), () => true), owner);
    const clusterScoped = { ...annotations, "operator-sdk/primary-resource": "front" };
    assert.equal(ownerOf(dependent(1, { annotations: clusterScoped }), () => true)!.key, "/front");
  });

  it("knows none without either", () => {
    assert.equal(ownerOf(dependent(1, { ownerReferences: undefined }), () => true), null);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../src/kube/object.ts";
import { foreign, isKept, withOwner } from "../../src/release/ownership.ts";

const release = { name: "web", namespace: "shop" };
const cr: KubeObject = {
  apiVersion: "example.com/v1",
  kind: "Web",
  metadata: { name: "web", namespace: "shop", uid: "u1" },
};
const owner = { release, cr };
const object = (metadata: KubeObject["metadata"], kind = "ConfigMap"): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata,
});
const reference = {
  apiVersion: "example.com/v1",
  kind: "Web",
  name: "web",
  uid: "u1",
  controller: true,
  blockOwnerDeletion: true,
};
const primary = {
  "operator-sdk/primary-resource": "shop/web",
  "operator-sdk/primary-resource-type": "Web.example.com",
};

const managed = { managed: true, outlives: false };
const unmanaged = { managed: false, outlives: false };

describe("withOwner", () => {
  it("marks an object of the release as Helm and as operator-sdk do", () => {
    assert.deepEqual(withOwner(object({ name: "a", namespace: "shop", labels: { a: "b" } }), owner, "nginx", managed), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "a",
        namespace: "shop",
        labels: { a: "b", "helm.sdk.operatorframework.io/chart": "nginx", "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop" },
        ownerReferences: [reference],
      },
    });
  });

  it("leaves Helm's marks off a hook", () => {
    assert.deepEqual(withOwner(object({ name: "a", namespace: "shop" }), owner, "nginx", unmanaged).metadata, {
      name: "a",
      namespace: "shop",
      labels: { "helm.sdk.operatorframework.io/chart": "nginx" },
      ownerReferences: [reference],
    });
  });

  const annotated: [string, KubeObject["metadata"]][] = [
    ["a cluster-scoped object", { name: "a" }],
    ["an object of another namespace", { name: "a", namespace: "other" }],
    ["an object that outlives the release", {
      name: "a",
      namespace: "shop",
      annotations: { "helm.sh/resource-policy": " Keep " },
    }],
  ];
  for (const [what, metadata] of annotated) {
    it(`names the custom resource in annotations of ${what}`, () => {
      const built = withOwner(object(metadata), owner, "nginx", unmanaged).metadata;
      assert.equal(built.ownerReferences, undefined);
      assert.deepEqual(built.annotations, { ...metadata.annotations, ...primary });
    });
  }

  it("lets a cluster-scoped custom resource own everything", () => {
    const cluster = { ...cr, metadata: { name: "web", uid: "u1" } };
    for (const metadata of [{ name: "a" }, { name: "a", namespace: "other" }]) {
      const built = withOwner(object(metadata), { release, cr: cluster }, "nginx", unmanaged).metadata;
      assert.deepEqual(built.ownerReferences, [reference]);
    }
  });

  it("lets nobody own what lies in crds/", () => {
    const cluster = { ...cr, metadata: { name: "web", uid: "u1" } };
    const outlives = { managed: false, outlives: true };
    const built = withOwner(object({ name: "a" }), { release, cr: cluster }, "nginx", outlives).metadata;
    assert.equal(built.ownerReferences, undefined);
    assert.equal(built.annotations?.["operator-sdk/primary-resource"], "/web");
  });
});

describe("foreign", () => {
  it("finds nothing wrong with an object of the release", () => {
    assert.equal(foreign(withOwner(object({ name: "a" }), owner, "nginx", managed), owner), null);
  });

  it("accepts what the custom resource owns without Helm's marks", () => {
    assert.equal(foreign(object({ name: "a", namespace: "shop", ownerReferences: [reference] }), owner), null);
    assert.equal(foreign(object({ name: "a", annotations: primary }), owner), null);
  });

  it("says what is missing in Helm's words", () => {
    const annotations = { "meta.helm.sh/release-name": "other" };
    assert.equal(
      foreign(object({ name: "a", annotations }), owner),
      'invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to ' +
        '"Helm"; annotation validation error: key "meta.helm.sh/release-name" must equal "web": current value is "other"; ' +
        'annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "shop"',
    );
  });
});

describe("isKept", () => {
  it("heeds the policy keep only", () => {
    assert.equal(isKept(object({ annotations: { "helm.sh/resource-policy": "keep" } })), true);
    assert.equal(isKept(object({ annotations: { "helm.sh/resource-policy": "delete" } })), false);
    assert.equal(isKept(object({})), false);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { appliedEntry, ownedHash, type OwnedView, ownedView } from "../../src/kube/owned-fields.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { Effect } from "effect";
import { layer } from "../../src/kube/client.ts";
import { KubeClient } from "../../src/kube/kube-client.ts";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";

const { api, kubeconfig } = await sharedControlPlane();
const config = await Effect.runPromise(loadClusterConfig({ kubeconfig }));

const manager = "owner";
const deployment = (namespace: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "front", namespace, labels: { app: "front" }, finalizers: ["example.com/keep"] },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "front" } },
    template: {
      metadata: { labels: { app: "front" } },
      spec: {
        containers: [
          { name: "app", image: "app:1", ports: [{ containerPort: 80 }], env: [{ name: "A", value: "1" }] },
          { name: "side", image: "side:1", args: ["a", "b"] },
        ],
      },
    },
  },
});

/** JSON pointers of the fields that are in one view only or have another value, sorted. */
function differingFields(before: OwnedView, after: OwnedView): string[] {
  const pointers = new Set<string>();
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(path), after.get(path)];
    if (one?.value !== other?.value) pointers.add((other ?? one)!.pointer);
  }
  return [...pointers].sort();
}

/** Applies the deployment, lets something happen to it, and tells which of the owner's fields are others then. */
async function drift(change: (live: KubeObject) => unknown, patch = "application/merge-patch+json") {
  const namespace = await api.createNamespace();
  return await Effect.runPromise(Effect.provide(
    Effect.gen(function* () {
      const client = yield* KubeClient;
      const before = yield* client.apply(deployment(namespace), { fieldManager: manager });
      const ref = { ...before, namespace, name: "front" };
      const after = yield* client.patch(ref, change(before), patch as never, { fieldManager: "somebody" });
      const fields = appliedEntry(before, manager)!.fieldsV1;
      return {
        same: ownedHash(before, manager) === ownedHash(after, manager),
        fields: differingFields(ownedView(before, fields), ownedView(after, fields)),
        clean: client.patch(ref, { metadata: { finalizers: null } }, "application/merge-patch+json"),
      };
    }).pipe(Effect.tap(({ clean }) => clean)),
    layer(config),
  ));
}

const strategic = "application/strategic-merge-patch+json";
const container = (name: string, more: unknown) => ({
  spec: { template: { spec: { containers: [{ name, ...more as object }] } } },
});

const cases: [what: string, change: (live: KubeObject) => unknown, fields: string[], patch?: string][] = [
  ["nothing", () => ({}), []],
  ["an annotation of another's", () => ({ metadata: { annotations: { theirs: "1" } } }), []],
  ["a label of another's", () => ({ metadata: { labels: { theirs: "1" } } }), []],
  ["a field that the API server defaulted", () => ({ spec: { progressDeadlineSeconds: 7 } }), []],
  ["a container of another's", () => container("more", { image: "more:1" }), [], strategic],
  ["the replicas", () => ({ spec: { replicas: 5 } }), ["/spec/replicas"]],
  ["a label", () => ({ metadata: { labels: { app: "other" } } }), ["/metadata/labels/app"]],
  ["a label that was removed", () => ({ metadata: { labels: { app: null } } }), ["/metadata/labels/app"]],
  ["an image", () => container("app", { image: "app:2" }), ["/spec/template/spec/containers/0/image"], strategic],
  ["the second container's arguments", () => container("side", { args: ["b", "a"] }), [
    "/spec/template/spec/containers/1/args",
  ], strategic],
  ["a variable", () => container("app", { env: [{ name: "A", value: "2" }] }), [
    "/spec/template/spec/containers/0/env/0/value",
  ], strategic],
  ["a finalizer that was removed", () => ({ metadata: { finalizers: [] } }), ["/metadata/finalizers"]],
];

for (const [what, change, fields, patch] of cases) {
  test(`drift of ${what}`, async () => {
    const found = await drift(change, patch);
    assert.deepEqual(found.fields, fields);
    assert.equal(found.same, fields.length === 0);
  });
}

test("a removed container is all of its fields, named by their list", async () => {
  const found = await drift((live) => {
    const [app] = live.spec.template.spec.containers;
    return { spec: { template: { spec: { containers: [app] } } } };
  });
  assert.equal(found.same, false);
  assert.deepEqual([...new Set(found.fields.map((field) => field.split("/").slice(0, 5).join("/")))], [
    "/spec/template/spec/containers",
  ]);
});

test("keys with slashes and tildes are pointers still", () => {
  const fields = { "f:metadata": { "f:annotations": { "f:a.b/c~d": {} } } };
  const object = (value: string): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { annotations: { "a.b/c~d": value } },
  });
  assert.deepEqual(differingFields(ownedView(object("1"), fields), ownedView(object("2"), fields)), [
    "/metadata/annotations/a.b~1c~0d",
  ]);
});

test("the hash does not depend on the order of keys, and is undefined without an entry", () => {
  const object = (data: Record<string, string>, fields: Record<string, object>): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { managedFields: [{ manager, operation: "Apply", fieldsV1: { "f:data": fields as never } }] },
    data,
  });
  const one = ownedHash(object({ a: "1", b: "2" }, { "f:a": {}, "f:b": {} }), manager);
  assert.equal(one, ownedHash(object({ b: "2", a: "1" }, { "f:b": {}, "f:a": {} }), manager));
  assert.notEqual(one, ownedHash(object({ a: "1", b: "2" }, { "f:a": {} }), manager));
  assert.notEqual(one, ownedHash(object({ a: "1", b: "3" }, { "f:a": {}, "f:b": {} }), manager));
  assert.match(one!, /^[\w-]{22}$/);
  assert.equal(ownedHash(object({}, {}), "somebody"), undefined);
});

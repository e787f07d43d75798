import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mergePatch, threeWayMerge } from "../../src/kube/three-way-merge.ts";

const deployment = (spec: unknown) => ({ apiVersion: "apps/v1", kind: "Deployment", spec: { template: { spec } } });
const merged = (earlier: unknown, wanted: unknown, live: unknown) =>
  threeWayMerge(deployment(earlier), deployment(wanted), deployment(live)).spec;

describe("threeWayMerge", () => {
  it("removes what the earlier manifest had, sets what the new one has, keeps what others added", () => {
    const map = (data: unknown) => ({ apiVersion: "v1", kind: "ConfigMap", data });
    assert.deepEqual(threeWayMerge(map({ a: "1", b: "2" }), map({ b: "3", c: "4" }), map({ a: "1", b: "9", z: "0" })), {
      ...map({ b: "3", c: "4", z: "0" }),
    });
  });

  it("takes null for a wish that a field be absent", () => {
    assert.deepEqual(merged({}, { a: null, b: { c: null, d: 1 } }, { a: 1, z: 2 }), {
      template: { spec: { b: { d: 1 }, z: 2 } },
    });
  });

  it("merges lists that have a key item by item", () => {
    const container = (name: string, more: object = {}) => ({ name, ...more });
    const env = (...names: string[]) => names.map((name) => ({ name, value: "x" }));
    assert.deepEqual(
      merged(
        { containers: [container("main", { env: env("A", "B"), args: ["1"] }), container("old")] },
        { containers: [container("new"), container("main", { env: env("B", "C"), args: ["2"] })] },
        {
          containers: [
            container("main", { env: env("A", "B", "Z"), args: ["1"], imagePullPolicy: "Always" }),
            container("old"),
            container("sidecar"),
          ],
        },
      ),
      {
        template: {
          spec: {
            containers: [
              container("new"),
              { name: "main", env: env("B", "C", "Z"), args: ["2"], imagePullPolicy: "Always" },
              container("sidecar"),
            ],
          },
        },
      },
    );
  });

  it("knows a Service's ports by port, and a NetworkPolicy's as one value", () => {
    const service = (...ports: unknown[]) => ({ apiVersion: "v1", kind: "Service", spec: { ports } });
    assert.deepEqual(
      threeWayMerge(service({ port: 80 }), service({ port: 81 }), service({ port: 80, nodePort: 3 }, { port: 9 })),
      service({ port: 81 }, { port: 9 }),
    );
    const policy = (...ports: unknown[]) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      spec: { ports },
    });
    assert.deepEqual(
      threeWayMerge(policy({ port: 80 }), policy({ port: 81 }), policy({ port: 9 })),
      policy({ port: 81 }),
    );
  });

  it("replaces the lists of kinds that are not Kubernetes' own", () => {
    const custom = (...containers: unknown[]) => ({ apiVersion: "example.com/v1", kind: "Shop", spec: { containers } });
    assert.deepEqual(
      threeWayMerge(custom({ name: "a" }), custom({ name: "b" }), custom({ name: "c" })),
      custom({ name: "b" }),
    );
  });

  it("adds to finalizers and takes away its own", () => {
    const claim = (...finalizers: string[]) => ({ apiVersion: "v1", kind: "Pod", metadata: { finalizers } });
    assert.deepEqual(
      threeWayMerge(claim("a/x", "a/y"), claim("a/y"), claim("a/x", "a/y", "b/z")),
      claim("a/y", "b/z"),
    );
  });
});

describe("mergePatch", () => {
  it("leads from the one to the other, and is null when they are equal", () => {
    assert.equal(mergePatch({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }), null);
    assert.deepEqual(mergePatch({ a: 1, b: { c: 1, d: 2 }, e: [1] }, { b: { c: 1, d: 3 }, e: [2], f: 0 }), {
      a: null,
      b: { d: 3 },
      e: [2],
      f: 0,
    });
  });
});

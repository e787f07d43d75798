import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Chart } from "../../src/chart/chart.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import {
  canonical,
  digestInputs,
  recordCapabilities,
  recordLookup,
  sameCapabilities,
} from "../../src/release/inputs.ts";
import type { CapabilityFacts, CapabilityUse } from "../../src/render/release-facts.ts";
import { mergeValues, specValues } from "../../src/release/values.ts";

const release = { name: "web", namespace: "shop" };
const chart = { digest: "abc", metadata: { name: "nginx" } } as Chart;
const capabilities = { kubeVersion: "v1.36.3", apiVersions: ["v1", "apps/v1"] };
const source = { chart, values: { b: 1, a: { d: [1, 2], c: "x" } } };
const digest = digestInputs(source, release);

describe("digestInputs", () => {
  it("is equal for equal inputs in another order", () => {
    const values = { a: { c: "x", d: [1, 2] }, b: 1 };
    assert.equal(digestInputs({ chart, values }, release), digest);
  });

  const others: [string, string][] = [
    ["a value", digestInputs({ chart, values: { ...source.values, b: 2 } }, release)],
    ["the order of a list", digestInputs({ chart, values: { b: 1, a: { c: "x", d: [2, 1] } } }, release)],
    ["the chart", digestInputs({ ...source, chart: { ...chart, digest: "abd" } }, release)],
    ["the name", digestInputs(source, { ...release, name: "web2" })],
    ["the namespace", digestInputs(source, { ...release, namespace: "shop2" })],
  ];
  for (const [what, other] of others) it(`is another when ${what} changes`, () => assert.notEqual(other, digest));
});

describe("sameCapabilities", () => {
  const holds = (use: CapabilityUse, now: CapabilityFacts) => {
    const recorded = recordCapabilities(use, capabilities);
    return sameCapabilities({ inputs: "", ...(recorded && { capabilities: recorded }) }, now);
  };
  const withCrd = { ...capabilities, apiVersions: [...capabilities.apiVersions, "example.com/v1"] };
  const upgraded = { ...capabilities, kubeVersion: "v1.37.0" };
  const nothing: CapabilityUse = { kubeVersion: false, apiVersions: [] };

  it("holds whatever changes when nothing was asked", () => {
    assert.ok(holds(nothing, withCrd));
    assert.ok(holds(nothing, upgraded));
  });
  it("follows the kinds that were asked for, and no others", () => {
    assert.ok(!holds({ ...nothing, apiVersions: ["example.com/v1"] }, withCrd));
    assert.ok(holds({ ...nothing, apiVersions: ["v1", "batch/v1"] }, withCrd));
  });
  it("follows the whole list when it was looked at, in any order", () => {
    assert.ok(!holds({ ...nothing, apiVersions: "all" }, withCrd));
    assert.ok(holds({ ...nothing, apiVersions: "all" }, { ...capabilities, apiVersions: ["apps/v1", "v1"] }));
  });
  it("follows the server's version when it was asked for", () => {
    assert.ok(!holds({ ...nothing, kubeVersion: true }, upgraded));
    assert.ok(holds({ ...nothing, kubeVersion: true }, withCrd));
  });
});

describe("recordLookup", () => {
  const cr: KubeObject = {
    apiVersion: "example.com/v1",
    kind: "Web",
    metadata: { name: "web", namespace: "shop", uid: "u" },
  };
  const owner = { release, cr };
  const query = { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "s" };
  const secret = (password: string, metadata: KubeObject["metadata"] = {}): KubeObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", ...metadata },
    data: { password },
  });
  const own = { ownerReferences: [{ apiVersion: "example.com/v1", kind: "Web", name: "web", uid: "u" }] };
  const digestOf = (found: KubeObject | null) => recordLookup(query, found, owner).digest;

  it("follows another's object, and not its book-keeping", () => {
    assert.notEqual(digestOf(secret("a")), digestOf(secret("b")));
    assert.notEqual(digestOf(secret("a")), digestOf(null));
    assert.equal(digestOf(secret("a", { resourceVersion: "1" })), digestOf(secret("a", { resourceVersion: "2" })));
  });

  it("does not see the release's own objects", () => {
    assert.equal(digestOf(secret("a", own)), digestOf(null));
    const list = (...items: KubeObject[]) => ({ apiVersion: "v1", kind: "SecretList", metadata: {}, items });
    assert.equal(digestOf(list(secret("a"), secret("b", own))), digestOf(list(secret("a"))));
  });

  it("keeps no value", () => {
    assert.deepEqual(Object.keys(recordLookup(query, secret("a"), owner)).sort(), [
      "apiVersion",
      "digest",
      "kind",
      "name",
      "namespace",
    ]);
  });
});

describe("canonical", () => {
  it("sorts keys on every level", () => {
    assert.equal(canonical({ b: [{ z: 1, a: null }], a: "x" }), '{"a":"x","b":[{"a":null,"z":1}]}');
  });
});

describe("values", () => {
  it("are the spec, or nothing when there is none", () => {
    const cr = (spec: unknown): KubeObject => ({ apiVersion: "v1", kind: "X", metadata: {}, spec });
    assert.deepEqual(specValues(cr({ a: 1 })), { a: 1 });
    assert.deepEqual(specValues(cr(undefined)), {});
    for (const spec of ["text", [1], 5]) assert.equal(specValues(cr(spec)), undefined);
  });

  it("are overridden deeply", () => {
    assert.deepEqual(
      mergeValues({ a: { b: 1, c: [1, 2] }, d: "x" }, { a: { c: [3] }, d: { e: 1 } }),
      { a: { b: 1, c: [3] }, d: { e: 1 } },
    );
  });
});

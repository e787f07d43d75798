import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../src/kube/object.ts";
import { type DriftOptions, driftPolicy, driftProblems, isPointer } from "../../src/release/drift-policy.ts";
import { leaveAlone } from "../../src/release/left-alone.ts";

const object = (annotations = {}, more = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", annotations },
  ...more,
});
const cr = (annotations = {}): KubeObject => ({
  apiVersion: "e/v1",
  kind: "Web",
  metadata: { name: "a", annotations },
});
const repair: DriftOptions = { mode: "repair", ignore: [] };
const mode = (value: string) => ({ "helmwright.dev/drift": value });
const ignore = (value: string) => ({ "helmwright.dev/drift-ignore": value });

describe("the mode for an object", () => {
  const cases: Array<[string, DriftOptions["mode"], object, object, string]> = [
    ["the watch's", "warn", {}, {}, "warn"],
    ["the custom resource's over the watch's", "warn", mode("off"), {}, "off"],
    ["the object's over all", "warn", mode("off"), mode("repair"), "repair"],
    ["not one that cannot be read", "warn", mode("no"), mode("maybe"), "warn"],
  ];
  for (const [what, watch, ofCr, ofObject, expected] of cases) {
    it(what, () => assert.equal(driftPolicy({ ...repair, mode: watch }, cr(ofCr), object(ofObject)).mode, expected));
  }
});

describe("the fields to leave alone in an object", () => {
  it("add up", () => {
    const options: DriftOptions = { mode: "repair", ignore: [{ target: {}, paths: ["/a"] }] };
    const { paths } = driftPolicy(options, cr(ignore("/b, /c")), object(ignore("/d\n/e")));
    assert.deepEqual(paths, ["/a", "/b", "/c", "/d", "/e"]);
  });

  const targets: Array<[object, boolean]> = [
    [{}, true],
    [{ kind: "Deployment", name: "web", namespace: "shop", group: "apps" }, true],
    [{ kind: "Service" }, false],
    [{ name: "other" }, false],
    [{ namespace: "other" }, false],
    [{ group: "" }, false],
  ];
  for (const [target, isMeant] of targets) {
    it(`are those of ${JSON.stringify(target)}: ${isMeant}`, () => {
      const { paths } = driftPolicy({ mode: "repair", ignore: [{ target, paths: ["/a"] }] }, cr(), object());
      assert.deepEqual(paths, isMeant ? ["/a"] : []);
    });
  }

  it("are limited to objects by the custom resource", () => {
    const annotations = ignore("Deployment:/a Deployment/web:/b Deployment/other:/c Service:/d");
    assert.deepEqual(driftPolicy(repair, cr(annotations), object()).paths, ["/a", "/b"]);
  });
});

it("annotations that cannot be read are told", () => {
  assert.deepEqual(driftProblems(cr({ ...mode("yes"), ...ignore("/a, b") })), [
    'Cannot read annotation helmwright.dev/drift as one of repair, warn, off: "yes"',
    'Cannot read "b" in annotation helmwright.dev/drift-ignore as a JSON pointer such as /spec/replicas',
  ]);
  assert.deepEqual(driftProblems(cr(mode("off"))), []);
});

it("a pointer leads to a field", () => {
  for (const text of ["/a", "/a/0/b", "/a~1b/c~0d"]) assert.ok(isPointer(text), text);
  for (const text of ["", "/", "a", "/a~2"]) assert.ok(!isPointer(text), text);
});

describe("leaveAlone", () => {
  const containers = (image: string) => ({ containers: [{ name: "main", image }] });
  const wanted = object({}, { spec: { replicas: 1, keep: 2, ...containers("a") } });
  /** The live object, of whose fields the release and another manager own these. */
  const live = (spec: object, own: object | null, other: object | null = null): KubeObject => ({
    ...object({}, { spec }),
    metadata: {
      name: "web",
      managedFields: [
        ...(own === null ? [] : [{ manager: "helm", operation: "Apply" as const, fieldsV1: own as never }]),
        ...(other === null ? [] : [{ manager: "team", operation: "Apply" as const, fieldsV1: other as never }]),
      ],
    },
  });
  const image = { "f:spec": { "f:containers": { 'k:{"name":"main"}': { "f:image": {} } } } };

  it("changes nothing when nothing is to be left alone", () => {
    assert.equal(leaveAlone(wanted, live({}, {}), []), wanted);
  });

  it("keeps the live value of what the release owns", () => {
    const found = leaveAlone(wanted, live({ replicas: 3 }, { "f:spec": { "f:replicas": {} } }), ["/spec/replicas"]);
    assert.deepEqual(found.spec, { ...wanted.spec, replicas: 3 });
    assert.equal(wanted.spec.replicas, 1);
  });

  it("says nothing of what the release does not own, or what is gone", () => {
    const { replicas: _, ...rest } = wanted.spec;
    assert.deepEqual(
      leaveAlone(wanted, live({ replicas: 3 }, { "f:spec": { "f:keep": {} } }), ["/spec/replicas"]).spec,
      rest,
    );
    assert.deepEqual(leaveAlone(wanted, live({}, { "f:spec": { "f:replicas": {} } }), ["/spec/replicas"]).spec, rest);
  });

  it("finds a list's item by its name", () => {
    const spec = { containers: [{ name: "sidecar", image: "s" }, { name: "main", image: "b" }] };
    const found = leaveAlone(wanted, live(spec, image), ["/spec/containers/0/image"]);
    assert.deepEqual(found.spec.containers, [{ name: "main", image: "b" }]);
  });

  it("passes over what the object does not have", () => {
    assert.deepEqual(leaveAlone(wanted, live({}, {}), ["/spec/none/x", "/metadata/labels/a~1b"]), wanted);
  });

  it("leaves to another manager what it took by force", () => {
    const spec = { ...wanted.spec, containers: [{ name: "sidecar" }, { name: "main", image: "b" }] };
    const found = leaveAlone(wanted, live(spec, { "f:spec": { "f:keep": {} } }, image), []);
    assert.deepEqual(found.spec.containers, [{ name: "main" }]);
    assert.equal(found.spec.keep, 2);
  });

  it("leaves nothing that the release owns too, or has never applied", () => {
    const spec = { ...wanted.spec, ...containers("b") };
    assert.equal(leaveAlone(wanted, live(spec, image, image), []), wanted);
    assert.equal(leaveAlone(wanted, live(spec, null, image), []), wanted);
  });
});

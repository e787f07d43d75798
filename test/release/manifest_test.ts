import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sameRelease } from "../../src/release/compare.ts";
import { ManifestError, objectKey, parseManifest, resourceString } from "../../src/release/manifest.ts";
import type { Rendered, RenderedHook } from "../../src/render/release-facts.ts";

const names = (manifest: string) => parseManifest(manifest).map(({ metadata }) => metadata.name);

describe("parseManifest", () => {
  it("reads documents in their order and skips empty ones", () => {
    const document = (name: string) =>
      `---\n# Source: x\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    assert.deepEqual(names(`${document("b")}---\n# nothing\n${document("a")}`), ["b", "a"]);
  });

  it("takes the items of lists for the list, lists in lists too", () => {
    const item = (name: string) => `{apiVersion: v1, kind: Secret, metadata: {name: ${name}}}`;
    const list = `{apiVersion: v1, kind: List, items: [${item("a")}, {kind: List, items: [${item("b")}]}]}`;
    assert.deepEqual(names(list), ["a", "b"]);
  });

  it("refuses what has no kind, and names it by its first line", () => {
    assert.throws(
      () => parseManifest("foo: bar\nbaz: 1\n"),
      (error) => error instanceof ManifestError && error.message.includes('"foo: bar"'),
    );
  });
});

describe("objectKey", () => {
  it("is the same in another version of the group, and differs in another group", () => {
    const of = (apiVersion: string) => objectKey({ apiVersion, kind: "X", metadata: { name: "a", namespace: "n" } });
    assert.equal(of("apps/v1"), of("apps/v1beta1"));
    assert.notEqual(of("apps/v1"), of("extensions/v1"));
  });
});

describe("resourceString", () => {
  it("is Helm's", () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } };
    assert.equal(resourceString(object), 'Deployment "web" in namespace "shop"');
  });
});

describe("sameRelease", () => {
  const hook: RenderedHook = {
    name: "h",
    kind: "Job",
    path: "c/templates/h.yaml",
    manifest: "apiVersion: batch/v1\nkind: Job\nmetadata: {name: h}\n",
    events: ["pre-install", "pre-upgrade"],
    weight: 1,
    deletePolicies: [],
    outputLogPolicies: [],
  };
  const manifest = "---\n# Source: a\napiVersion: v1\nkind: A\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: B\n";
  const rendered = { manifest, hooks: [hook], notes: "new" } as unknown as Rendered;
  const recorded = {
    name: "h",
    manifest: hook.manifest,
    events: ["pre-upgrade", "pre-install"],
    weight: 1,
    last_run: { phase: "Succeeded" as const },
    delete_policies: ["before-hook-creation"],
  };
  const record = { name: "r", namespace: "n", version: 1, info: { notes: "old" }, manifest, hooks: [recorded] };

  it("does not count notes, runs, comments, the order of documents and of keys", () => {
    assert.ok(sameRelease(rendered, record));
    const other = "kind: B\napiVersion: v1\n---\nmetadata: {name: a}\nkind: A\napiVersion: v1\n";
    assert.ok(sameRelease(rendered, { ...record, manifest: other }));
  });

  it("counts a field, an object, a hook's weight and a hook's policy", () => {
    assert.ok(!sameRelease(rendered, { ...record, manifest: manifest.replace("name: a", "name: b") }));
    assert.ok(!sameRelease(rendered, { ...record, manifest: manifest.split("---\napi")[0] }));
    assert.ok(!sameRelease(rendered, { ...record, hooks: [{ ...recorded, weight: 2 }] }));
    assert.ok(!sameRelease(rendered, { ...record, hooks: [{ ...recorded, delete_policies: ["hook-failed"] }] }));
    assert.ok(!sameRelease(rendered, { ...record, hooks: [] }));
  });
});

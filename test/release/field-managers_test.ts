import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { migrationPatch } from "../../src/release/field-managers.ts";
import type { ManagedFieldsEntry } from "../../src/kube/object.ts";

const live = (...managedFields: ManagedFieldsEntry[]) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", resourceVersion: "7", managedFields },
});
const entry = (
  manager: string,
  operation: "Apply" | "Update",
  fields: string[],
  subresource?: string,
): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
  ...(subresource === undefined ? {} : { subresource }),
});
const migrated = (...entries: ManagedFieldsEntry[]) =>
  migrationPatch(live(...entries), ["helm", "helm-operator"], "helm");

describe("migrationPatch", () => {
  it("makes a client's entry one of server-side apply", () => {
    assert.deepEqual(migrated(entry("helm", "Update", ["a"]), entry("kubectl", "Update", ["b"])), [
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [entry("kubectl", "Update", ["b"]), entry("helm", "Apply", ["a"])],
      },
      { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    ]);
  });

  it("joins the fields of all former clients with those that were applied", () => {
    const patch = migrated(
      entry("helm", "Apply", ["a", "b"]),
      entry("helm-operator", "Update", ["b", "c"]),
      entry("helm", "Update", ["d"]),
    );
    assert.deepEqual(patch?.[0].value, [entry("helm", "Apply", ["a", "b", "c", "d"])]);
  });

  it("knows the Go operator by its label, whatever its executable is called, and takes nothing from kubectl", () => {
    const labelled = (manager: string): ManagedFieldsEntry => ({
      ...entry(manager, "Update", []),
      fieldsV1: { "f:metadata": { "f:labels": { "f:helm.sdk.operatorframework.io/chart": {} } } },
    });
    const patch = migrated(labelled("nginx-operator"), labelled("kubectl-replace"));
    assert.deepEqual(patch?.[0].value, [
      labelled("kubectl-replace"),
      { ...labelled("helm"), operation: "Apply" },
    ]);
  });

  it("has nothing to do without a former client", () => {
    assert.equal(migrated(entry("helm", "Apply", ["a"]), entry("kubectl", "Update", ["b"])), null);
    assert.equal(migrated(entry("helm", "Update", ["a"], "status")), null);
    assert.equal(migrationPatch({ ...live(), metadata: { name: "a" } }, ["helm"], "helm"), null);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../src/kube/object.ts";
import { fieldChanges } from "../../src/release/field-changes.ts";
import type { ReleasePlan } from "../../src/release/plan.ts";
import { fieldLine, formatPlan, planStatus } from "../../src/release/plan-text.ts";

const object = (more: object, kind = "Deployment"): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web" },
  ...more,
});
const lines = (before: object, after: object, kind?: string) =>
  fieldChanges(object(before, kind), object(after, kind)).map(fieldLine);

describe("fieldChanges", () => {
  it("names fields by their path, and items of lists by their name", () => {
    const before = { spec: { replicas: 1, containers: [{ name: "a", image: "x" }, { name: "b" }], args: ["1", "2"] } };
    const after = { spec: { containers: [{ name: "c" }, { name: "a", image: "y" }], args: ["1", "3", "4"], on: true } };
    assert.deepEqual(lines(before, after), [
      "spec.replicas: 1 -> (none)",
      'spec.containers[name=a].image: "x" -> "y"',
      'spec.containers[name=b]: {"name":"b"} -> (none)',
      'spec.containers[name=c]: (none) -> {"name":"c"}',
      'spec.args[1]: "2" -> "3"',
      'spec.args[2]: (none) -> "4"',
      "spec.on: (none) -> true",
    ]);
  });

  it("quotes keys that are no words", () => {
    const labels = (value: string) => ({ metadata: { name: "web", labels: { "example.com/app": value } } });
    assert.deepEqual(lines(labels("a"), labels("b")), ['metadata.labels["example.com/app"]: "a" -> "b"']);
  });

  it("passes over what the API server keeps for itself", () => {
    const metadata = { name: "web", uid: "1", resourceVersion: "1", generation: 1, creationTimestamp: "1" };
    const before = { metadata: { ...metadata, managedFields: [] }, status: { a: 1 } };
    assert.deepEqual(lines(before, { metadata: { ...metadata, resourceVersion: "2", generation: 2 } }), []);
  });

  it("masks a Secret's values, wherever they are", () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "horse" };
    const before = { data: { kept: "a", changed: "horse", gone: "horse" }, metadata: { name: "web", annotations } };
    const after = { data: { kept: "a", changed: "staple" }, stringData: { fresh: "horse" }, type: "Opaque" };
    assert.deepEqual(
      lines(before, after, "Secret"),
      [
        "data.changed: *** (changed)",
        "data.gone: *** (removed)",
        "stringData.fresh: *** (new)",
        'type: (none) -> "Opaque"',
      ].filter((line) => !line.startsWith("metadata.annotations")),
    );
  });
});

const plan = (objects: ReleasePlan["objects"]): ReleasePlan => ({
  release: "web",
  namespace: "shop",
  action: "upgrade",
  revision: 3,
  objects,
  hooks: [{ event: "pre-upgrade", kind: "Job", name: "migrate", weight: 0 }],
});
const planned = (fields: ReleasePlan["objects"][number]["fields"], name = "web") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: "shop",
  name,
  change: "change" as const,
  fields,
});

describe("a plan's text", () => {
  it("shows the lines of a text that differ", () => {
    const before = "one\ntwo\nthree\nfour\n";
    assert.deepEqual(
      formatPlan(plan([planned([{ field: "data.text", before, after: "one\n2\n3\nfour\n" }])])).split("\n"),
      [
        "~ v1/ConfigMap shop/web",
        "    data.text: from line 2",
        "      - two",
        "      - three",
        "      + 2",
        "      + 3",
        "> pre-upgrade hook Job/migrate",
        'Upgrade of release "web" from revision 3: 1 object to change, 1 hook to run.',
        "",
      ],
    );
  });

  it("stays within its bounds in a status", () => {
    const field = (i: number) => ({ field: `data.f${i}`, before: "x".repeat(1_000), after: "y" });
    const many = Array.from(
      { length: 500 },
      (_, i) => planned(Array.from({ length: 50 }, (_, j) => field(j)), `web-${i}`),
    );
    const status = planStatus(plan(many), 7);
    assert.ok(JSON.stringify(status).length < 80_000);
    assert.equal(status.observedGeneration, 7);
    assert.equal(status.objects.length + status.omitted!, 500);
    assert.equal(status.objects[0].fields?.length, 21);
    assert.equal(status.objects[0].fields?.at(-1), "and 30 more fields");
    assert.match(status.summary, /500 objects to change/);
  });
});

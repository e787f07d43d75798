import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { decodeRecord, encodeRecord, recordToJson } from "../../src/storage/codec.ts";
import { readLabels, recordKey, recordLabels, userLabels } from "../../src/storage/labels.ts";
import type { ReleaseRecord } from "../../src/storage/record.ts";

const record: ReleaseRecord = {
  namespace: "default",
  version: 3,
  name: "web",
  manifest: "---\n# Source: web/templates/a.yaml\nkind: X\n",
  info: { status: "deployed", first_deployed: "2026-01-02T03:04:05.678Z", description: "Upgrade complete" },
  config: { replicas: 2 },
  hooks: [{ last_run: { phase: "" }, weight: 0, name: "h", events: ["pre-install"] }],
  labels: { team: "blue" },
};

describe("encodeRecord", () => {
  it("is base64 of gzip of JSON in the order of Helm's struct", () => {
    const json = gunzipSync(Buffer.from(encodeRecord(record), "base64")).toString();
    assert.equal(
      json,
      '{"name":"web","info":{"first_deployed":"2026-01-02T03:04:05.678Z","description":"Upgrade complete",' +
        '"status":"deployed"},"config":{"replicas":2},"manifest":"---\\n# Source: web/templates/a.yaml\\nkind: X\\n",' +
        '"hooks":[{"name":"h","events":["pre-install"],"last_run":{"phase":""}}],"version":3,"namespace":"default"}',
    );
  });

  it("leaves the labels to the object's metadata", () => {
    assert.ok(!("labels" in JSON.parse(recordToJson(record))));
  });

  it("reads what it wrote, unknown fields of every level included", () => {
    const text = fc.string({ unit: "binary" });
    const json = fc.jsonValue({ maxDepth: 3 });
    const law = fc.property(
      fc.record({
        name: fc.string({ minLength: 1 }),
        namespace: fc.string({ minLength: 1 }),
        version: fc.integer({ min: 1 }),
        manifest: text.filter((manifest) => manifest !== ""),
        info: fc.record({ status: fc.constantFrom("deployed", "failed"), notes: text.filter((notes) => notes !== "") }),
        later: fc.record({ in: json }),
      }),
      (sample) => {
        const value = sample as unknown as ReleaseRecord;
        value.info.future = { deep: [1, "two"] };
        assert.deepEqual(decodeRecord(encodeRecord(value)), JSON.parse(JSON.stringify(value)));
      },
    );
    fc.assert(law);
  });
});

describe("decodeRecord", () => {
  const encode = (json: string) => gzipSync(json).toString("base64");

  it("reads plain JSON, which Helm stored before it compressed", () => {
    assert.equal(decodeRecord(Buffer.from('{"name":"old","version":2}').toString("base64")).version, 2);
  });

  it("drops times that old versions stored as empty texts", () => {
    const read = decodeRecord(encode('{"name":"a","info":{"deleted":""},"hooks":[{"last_run":{"started_at":""}}]}'));
    assert.deepEqual(read.info, {});
    assert.deepEqual(read.hooks, [{ last_run: {} }]);
  });

  for (const [what, text] of [["nothing", ""], ["no base64", "%%%"], ["no release", encode("[]")]] as const) {
    it(`fails on ${what}`, () => assert.throws(() => decodeRecord(text)));
  }
});

describe("labels", () => {
  it("are those of Helm's drivers over the user's own", () => {
    assert.deepEqual(recordLabels(record, "createdAt", 1_700_000_000_999), {
      team: "blue",
      name: "web",
      owner: "helm",
      status: "deployed",
      version: "3",
      createdAt: "1700000000",
    });
    assert.deepEqual(userLabels(recordLabels(record, "modifiedAt", 0)), { team: "blue" });
    assert.equal(userLabels({ name: "web" }), undefined);
  });

  it("name the record and tell revision and status", () => {
    assert.equal(recordKey("web", 3), "sh.helm.release.v1.web.v3");
    assert.deepEqual(readLabels({ version: "12", status: "failed" }), { version: 12, status: "failed" });
    assert.equal(readLabels({ owner: "helm" }), null);
  });
});

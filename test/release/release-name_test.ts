import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { releaseNameFor } from "../../src/release/release-name.ts";

describe("the release's name", () => {
  it("is the custom resource's, as long as Helm takes it", () => {
    for (const name of ["web", "web.v1", "a".repeat(53)]) assert.equal(releaseNameFor(name), name);
  });

  it("is cut and told apart when it is too long for Helm", () => {
    const [one, two] = ["one", "two"].map((end) => releaseNameFor(`${"a".repeat(60)}-${end}`));
    assert.match(one, /^a{44}-[0-9a-f]{8}$/);
    assert.notEqual(one, two);
  });

  it("has no dash or dot before its checksum", () => {
    assert.match(releaseNameFor(`${"a".repeat(42)}-.${"b".repeat(20)}`), /^a{42}-[0-9a-f]{8}$/);
  });
});

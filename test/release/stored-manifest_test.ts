import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storedManifest } from "../../src/release/stored-manifest.ts";

const document = (text: string) => `---\n# Source: a/templates/b.yaml\n${text}`;

describe("a manifest in a release's record", () => {
  it("has one newline after each document, as Helm 3's", () => {
    assert.equal(storedManifest(document("a: 1\n\n") + document("b: 2\n \n")), document("a: 1\n") + document("b: 2\n"));
    assert.equal(storedManifest(document("a: 1\n")), document("a: 1\n"));
    assert.equal(storedManifest(""), "");
  });

  it("keeps the newlines that a block scalar keeps", () => {
    for (const header of ["|+", ">2+ # all"]) {
      assert.equal(storedManifest(document(`a: ${header}\n  b\n\n\n`)), document(`a: ${header}\n  b\n\n\n`));
    }
  });
});

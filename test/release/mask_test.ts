import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseManifest } from "../../src/release/manifest.ts";
import { maskManifest } from "../../src/release/mask.ts";

const configMap =
  "---\n# Source: c/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\ndata:\n  Secret: 'as it is'  # so\n";
const secret = "---\n# Source: c/templates/s.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n" +
  "data:\n  a: aGVsbG8=\nstringData:\n  b: hello\n";

describe("maskManifest", () => {
  it("masks the values of Secrets and leaves everything else as it was written", () => {
    assert.equal(
      maskManifest(configMap + secret),
      `${configMap}---\n# Source: c/templates/s.yaml\napiVersion: v1\ndata:\n  a: '***'\nkind: Secret\n` +
        "metadata:\n  name: s\nstringData:\n  b: '***'\n",
    );
  });

  it("finds Secrets in lists", () => {
    const list = "---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, data: {a: aGVsbG8=}}\n";
    const [object] = parseManifest(maskManifest(list));
    assert.deepEqual(object.data, { a: "***" });
  });

  it("leaves out what it cannot read, which could be a Secret", () => {
    const masked = maskManifest(`${configMap}---\nkind: Secret\n  data: {a: [hello\n`);
    assert.ok(masked.startsWith(configMap));
    assert.ok(!masked.includes("hello"));
  });

  it("lets no value through, whatever it is", () => {
    fc.assert(fc.property(fc.base64String({ minLength: 8 }), fc.nat(3), (value, position) => {
      const documents = [configMap, configMap, configMap];
      documents.splice(position, 0, secret.replace("aGVsbG8=", JSON.stringify(value)));
      assert.ok(!maskManifest(documents.join("")).includes(value));
    }));
  });
});

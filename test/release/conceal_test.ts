import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import fc from "fast-check";
import { concealer, concealError, concealManifest } from "../../src/release/conceal.ts";
import { ActionError } from "../../src/release/failure.ts";

describe("concealer", () => {
  it("leaves no secret of four characters or more, as it is or in base64", () => {
    const secret = fc.string({ minLength: 4 }).filter((text) =>
      text.trim().length >= 4 && !"***".includes(text.trim())
    );
    fc.assert(fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
      const conceal = concealer([{ nested: [text] }]);
      const base64 = Buffer.from(text).toString("base64");
      const shown = conceal(`${before}${text}\n${base64}${after}`);
      // What is around may spell the secret out together with the mask; the secret itself is gone.
      assert.ok(!conceal(`[${text}]`).includes(text.trim()) || /^\*+$/.test(text.trim()));
      assert.ok(!shown.includes(base64));
    }));
  });

  for (
    const [secret, text, expected] of [
      ["horse-1", 'bad "horse-1" and horse-1x', 'bad "***" and ***x'],
      ["abc", "abcdef, \"abc\" and 'abc'", "abcdef, *** and ***"],
      ["one line\nanother line\n", "it has: another line", "it has: ***"],
      ['say "hi"', 'got "say \\"hi\\""', 'got "***"'],
      [54321, "port 54321", "port ***"],
      [true, "true", "true"],
      ["true", "true", "true"],
      [null, "null", "null"],
      ["longer-secret", "longer-secret", "***"],
    ] as const
  ) {
    it(`makes ${JSON.stringify(text)} ${JSON.stringify(expected)}`, () => {
      assert.equal(concealer([secret, "secret"])(text), expected);
    });
  }
});

describe("concealManifest", () => {
  const conceal = concealer(["front", "horse-1"]);

  it("keeps what names an object, and other documents as they are", () => {
    const other = "---\n# Source: web/b.yaml\nkind:   Service   # as it was written\n";
    const manifest =
      `---\n# Source: web/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: front\n  labels: {app: front}\n` +
      `data:\n  p: horse-1\n${other}`;
    assert.equal(
      concealManifest(manifest, conceal),
      "---\n# Source: web/a.yaml\napiVersion: v1\ndata:\n  p: '***'\nkind: ConfigMap\nmetadata:\n  labels:\n" +
        `    app: '***'\n  name: front\n${other}`,
    );
  });

  it("drops what it cannot read", () => {
    assert.ok(!concealManifest("a: [horse-1", conceal).includes("horse"));
  });
});

describe("concealError", () => {
  it("takes the causes away with the words", () => {
    const cause = new Error("horse-1");
    const error = new ActionError({ action: "install", releaseName: "web", detail: "no horse-1 here", cause });
    const concealed = concealError(error, concealer(["horse-1"])) as ActionError;
    assert.equal(concealed.message, "no *** here");
    assert.equal(concealed.cause, undefined);
    assert.ok(!concealed.stack?.includes("horse-1"));
  });
});

// What is read in one pass is what the parser reads.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Decoder } from "../../src/yaml/decode.ts";
import { parseDocument } from "../../src/yaml/parser.ts";
import { readQuick } from "../../src/yaml/quick.ts";
import { readYaml, readYamlTyped } from "../../src/yaml/read.ts";
import { int64 } from "../../src/template/value.ts";

/** What the parser and the decoder make of a text; an Error when they refuse it. */
function parsed(text: string, integers: boolean): unknown {
  try {
    const root = parseDocument(text);
    return root === undefined ? null : new Decoder(integers).document(root);
  } catch (error) {
    return error;
  }
}

const service = `# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: rel-web   # the name
  labels: {app: web, "tier": 'front', nested: [1, [true, ~x]]}
  annotations:
    text: |-
      one
        two

      three
    folded: >
      some words
      in two lines
    plain: words that
      go on

      and on
    quoted: "a \\"b\\"
      c"
spec:
  ports:
  - port: 80
    targetPort: http
  -
    port: 0x1F
    name: 'it''s'
  - - nested
    - list
  empty:
  none: ~
`;

describe("Documents read in one pass", () => {
  test("a manifest in all the usual styles", () => {
    const value = readQuick(service.replace("~x", "x"));
    assert.notEqual(value, undefined);
    assert.deepEqual(value, parsed(service.replace("~x", "x"), false));
  });

  for (
    const text of [
      "",
      "# nothing\n",
      "a",
      "a: 1",
      "- a\n- b\n",
      "a:\n- b\n-\n- c: 1\n  d: 2\n",
      "a: |\n  x\n\n\nb: |+\n  y\n\nc: |-\n  z",
      "a: x # y\nb: x#y\n",
      "a:\n\n  # c\n  b: 1\n# d\nc: 2\n",
      "a: -1\nb: +.5\nc: 1e3\nd: 012\ne: 1_000\nf: 2020-01-01\ng: yes\n",
      "a: “ü”\n",
    ]
  ) {
    test(`reads ${JSON.stringify(text)}`, () => {
      for (const integers of [false, true]) {
        const value = readQuick(text, { integers });
        assert.notEqual(value, undefined);
        assert.deepEqual(value, parsed(text, integers));
      }
    });
  }

  for (
    const text of [
      "---\na: 1\n",
      "a: b: c\n",
      "a: &x 1\nb: *x\n",
      "a: !!str 1\n",
      "a:\n\tb: 1\n",
      "a: 1\r\nb: 2\r\n",
      "a: 1\n  b: 2\n",
      "<<: {a: 1}\n",
      "1: a\n",
      "yes: a\n",
      "a: .inf\n",
      "a: [b,\n  c]\n",
      "a: @b\n",
      "a: 'b\n",
      "a\u0085: b\n",
    ]
  ) {
    test(`leaves ${JSON.stringify(text)} to the parser`, () => assert.equal(readQuick(text), undefined));
  }

  test("as the parser, whatever is done to a manifest", () => {
    const pieces = [
      "\n",
      " ",
      "- ",
      ":",
      ": ",
      "#",
      " #",
      '"',
      "'",
      "|",
      ">-",
      "\t",
      "[",
      "}",
      ",",
      "*a",
      "~",
      ".inf",
      "\n\n",
    ];
    const edit = fc.record({ at: fc.nat(service.length), remove: fc.nat(6), insert: fc.constantFrom(...pieces) });
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 4 }),
        fc.nat(20),
        fc.nat(20),
        fc.boolean(),
        (edits, from, to, integers) => {
          const lines = service.split("\n");
          let text = lines.slice(from, from + to + 1).join("\n");
          for (const { at, remove, insert } of edits) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + insert + text.slice(place + remove);
          }
          const value = readQuick(text, { integers });
          if (value !== undefined) assert.deepEqual(value, parsed(text, integers), JSON.stringify(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("Some fields of a document", () => {
  test("are read, and the others need not be", () => {
    const value = readYamlTyped("kind: A\nspec:\n  a: 1\nMetadata:\n  name: 1\n", new Set(["kind", "metadata"]));
    assert.ok(value instanceof Map);
    assert.equal(value.get("kind"), "A");
    assert.deepEqual(value.get("Metadata"), new Map([["name", int64(1)]]));
  });

  test("the others are still checked", () => {
    assert.throws(
      () => readYamlTyped("kind: A\nspec:\n  a: b: c\n", new Set(["kind"])),
      /mapping values are not allowed/,
    );
    assert.throws(() => readYaml("spec: .inf\n"), /unsupported value: \+Inf/);
    assert.throws(() => readYamlTyped("kind: A\nspec: [.nan]\n", new Set(["kind"])), /unsupported value: NaN/);
  });
});

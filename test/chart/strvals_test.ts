import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { parseFileInto, parseInto, parseJsonInto, parseLiteralInto, parseStringInto } from "../../src/chart/strvals.ts";
import { writeJson } from "../../src/yaml/json.ts";
import { readYamlMap } from "../../src/yaml/read.ts";
import { type Oracle, startOracle } from "../oracle/client.ts";

const forms = {
  set: parseInto,
  "set-string": parseStringInto,
  "set-json": parseJsonInto,
  "set-literal": parseLiteralInto,
} as const;

/** What is set already. */
const values = "x: {q: 1}\nl: [{a: 1}, 2]\ns: str\n";

const lines = [
  ...["a=1", "a=1,b=2", "a=", "a=1,", "a", "a,b=1", "=1", "a. =1", " a = 1 ", "a=b=c", "a=1 , b=2", "a=, b=2"],
  ...["a.b=c,a.d=e", "a..b=1", ".a=1", "a.b", "a.b,c=1", "x.y=1", "x=5,x.y=2", "l.b=1", "s.b=1"],
  ...[
    "a[0]=1",
    "a[0].b=c",
    "a[1]=x,a[0]=y",
    "a[0]",
    "a[b]=1",
    "a[-1]=1",
    "a[70000]=1",
    "a[99999999999999999999x]=1",
    "a[9223372036854775808]=1",
    "a[0][1]=x",
    "a[0][1].c=x",
  ],
  ...["l[0].z=2", "l[3].z=9", "l[0].b=", "l[0]=5", "a[0]b=1", 'a[0]"=1', "a[0]]=1", "a[", "a[0][", "s[0]=1"],
  ...["a={1,2,x}", "a={}", "a={1,", "a={x}y", "a={x},b=1", "a={b\\,c,d}", "a\\.b=c", "a=b\\,c", "a=b,"],
  ...["a=null", "a=true,b=FALSE", "a=007", "a=0", "a=-5", "a=+5", "a=99999999999999999999", "a=1.5", "é=ü😀"],
  ...['a={"x":1}', 'a={"x":[1,2,{"y":null}]},b="z,z"', 'a="x', 'l[0]={"a":1},l[1]=2', "a=1[0]", "a=1.", "a=[1]"],
  ...["a={", "a=-x", "a=tr=true", 'a="x" y', "a=\u00a0", "a=\ufeff"],
  `${"a.".repeat(31)}a=1`,
];

describe("lines of --set", () => {
  let oracle: Oracle;
  before(async () => {
    oracle = await startOracle();
  });
  after(() => oracle[Symbol.asyncDispose]());

  for (const form of Object.keys(forms) as (keyof typeof forms)[]) {
    it(`of the form ${form} do what they do in Helm`, async () => {
      for (const line of lines) await sameAsHelm(form, line);
      const parts = [
        "a",
        "x",
        "l",
        "s",
        ".",
        "=",
        "=",
        ",",
        "[0]",
        "[1]",
        "{",
        "}",
        "\\",
        "1",
        "null",
        '"',
        "[",
        "]",
        " ",
      ];
      const line = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((chosen) => chosen.join(""));
      await fc.assert(fc.asyncProperty(line, (text) => sameAsHelm(form, text)), { numRuns: 300 });
    });
  }

  async function sameAsHelm(form: keyof typeof forms, line: string): Promise<void> {
    const expected = await oracle.ask(form, line, values);
    const set = readYamlMap(values);
    const act = () => forms[form](line, set);
    if (expected.err === undefined) {
      act();
      assert.equal(writeJson(set), expected.out, line);
    } else {
      assert.throws(act, { message: expected.err }, line);
    }
  }
});

it("--set-file takes what the files hold as strings", () => {
  const set = readYamlMap("{}");
  parseFileInto("a=one,b.c={two,one}", set, (path) => `<${path}>`);
  assert.equal(writeJson(set, { escapeHtml: false }), '{"a":"<one>","b":{"c":["<two>","<one>"]}}');
});

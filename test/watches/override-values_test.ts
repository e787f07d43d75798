import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coerceToString, expandOverride, overrideTree } from "../../src/watches/override-values.ts";

describe("coerceToString", () => {
  const cases: Array<[unknown, string | undefined]> = [
    ["x", "x"],
    [true, "true"],
    [null, ""],
    [1000000, "1000000"],
    [1.5, "1.5"],
    [1234567.5, "1.2345675e+06"],
    [0.00001, "1e-05"],
    [[], undefined],
    [new Map(), undefined],
  ];
  for (const [value, text] of cases) it(String(value), () => assert.equal(coerceToString(value), text));
});

describe("expandOverride", () => {
  it("puts the environment in before it evaluates the template", () => {
    const evaluated: string[] = [];
    const context = {
      expandVariables: (text: string) => text.replace("$IMAGE", "nginx"),
      evaluateTemplate: (_: string, text: string) => (evaluated.push(text), "out"),
    };
    assert.equal(expandOverride("a", '{{ "$IMAGE" | upper }}', context), "out");
    assert.deepEqual(evaluated, ['{{ "nginx" | upper }}']);
  });
});

describe("overrideTree", () => {
  const cases: Array<[Record<string, string>, unknown]> = [
    [{}, {}],
    [{ "image.tag": "1.27", "image.name": "nginx" }, { image: { tag: "1.27", name: "nginx" } }],
    [{ replicas: "3", debug: "true" }, { replicas: "3", debug: "true" }],
    [{ hosts: "{a,b}", "ports[1].name": "web" }, { hosts: ["a", "b"], ports: [null, { name: "web" }] }],
    [{ args: "a\\,b" }, { args: "a,b" }],
  ];
  for (const [overrides, tree] of cases) {
    it(JSON.stringify(overrides), () => assert.deepEqual(overrideTree(new Map(Object.entries(overrides))), tree));
  }
});

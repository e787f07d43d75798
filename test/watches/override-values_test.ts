import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coerceToString, expandOverride, expandVariables } from "../../src/watches/override-values.ts";

const environment = (name: string) => ({ IMAGE: "nginx", TAG: "1.27", _x1: "under", "1": "one" })[name];

describe("expandVariables", () => {
  const cases: Array<[string, string]> = [
    ["$IMAGE:$TAG", "nginx:1.27"],
    ["${IMAGE}:${TAG}", "nginx:1.27"],
    ["$_x1-", "under-"],
    ["$UNSET|${UNSET}|", "||"],
    ["costs 5$", "costs 5$"],
    ["$ {a}", "$ {a}"],
    ["$12", "one2"],
    ["${}x", "x"],
    ["${IMAGE", "IMAGE"],
    ["$.x", "$.x"],
  ];
  for (const [text, expanded] of cases) it(text, () => assert.equal(expandVariables(text, environment), expanded));
});

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
    const evaluateTemplate = (_: string, text: string) => (evaluated.push(text), "out");
    assert.equal(expandOverride("a", '{{ "$IMAGE" | upper }}', { environment, evaluateTemplate }), "out");
    assert.deepEqual(evaluated, ['{{ "nginx" | upper }}']);
  });
});

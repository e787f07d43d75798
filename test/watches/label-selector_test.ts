import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSelector, SelectorError } from "../../src/watches/label-selector.ts";

type Plain = { [key: string]: unknown };
const toMap = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(toMap)
    : value !== null && typeof value === "object"
    ? new Map(Object.entries(value).map(([k, v]) => [k, toMap(v)]))
    : value;
const format = (selector: Plain) => formatSelector(toMap(selector) as Map<string, unknown>);

describe("formatSelector", () => {
  it("is empty for nothing", () => {
    assert.equal(formatSelector(null), "");
    assert.equal(format({}), "");
    assert.equal(format({ matchLabels: null }), "");
  });

  it("writes labels and expressions, ordered by key", () => {
    const selector = {
      matchLabels: { tier: "web", "example.com/app": "a" },
      matchExpressions: [
        { key: "stage", operator: "In", values: ["prod", "beta"] },
        { key: "old", operator: "DoesNotExist" },
        { key: "zone", operator: "NotIn", values: ["x"] },
        { key: "owner", operator: "Exists", values: [] },
      ],
    };
    assert.equal(format(selector), "example.com/app=a,!old,owner,stage in (beta,prod),tier=web,zone notin (x)");
  });

  const bad: Array<[string, Plain, string]> = [
    ["labels that are a list", { matchLabels: ["a"] }, "matchLabels must be a map"],
    ["a number as value", { matchLabels: { a: 1 } }, 'the value of label "a" must be a string'],
    ["a wrong name", { matchLabels: { "a b": "x" } }, '"a b" is not a label\'s name'],
    ["a wrong prefix", { matchLabels: { "A_/b": "x" } }, '"A_/b" is not a label\'s name'],
    ["a wrong value", { matchLabels: { a: "x y" } }, '"x y" is not a label\'s value'],
    ["a long value", { matchLabels: { a: "x".repeat(64) } }, "is not a label's value"],
    ["an unknown operator", { matchExpressions: [{ key: "a", operator: "Like" }] }, "operator must be one of"],
    ["In without values", { matchExpressions: [{ key: "a", operator: "In" }] }, "In needs at least one value"],
    ["Exists with values", { matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] }, "takes no values"],
    ["an expression without a key", { matchExpressions: [{ operator: "Exists" }] }, "needs a key"],
  ];
  for (const [name, selector, message] of bad) {
    it(`refuses ${name}`, () => {
      assert.throws(() => format(selector), (e) => e instanceof SelectorError && e.message.includes(message));
    });
  }
});

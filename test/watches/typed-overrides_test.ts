import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadContext } from "../../src/cli/override-templates.ts";
import { decodeWatches } from "../../src/watches/decode.ts";
import { shownOverrides } from "../../src/watches/typed-overrides.ts";
import { formatProblem, WatchesError } from "../../src/watches/watch.ts";

const context = { ...loadContext({ TAG: "1.27", HOSTS: "a,b" }, false), chartProblem: () => null };
const decode = (text: string) =>
  decodeWatches(`- version: v1\n  kind: Web\n  chart: web\n${text}`, "watches.yaml", context).watches[0];

function problem(text: string): string {
  try {
    decode(text);
  } catch (error) {
    assert.ok(error instanceof WatchesError);
    return formatProblem(error.source, error.problems[0]);
  }
  throw new Error("the watches were accepted");
}

describe("typedOverrideValues", () => {
  it("keep their types, commas and all", () => {
    const { typedOverrideValues } = decode(`  typedOverrideValues:
    replicas: 3
    ratio: 0.5
    debug: true
    gone: null
    text: "a,b={c}"
    number: "3"
    hosts: [one, two]
    nested: {deep: {list: [{port: 80}]}}
`);
    assert.deepEqual(typedOverrideValues, {
      replicas: 3,
      ratio: 0.5,
      debug: true,
      gone: null,
      text: "a,b={c}",
      number: "3",
      hosts: ["one", "two"],
      nested: { deep: { list: [{ port: 80 }] } },
    });
  });

  it("have the environment and Sprig in their strings, which stay strings", () => {
    const { typedOverrideValues } = decode(`  typedOverrideValues:
    tag: $TAG
    list: ["\${HOSTS}", '{{ "x" | upper | repeat 2 }}']
    sum: '{{ add 1 2 }}'
    $TAG: key
`);
    assert.deepEqual(typedOverrideValues, { tag: "1.27", list: ["a,b", "XX"], sum: "3", $TAG: "key" });
  });

  it("name the line and the path of what cannot be read", () => {
    assert.match(
      problem("  typedOverrideValues:\n    a:\n      b: ['{{ fail \"no\" }}']\n"),
      /^watches\.yaml:6: entry 1 \(Web\): the override of "a\.b\.0" is a template that fails: /,
    );
    assert.equal(
      problem("  typedOverrideValues: [1]\n"),
      "watches.yaml:4: entry 1 (Web): typedOverrideValues must be a map: current value is a list",
    );
  });

  it("show no value in events", () => {
    assert.deepEqual([...shownOverrides({ a: { b: "secret" }, c: 1 })], [["a", "****"], ["c", "****"]]);
  });
});

describe("valuesFrom", () => {
  it("is read with its defaults", () => {
    const { valuesFrom } = decode(`  valuesFrom:
  - {kind: ConfigMap, name: common}
  - {kind: Secret, name: db, valuesKey: password, targetPath: "db.users[0].password", optional: true}
`);
    assert.deepEqual(valuesFrom, [
      { kind: "ConfigMap", name: "common", valuesKey: "values.yaml", targetPath: "", optional: false },
      { kind: "Secret", name: "db", valuesKey: "password", targetPath: "db.users[0].password", optional: true },
    ]);
  });

  for (
    const [entry, words] of [
      ["name: a", 'kind must be ConfigMap or Secret: current value is ""'],
      ["kind: Pod, name: a", 'kind must be ConfigMap or Secret: current value is "Pod"'],
      ["kind: Secret", 'name must be an object\'s name: current value is ""'],
      ["kind: Secret, name: A/b", 'name must be an object\'s name: current value is "A/b"'],
      ["kind: Secret, name: a, valuesKey: 1", "valuesKey must be a string"],
      [
        "kind: Secret, name: a, targetPath: a=b",
        'targetPath must be a path such as a.b or a[0]: current value is "a=b"',
      ],
      ["kind: Secret, name: a, optional: maybe", "optional must be true or false"],
      ["kind: Secret, name: a, key: b", 'unknown field "key"'],
    ]
  ) {
    it(`refuses {${entry}}`, () => {
      assert.equal(
        problem(`  valuesFrom:\n  - {${entry}}\n`),
        `watches.yaml:5: entry 1 (Web): valuesFrom cannot be used: ${words}`,
      );
    });
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DecodeContext, decodeWatches } from "../../src/watches/decode.ts";
import { formatProblem, WatchesError } from "../../src/watches/watch.ts";

const context: DecodeContext = {
  expandVariables: (text) => text,
  evaluateTemplate: (_, text) => text,
  chartProblem: () => null,
};
const decode = (lines: string) =>
  decodeWatches(`- version: v1\n  kind: Web\n  chart: charts/web\n${lines}`, "watches.yaml", context).watches[0];

describe("drift of a watch", () => {
  it("is repaired by default", () => {
    assert.deepEqual(decode("").drift, { mode: "repair", ignore: [] });
    assert.deepEqual(decode("  drift: {}\n").drift, { mode: "repair", ignore: [] });
  });

  it("is read", () => {
    const { drift, statusReadiness } = decode(`  statusReadiness: false
  drift:
    mode: warn
    ignore:
      - target: {group: apps, kind: Deployment, namespace: a, name: b}
        paths: [/spec/replicas, /metadata/labels/a~1b]
      - paths: [/data]
`);
    assert.deepEqual(drift, {
      mode: "warn",
      ignore: [
        {
          target: { group: "apps", kind: "Deployment", namespace: "a", name: "b" },
          paths: ["/spec/replicas", "/metadata/labels/a~1b"],
        },
        { target: {}, paths: ["/data"] },
      ],
    });
    assert.equal(statusReadiness, false);
  });

  const wrong: Array<[string, number, string]> = [
    ["  drift: warn\n", 4, 'drift must be a map with mode, ignore: current value is "warn"'],
    ["  drift:\n    mode: none\n", 5, 'drift.mode must be one of repair, warn, off: current value is "none"'],
    ["  drift:\n    mod: off\n", 5, 'drift has an unknown field "mod"'],
    ["  drift:\n    ignore: a\n", 5, 'drift.ignore must be a list: current value is "a"'],
    ["  drift:\n    ignore:\n      - target: {}\n", 6, "paths must be a list: current value is nothing"],
    [
      "  drift:\n    ignore:\n      - paths: [/a]\n        target:\n          kinds: a\n",
      8,
      'target has an unknown field "kinds"',
    ],
    [
      "  drift:\n    ignore:\n      - paths: [/a]\n        target:\n          kind: [a]\n",
      8,
      "target.kind must be a string: current value is a list",
    ],
    [
      "  drift:\n    ignore:\n      - paths:\n          - /a\n          - spec.replicas\n",
      8,
      'a path must be a JSON pointer such as /spec/replicas: current value is "spec.replicas"',
    ],
  ];
  for (const [lines, line, text] of wrong) {
    it(`is refused: ${text}`, () => {
      assert.throws(() => decode(lines), (error: WatchesError) => {
        assert.deepEqual(error.problems.map((problem) => formatProblem("watches.yaml", problem)), [
          `watches.yaml:${line}: entry 1 (Web): ${text}`,
        ]);
        return true;
      });
    });
  }
});

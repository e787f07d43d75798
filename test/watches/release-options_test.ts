import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeWatches } from "../../src/watches/decode.ts";
import { releaseDefaults } from "../../src/watches/release-options.ts";
import { WatchesError } from "../../src/watches/watch.ts";

const entry = "- group: example.com\n  version: v1\n  kind: Web\n  chart: web\n";
const context = {
  chartProblem: () => null,
  expandEnv: (text: string) => text,
  evaluate: (_: string, text: string) => text,
};
const decode = (lines: string) => decodeWatches(entry + lines, "watches.yaml", context as never);
const release = (lines: string) => {
  const { watches, warnings } = decode(lines);
  assert.deepEqual(warnings, []);
  return watches[0].release;
};

describe("the release options of a watch", () => {
  it("have Helm's and operator-sdk's defaults", () => {
    assert.deepEqual(release(""), releaseDefaults);
  });

  it("are read", () => {
    const lines = `  wait: legacy
  timeout: 1m30s
  cleanupOnFail: true
  crds: replace
  takeOwnership: true
  disableHooks: true
  serverSideApply: false
  test: true
  description: "by us"
  labels: {team: a}
  remediation: {strategy: uninstall, retries: 3}
`;
    assert.deepEqual(release(lines), {
      wait: "legacy",
      timeout: 90_000,
      atomic: false,
      cleanupOnFail: true,
      crds: "replace",
      takeOwnership: true,
      disableHooks: true,
      serverSideApply: false,
      test: true,
      description: "by us",
      labels: { team: "a" },
      remediation: { strategy: "uninstall", retries: 3 },
    });
  });

  it("wait takes Helm's flag in all its forms", () => {
    const forms = [["none", "hookOnly"], ["false", "hookOnly"], ["true", "watcher"], ["watcher", "watcher"]];
    for (const [text, wait] of forms) assert.equal(release(`  wait: ${text}\n`).wait, wait);
  });

  it("atomic waits, unless the watch says for what", () => {
    assert.equal(release("  atomic: true\n").wait, "watcher");
    assert.equal(release("  atomic: true\n  wait: legacy\n").wait, "legacy");
  });

  const problems: [string, string][] = [
    [
      "  wait: soon\n",
      '5: entry 1 (Web): wait: must be one of none, hookOnly, watcher, watcherWithJobs, legacy: current value is "soon"',
    ],
    [
      "  timeout: 5\n",
      "5: entry 1 (Web): timeout: must be a duration of more than zero, such as 5m: current value is 5",
    ],
    [
      "  timeout: 5d\n",
      '5: entry 1 (Web): timeout: must be a duration of more than zero, such as 5m: current value is "5d"',
    ],
    ["  crds: delete\n", '5: entry 1 (Web): crds: must be one of create, replace, skip: current value is "delete"'],
    ["  serverSideApply: auto\n", '5: entry 1 (Web): serverSideApply: must be true or false: current value is "auto"'],
    [
      "  labels:\n    team: a\n    size: 3\n",
      '7: entry 1 (Web): labels: label "size" must be a label\'s value, in quotes if it is a number: current value is 3',
    ],
    ["  labels:\n    owner: us\n", '6: entry 1 (Web): labels: label "owner" is Helm\'s own'],
    [
      "  remediation:\n    strategy: pray\n",
      '6: entry 1 (Web): remediation: strategy must be one of rollback, retry, uninstall: current value is "pray"',
    ],
    [
      "  remediation:\n    strategy: retry\n    retries: -1\n",
      "7: entry 1 (Web): remediation: retries must be a whole number of at least 0: current value is -1",
    ],
    ["  remediation:\n    tries: 1\n", '6: entry 1 (Web): remediation: unknown field "remediation.tries"'],
    [
      "  remediation: rollback\n",
      '5: entry 1 (Web): remediation: must be a map with strategy and retries: current value is "rollback"',
    ],
    [
      "  atomic: true\n  remediation: {strategy: retry}\n",
      "5: entry 1 (Web): atomic: atomic undoes what fails, and the remediation strategy retry leaves it: choose one",
    ],
  ];
  for (const [lines, message] of problems) {
    it(`tell where ${JSON.stringify(lines.trim())} is wrong`, () => {
      assert.throws(() => decode(lines), (error) => {
        assert.ok(error instanceof WatchesError);
        assert.equal(error.message, `Cannot use the watches: watches.yaml:${message}`);
        return true;
      });
    });
  }
});

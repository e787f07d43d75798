import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeGoFlags } from "../../src/cli/go-flags.ts";
import { operatorFlagNames } from "../../src/cli/operator-flags.ts";

describe("normalizeGoFlags", () => {
  const cases: Array<[string, string]> = [
    ["run -leader-elect", "run --leader-elect"],
    ["run -watches-file w.yaml", "run --watches-file w.yaml"],
    ["run -metrics-bind-address=:9090", "run --metrics-bind-address=:9090"],
    [
      "run --leader-elect=T --metrics-secure=0 --strict=FALSE",
      "run --leader-elect=true --metrics-secure=false --strict=false",
    ],
    ["run --leader-elect=maybe", "run --leader-elect=maybe"],
    ["run --watches-file=T", "run --watches-file=T"],
    ["run --enable-http2", "run --enable-http2"],
    ["run -n -h --unknown=T -unknown", "run -n -h --unknown=T -unknown"],
    ["run -- -leader-elect", "run -- -leader-elect"],
    ["run --watches-file a --strict -watches-file=b --strict=0", "run --watches-file=b --strict=false"],
    ["run --watches-file", "run --watches-file"],
    ["run --watches-file a -- --watches-file b", "run --watches-file a -- --watches-file b"],
  ];
  for (const [given, expected] of cases) {
    it(given, () => assert.deepEqual(normalizeGoFlags(given.split(" "), operatorFlagNames), expected.split(" ")));
  }
});

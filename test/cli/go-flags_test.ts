import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Completions } from "effect/cli";
import { normalizeGoFlags } from "../../src/cli/go-flags.ts";
import { runCommand } from "../../src/cli/run.ts";
import { templateCommand } from "../../src/cli/template.ts";

/** Quotation marks stand for an empty word. */
const words = (line: string) => line.split(" ").map((word) => word === "''" ? "" : word);

function normalizes(command: typeof runCommand | typeof templateCommand, cases: ReadonlyArray<[string, string]>) {
  const { flags } = Completions.fromCommand(command);
  for (const [given, expected] of cases) {
    it(given, () => assert.deepEqual(normalizeGoFlags(words(given), flags), words(expected)));
  }
}

describe("normalizeGoFlags, of helmwright run", () => {
  normalizes(runCommand, [
    ["-leader-elect", "--leader-elect=true"],
    ["-watches-file w.yaml", "--watches-file=w.yaml"],
    ["-metrics-bind-address=:9090", "--metrics-bind-address=:9090"],
    ["--leader-elect=T --metrics-secure=0 --strict=FALSE", "--leader-elect=true --metrics-secure=false --strict=false"],
    ["--leader-elect=maybe", "--leader-elect=maybe"],
    ["--leader-elect true", "--leader-elect=true true"],
    ["--watches-file=T", "--watches-file=T"],
    ["--watches-file ''", "--watches-file="],
    ["--watches-file --strict", "--watches-file=--strict"],
    ["--enable-http2", "--enable-http2=true"],
    ["--zap-encoder JSON --zap-log-level=Debug", "--zap-encoder=json --zap-log-level=debug"],
    ["-n -h --unknown=T -unknown", "-n -h --unknown=T -unknown"],
    ["-- -leader-elect", "-- -leader-elect"],
    ["--watches-file", "--watches-file"],
    ["--watches-file a -- --watches-file b", "--watches-file=a -- --watches-file b"],
  ]);
});

describe("normalizeGoFlags, of helmwright template", () => {
  normalizes(templateCommand, [
    ["x chart -n test", "x chart --namespace=test"],
    ["-ntest -n=test x chart", "--namespace=test --namespace=test x chart"],
    ["-fa.yaml -f b.yaml --values c.yaml", "--values=a.yaml --values=b.yaml --values=c.yaml"],
    ["--set -a=1 --set=b=2", "--set=-a=1 --set=b=2"],
    ["-f -", "--values=-"],
    ["-g chart", "--generate-name=true chart"],
    ["-gntest chart", "--generate-name=true --namespace=test chart"],
    ["-g=false chart", "--generate-name=false chart"],
    ["-gq chart", "--generate-name=true -q chart"],
    ["-n", "--namespace"],
  ]);
});

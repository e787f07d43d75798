import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Effect } from "effect";
import { Command, Completions } from "effect/cli";
import { normalizeGoFlags } from "../../src/cli/go-flags.ts";
import { ConfigurationError, resolveSettings, splitNamespaces } from "../../src/cli/operator-config.ts";
import { operatorFlags } from "../../src/cli/operator-flags.ts";

/** The settings of a command line and an environment. */
async function settings(line = "", environment: Record<string, string> = {}, isTerminal = false) {
  const found = { value: undefined as ReturnType<typeof resolveSettings> | undefined };
  const command = Command.make("run", operatorFlags, (flags) =>
    Effect.sync(() => {
      found.value = resolveSettings(flags, { environment, isTerminal });
    }));
  const args = normalizeGoFlags(line.split(" ").filter((word) => word !== ""), Completions.fromCommand(command).flags);
  const run = Command.runWith(command, { version: "0", renderErrors: false })(args);
  await Effect.runPromise(Effect.provide(run, NodeServices.layer));
  return found.value!;
}

const refusal = async (line: string, environment?: Record<string, string>) => {
  try {
    await settings(line, environment);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
  throw new Error(`accepted: ${line}`);
};

describe("the operator's settings", () => {
  it("have operator-sdk's defaults, but reconcile only when something changes", async () => {
    const { maxConcurrentReconciles, ...rest } = await settings();
    assert.ok(maxConcurrentReconciles >= 1);
    assert.deepEqual(rest, {
      watchesFile: null,
      strict: false,
      reconcilePeriod: 0,
      renderTimeout: 60_000,
      namespaces: [],
      metricsAddress: ":8080",
      probeAddress: ":8081",
      metricsSecure: false,
      metricsRequireRbac: false,
      http2: false,
      leaderElection: null,
      suppressOverrideValues: false,
      statusManifest: "masked",
      statusReadiness: true,
      kubeconfig: null,
      context: null,
      log: { level: "Info", format: "json", color: false, timeEncoding: "iso8601" },
      notices: [],
    });
  });

  it("take the flags of operator-sdk's scaffold", async () => {
    const found = await settings(
      "--metrics-require-rbac --metrics-secure --metrics-bind-address=:8443 --leader-elect " +
        "--leader-election-id=web-operator --health-probe-bind-address=:8082 --reconcile-period 1m30s " +
        "--max-concurrent-reconciles=3 --suppress-override-values=true --enable-http2=false",
    );
    assert.equal(found.metricsAddress, ":8443");
    assert.ok(found.metricsSecure && found.metricsRequireRbac && found.suppressOverrideValues);
    assert.deepEqual(found.leaderElection, { id: "web-operator", namespace: null });
    assert.equal(found.probeAddress, ":8082");
    assert.equal(found.reconcilePeriod, 90_000);
    assert.equal(found.maxConcurrentReconciles, 3);
  });

  it("take the deprecated names too, but not both", async () => {
    const found = await settings("-metrics-addr=0 -enable-leader-election -leader-election-id a");
    assert.equal(found.metricsAddress, "0");
    assert.deepEqual(found.leaderElection, { id: "a", namespace: null });
    assert.equal(
      await refusal("--metrics-addr :1 --metrics-bind-address :2"),
      "only one of --metrics-bind-address and --metrics-addr may be set",
    );
    assert.equal(
      await refusal("--leader-elect=false --enable-leader-election --leader-election-id a"),
      "only one of --leader-elect and --enable-leader-election may be set",
    );
  });

  it("want an ID for leader election, which OPERATOR_NAME can give", async () => {
    assert.match(await refusal("--leader-elect"), /LeaderElectionID must be configured/);
    const found = await settings("--leader-elect", { OPERATOR_NAME: "web" });
    assert.deepEqual(found.leaderElection, { id: "web", namespace: null });
    assert.match(found.notices[0], /OPERATOR_NAME is deprecated/);
    const flagged = await settings("--leader-elect --leader-election-id b", { OPERATOR_NAME: "web" });
    assert.equal(flagged.leaderElection!.id, "b");
    assert.match(flagged.notices[0], /^Ignoring OPERATOR_NAME/);
  });

  it("want TLS for metrics behind RBAC", async () => {
    assert.match(await refusal("--metrics-require-rbac"), /--metrics-secure flag is required/);
  });

  it("set the log up", async () => {
    const log = async (...given: Parameters<typeof settings>) => {
      const { timeEncoding, ...rest } = (await settings(...given)).log;
      assert.equal(timeEncoding, "iso8601");
      return rest;
    };
    assert.deepEqual(await log("", {}, true), { level: "Info", format: "console", color: true });
    assert.deepEqual(await log("", { NO_COLOR: "1" }, true), { level: "Info", format: "console", color: false });
    assert.deepEqual(await log("--zap-encoder=json", {}, true), { level: "Info", format: "json", color: false });
    assert.deepEqual(await log("--zap-devel"), { level: "Debug", format: "console", color: false });
    assert.equal((await log("--zap-log-level=debug")).level, "Debug");
    assert.equal((await log("--zap-log-level=5")).level, "Debug");
    assert.equal((await log("--zap-log-level=error")).level, "Error");
  });

  it("take zap's words in any case", async () => {
    const { log } = await settings("--zap-encoder=JSON --zap-log-level ERROR --zap-time-encoding Millis");
    assert.deepEqual(log, { level: "Error", format: "json", color: false, timeEncoding: "millis" });
  });
});

describe("splitNamespaces", () => {
  const cases: Array<[string | undefined, string[]]> = [
    [undefined, []],
    ["", []],
    [" , ", []],
    ["a", ["a"]],
    ["a, b,,a", ["a", "b"]],
  ];
  for (const [text, names] of cases) it(String(text), () => assert.deepEqual(splitNamespaces(text), names));
});

// Statements 1 to 12: watches files, overrides, namespaces, selectors and flags.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Effect } from "effect";
import { Command, Completions } from "effect/cli";
import { normalizeGoFlags } from "../../src/cli/go-flags.ts";
import { resolveSettings } from "../../src/cli/operator-config.ts";
import { operatorFlags } from "../../src/cli/operator-flags.ts";
import { loadContext } from "../../src/cli/override-templates.ts";
import { decodeWatches } from "../../src/watches/decode.ts";
import { WatchesError } from "../../src/watches/watch.ts";
import { waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { configMap } from "../e2e/kind.ts";
import { startOperator } from "../e2e/operator.ts";
import { configMapWith, configOf, type Project, startProject, uninstallFinalizer } from "./setup.ts";

const chart = { "templates/config.yaml": configMap };
const kinds = {
  plain: { chart, watch: "  reconcilePeriod: 1s\n" },
  full: {
    chart,
    watch: [
      "  watchDependentResources: false",
      "  overrideValues: {size: fixed}",
      "  selector: {matchLabels: {shard: a}}",
      "  reconcilePeriod: 1h",
      "  dryRunOption: server",
      "  colour: red",
      "",
    ].join("\n"),
  },
  overridden: {
    chart: {
      "values.yaml": "nested: {a: 1, b: 2, c: 3}\n",
      "templates/config.yaml": configMapWith([
        "flag: {{ kindOf .Values.flag }} {{ .Values.flag }}",
        "number: {{ kindOf .Values.number }} {{ .Values.number }}",
        "list: {{ .Values.list | toJson | quote }}",
        "expanded: {{ .Values.expanded | quote }}",
        "unset: {{ .Values.unset | quote }}",
        "nested: {{ .Values.nested | toJson | quote }}",
        "top: {{ omit .Values `flag` `number` `list` `expanded` `unset` `nested` `global` | toJson | quote }}",
      ].join("\n")),
    },
    watch: [
      "  overrideValues:",
      "    flag: true",
      "    number: 7",
      '    list: "{p,q}"',
      "    expanded: '{{ \"$SIZE\" | upper }}-{{ add 1 2 }}'",
      '    unset: "$NOT_SET_ANYWHERE"',
      "    nested.a: over",
      "",
    ].join("\n"),
  },
} as const;

let project: Project<keyof typeof kinds>;
before(async () => {
  project = await startProject(kinds, { env: { SIZE: "large" } });
});
after(() => project?.close());

const decode = (entry: string) =>
  decodeWatches(`- {group: a.example.com, version: v1, kind: A, chart: a, ${entry}}\n`, "watches.yaml", {
    ...loadContext({}, false),
    chartProblem: () => null,
  });

test("S1 watches.yaml is a list with operator-sdk's fields, and unknown fields are ignored", async () => {
  const { kinds: { full }, api, namespace } = project;
  await full.create(namespace, "full", { size: 1 }, { labels: { shard: "a" } });
  await full.waitForCondition(namespace, "full", "Deployed");
  assert.equal((await api.get(configOf(namespace, "full")))!.data.size, "fixed");
  const told = project.log().filter(({ level }) => level === "warn").map(({ msg }) => msg);
  assert.ok(told.some((msg) => /watches\.yaml:\d+: .*unknown field "colour"/.test(msg)), told.join("\n"));
  assert.equal(decode("").watches[0].watchDependentResources, true);
});

test("S2 an empty version or kind, a GVK twice and a chart that is none end the start with exit code 1", async () => {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-parity-"));
  after(() => rmSync(folder, { recursive: true }));
  const watches = join(folder, "watches.yaml");
  const good = `chart: ${join(project.kinds.plain.folder, "chart")}`;
  writeFileSync(
    watches,
    [
      `- {group: a, version: "", kind: A, ${good}}`,
      `- {group: a, version: v1, kind: "", ${good}}`,
      `- {group: a, version: v1, kind: B, ${good}}`,
      `- {group: a, version: v1, kind: B, ${good}}`,
      "- {group: a, version: v1, kind: C, chart: nowhere}",
      "",
    ].join("\n"),
  );
  const operator = await startOperator({ watches, directory: folder, startOnly: true });
  assert.equal(await operator.exited, 1);
  for (const words of [/version must not be empty/, /kind must not be empty/, /occurs twice/, /"nowhere" cannot/]) {
    assert.match(operator.output(), words);
  }
});

test("S2 an empty group is accepted", () => {
  const text = 'group: "", version: v1, kind: A, chart: a';
  const { watches } = decodeWatches(`- {${text}}\n`, "watches.yaml", {
    ...loadContext({}, false),
    chartProblem: () => null,
  });
  assert.equal(watches[0].group, "");
});

test("S3 a chart that changes on disk is used from the next reconcile on, without a restart", async () => {
  const { kinds: { plain }, api, namespace } = project;
  await plain.create(namespace, "edited", { size: 1 });
  await plain.waitForCondition(namespace, "edited", "Deployed");
  plain.writeChart("templates/config.yaml", configMap.replace("\ndata:\n", '\ndata:\n  more: "yes"\n'));
  await waitFor("the new field", async () => (await api.get(configOf(namespace, "edited")))?.data.more === "yes");
});

const overridden = async (name: string, spec: object): Promise<Record<string, string>> => {
  const { kinds: { overridden }, api, namespace } = project;
  await overridden.create(namespace, name, spec, { labels: { my: "label" } });
  await overridden.waitForCondition(namespace, name, "Deployed");
  return (await api.get(configOf(namespace, name)))!.data;
};

test("S4 overrideValues have the environment, then Sprig; an unset variable is empty", async () => {
  const data = await overridden("s4", {});
  assert.equal(data.expanded, "LARGE-3");
  assert.equal(data.unset, "");
});

test("S5 overrideValues are strings as of --set-string, and {p,q} is a list", async () => {
  const data = await overridden("s5", { flag: 1 });
  assert.equal(data.flag, "string true");
  assert.equal(data.number, "string 7");
  assert.equal(data.list, '["p","q"]');
});

test("S6 a bare comma in an override is refused at the start, by its key; escaped or typed it works", () => {
  assert.throws(() => decode("overrideValues: {tags: 'a,hunter2'}"), (error) => {
    assert.ok(error instanceof WatchesError);
    assert.match(error.message, /"tags"/);
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
  assert.equal(decode("overrideValues: {tags: 'a\\,b'}").watches[0].overrideValues.get("tags"), "a\\,b");
  assert.deepEqual(decode("typedOverrideValues: {tags: 'a,b', size: 7}").watches[0].typedOverrideValues, {
    tags: "a,b",
    size: 7,
  });
});

test("S7 overrides win over the spec, maps merge deeply, and templates see the spec alone", async () => {
  const data = await overridden("s7", { nested: { a: "spec", b: "spec" }, own: 1 });
  assert.deepEqual(JSON.parse(data.nested), { a: "over", b: "spec", c: 3 });
  assert.deepEqual(JSON.parse(data.top), { own: 1 });
});

/** The settings of a command line. */
async function settings(line: string, environment: Record<string, string> = {}) {
  const found: { value?: ReturnType<typeof resolveSettings> } = {};
  const command = Command.make("run", operatorFlags, (flags) =>
    Effect.sync(() => {
      found.value = resolveSettings(flags, { environment, isTerminal: false });
    }));
  const args = normalizeGoFlags(line.split(" ").filter((word) => word !== ""), Completions.fromCommand(command).flags);
  const run = Command.runWith(command, { version: "0", renderErrors: false })(args);
  await Effect.runPromise(Effect.provide(run, NodeServices.layer));
  return found.value!;
}

test("S8 WATCH_NAMESPACE is split at commas and trimmed, blanks are dropped, and empty is all", async () => {
  assert.deepEqual((await settings("", { WATCH_NAMESPACE: " a, ,b,, c " })).namespaces, ["a", "b", "c"]);
  for (const WATCH_NAMESPACE of ["", " , "]) assert.deepEqual((await settings("", { WATCH_NAMESPACE })).namespaces, []);
});

test("S9 the flags are operator-sdk's, with its defaults but for the period", async () => {
  const { maxConcurrentReconciles, ...rest } = await settings("");
  assert.ok(maxConcurrentReconciles >= 1);
  assert.equal(rest.reconcilePeriod, 0);
  assert.equal(rest.metricsAddress, ":8080");
  assert.equal(rest.probeAddress, ":8081");
  assert.equal(rest.leaderElection, null);
  const off = [rest.suppressOverrideValues, rest.metricsSecure, rest.metricsRequireRbac];
  assert.deepEqual(off, [false, false, false]);
  const given = await settings(
    "--watches-file=w.yaml --reconcile-period 1m --max-concurrent-reconciles=3 --metrics-addr :9 --enable-http2 " +
      "--health-probe-bind-address=:10 --enable-leader-election --leader-election-id=a --leader-election-namespace=b " +
      "--suppress-override-values --metrics-secure --metrics-require-rbac --zap-devel --zap-encoder=console " +
      "--zap-log-level=debug --zap-stacktrace-level=error --zap-time-encoding=rfc3339",
  );
  assert.equal(given.reconcilePeriod, 60_000);
  assert.equal(given.metricsAddress, ":9");
  assert.deepEqual(given.leaderElection, { id: "a", namespace: "b" });
  assert.equal((await settings("--zap-log-level=info --metrics-addr :1 --metrics-addr=:2")).metricsAddress, ":2");
});

for (
  const both of [
    ["--metrics-addr=:1", "--metrics-bind-address=:1"],
    ["--leader-elect", "--enable-leader-election", "--leader-election-id=a"],
  ]
) {
  test(`S9 both names of one flag end the start with exit code 1: ${both[0]}`, async () => {
    const { plain } = project.kinds;
    const operator = await startOperator({ ...plain.run, args: both, startOnly: true });
    assert.equal(await operator.exited, 1);
    assert.match(operator.output(), /only one of --\S+ and --\S+ may be set/);
  });
}

for (const isNarrow of [false, true]) {
  describe(isNarrow ? "with WATCH_NAMESPACE" : "cluster-wide", () => {
    const shard = { chart, watch: "  selector: {matchLabels: {shard: a}}\n" };
    let sharded: Project<"shard">;
    let namespace: string;
    let elsewhere: string;
    const user = `narrow-${crypto.randomUUID().slice(0, 8)}`;
    before(async () => {
      const { api } = await sharedControlPlane();
      namespace = await api.createNamespace("parity");
      elsewhere = await api.createNamespace("parity");
      const env = isNarrow ? { WATCH_NAMESPACE: ` ${namespace}, ` } : undefined;
      sharded = await startProject({ shard }, { user, env });
    });
    after(() => sharded?.close());
    const labelled = (shard: string) => ({ labels: { shard } });
    const finalizers = async (namespace: string, name: string) =>
      (await sharded.kinds.shard.get(namespace, name))?.metadata.finalizers;

    test("S10 the selector filters", async () => {
      const { shard } = sharded.kinds;
      await shard.create(namespace, "other", {}, labelled("b"));
      await shard.create(elsewhere, "elsewhere", {}, labelled("a"));
      await shard.create(namespace, "mine", {}, labelled("a"));
      await shard.waitForCondition(namespace, "mine", "Deployed");
      if (isNarrow) assert.equal(await finalizers(elsewhere, "elsewhere"), undefined);
      else await shard.waitForCondition(elsewhere, "elsewhere", "Deployed");
      assert.equal(await finalizers(namespace, "other"), undefined);
    });

    test("S11 a resource that loses the label keeps its release, loses the finalizer, and can be deleted", async () => {
      const { shard } = sharded.kinds;
      await shard.change(namespace, "mine", { metadata: { labels: { shard: "b" } } });
      await waitFor("the finalizer's end", async () => await finalizers(namespace, "mine") === undefined);
      assert.ok(await sharded.api.get(configOf(namespace, "mine")));
      await shard.change(namespace, "mine", { metadata: { labels: { shard: "a" } } });
      await waitFor("the finalizer", async () => (await finalizers(namespace, "mine"))?.includes(uninstallFinalizer));
      await shard.change(namespace, "mine", { metadata: { labels: { shard: "b" } } });
      await waitFor("the finalizer's end", async () => await finalizers(namespace, "mine") === undefined);
      await shard.delete(namespace, "mine");
      await shard.waitUntilGone(namespace, "mine");
    });

    test("S12 dependents are watched by the label of the watched charts", () => {
      const watches = sharded.cluster.requests({ user }).filter(({ verb }) => verb === "watch" || verb === "list")
        .map(({ requestURI }) => decodeURIComponent(requestURI))
        .filter((uri) => uri.includes("/configmaps"));
      assert.notDeepEqual(watches, []);
      for (const uri of watches) assert.match(uri, /labelSelector=helm\.sdk\.operatorframework\.io\/chart=probe/);
      const where = isNarrow ? `/api/v1/namespaces/${namespace}/configmaps` : "/api/v1/configmaps";
      for (const uri of watches) assert.ok(uri.startsWith(`${where}?`), uri);
    });
  });
}

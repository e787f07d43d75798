import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Console, Effect } from "effect";
import project from "../../package.json" with { type: "json" };
import { runCommandLine } from "../../src/cli/root.ts";

/** What a command line prints, and whether it succeeds. */
async function cli(...args: string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const console = {
    ...globalThis.console,
    log: (...words: unknown[]) => void out.push(words.join(" ")),
    error: (...words: unknown[]) => void error.push(words.join(" ")),
  };
  const run = runCommandLine(args).pipe(
    Effect.provideService(Console.Console, console as Console.Console),
    Effect.provide(NodeServices.layer),
  );
  const exit = await Effect.runPromise(Effect.exit(run));
  return { out: out.join("\n"), error: error.join("\n"), succeeded: exit._tag === "Success" };
}

describe("the command line", () => {
  it("prints help for itself and for each command", async () => {
    const { out, succeeded } = await cli("--help");
    assert.ok(succeeded);
    for (const command of ["run", "template", "version"]) {
      assert.match(out, new RegExp(`^  ${command} `, "m"));
      assert.match((await cli(command, "--help")).out, /USAGE/);
    }
    assert.match((await cli("run", "--help")).out, /--watches-file path/);
  });

  it("prints its version as text and as JSON", async () => {
    assert.match((await cli("version")).out, /^helmwright \d+\.\d+\.\d+ \(Helm v4\.3\.1, /);
    const { version, helm } = JSON.parse((await cli("version", "--output", "json")).out);
    assert.equal(version, project.version);
    assert.equal(helm, "v4.3.1");
  });

  it("tells what is wrong with a command line, and where help is", async () => {
    const unknown = await cli("run", "--nope");
    assert.ok(!unknown.succeeded);
    assert.match(unknown.error, /^Error: Unrecognized flag: --nope.*\nRun "helmwright run --help"/);
    assert.match((await cli("run", "--reconcile-period", "soon")).error, /time: invalid duration "soon"/);
    assert.match((await cli("vers")).error, /^Error: Unknown subcommand "vers"/);
  });

  it("tells what was expected of a value", async () => {
    const expected: Array<[string, string]> = [
      ["--max-concurrent-reconciles=0", "a number of at least 1"],
      ["--render-timeout=0s", "a duration above 0"],
      ["--zap-log-level=warn", "debug, info, error, panic or a number above 0"],
      ["--zap-log-level=0", "debug, info, error, panic or a number above 0"],
      ["--zap-encoder=xml", '"json" | "console"'],
      ["--zap-stacktrace-level=warn", '"info" | "error" | "panic"'],
      ["--zap-time-encoding=never", '"epoch" | "millis" | "nanos" | "iso8601" | "rfc3339" | "rfc3339nano"'],
    ];
    for (const [flag, words] of expected) {
      const { error } = await cli("run", flag);
      assert.ok(error.includes(`. Expected: ${words}\n`), error);
    }
  });

  it("says what to do instead of what `helm template` does beyond rendering", async () => {
    const instead: Array<[string, RegExp]> = [
      ["--repo=https://example.com", /^Error: no chart is fetched here: run "helm pull CHART --repo URL"/],
      ["--verify", /^Error: signatures are not checked here: run "helm verify" first$/],
      ["--post-renderer=kustomize", /^Error: post-renderers are not run here: pipe the output through/],
      ["--dry-run=server", /^Error: no cluster is asked here: .* "helmwright diff"/],
      ["--validate=true", /^Error: no cluster is asked here: /],
      ["--enable-dns", /^Error: names are not looked up here: /],
      ["--values=https://example.com/values.yaml", /^Error: no values are fetched here: download /],
    ];
    for (const [flag, words] of instead) {
      const { error, succeeded } = await cli("template", "rel", "examples/website/helm-charts/website", flag);
      assert.ok(!succeeded);
      assert.match(error, words);
    }
    assert.match((await cli("template", "bitnami/nginx")).error, /^Error: chart "bitnami\/nginx" is not on disk, /);
    const { out } = await cli("template", "--help");
    assert.match(out, /helm's other flags are taken too, and change nothing: --create-namespace\b/);
    assert.doesNotMatch(out, /--repo |--validate/);
  });

  it("takes `help COMMAND`, and the last of a flag that is given twice", async () => {
    assert.equal((await cli("help", "run")).out, (await cli("run", "--help")).out);
    assert.equal((await cli("help")).out, (await cli("--help")).out);
    const { out } = await cli("version", "-ojson", "-o", "text");
    assert.match(out, /^helmwright /);
  });

  it("prints completions for shells", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      assert.match((await cli("--completions", shell)).out, /watches-file/, shell);
    }
  });
});

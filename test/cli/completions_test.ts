import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Console, Effect } from "effect";
import { runCommandLine } from "../../src/cli/root.ts";

describe("completions in bash", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "helmwright-completions-"));
    mkdirSync(join(folder, "charts/web"), { recursive: true });
    writeFileSync(join(folder, "charts/web/Chart.yaml"), "");
    writeFileSync(join(folder, "blog.yaml"), "");
    const console = { ...globalThis.console, log: (text: string) => writeFileSync(join(folder, "script"), text) };
    const print = runCommandLine(["--completions", "bash"]).pipe(
      Effect.provideService(Console.Console, console as Console.Console),
      Effect.provide(NodeServices.layer),
    );
    await Effect.runPromise(print);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What bash offers for the last word of a line. */
  function completions(line: string): string {
    const words = line.split(" ");
    const asked = `
      source ./script
      compopt() { :; }
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}) COMP_CWORD=${words.length - 1}
      COMP_LINE='${line}' COMP_POINT=${line.length}
      complete=$(complete -p helmwright) complete=\${complete#*-F }
      \${complete%% *} helmwright '${words.at(-1)}' '${words.at(-2)}'
      echo "\${COMPREPLY[*]}"`;
    return execFileSync("bash", ["--norc", "-c", asked], { cwd: folder, encoding: "utf8" }).trim();
  }

  const cases: Array<[string, string]> = [
    ["helmwright ", "run template diff version"],
    ["helmwright te", "template"],
    ["helmwright run --zap-e", "--zap-encoder"],
    ["helmwright run --zap-encoder c", "console"],
    ["helmwright diff bl", "blog.yaml"],
    ["helmwright template x ch", "charts/"],
    ["helmwright template x charts/", "charts/web/"],
    ["helmwright template -f charts/web/C", "charts/web/Chart.yaml"],
    ["helmwright run --watches-file b", "blog.yaml"],
  ];
  for (const [line, expected] of cases) it(line, () => assert.equal(completions(line), expected));
});

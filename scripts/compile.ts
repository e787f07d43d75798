// `deno task compile`: the standalone executable, dist/helmwright.
//
// `deno compile` makes it when Deno's runtime base (denort) can be had, Bun's `build --compile` when it cannot.
// `--runtime deno` or `--runtime bun` insists on one. The commit is stamped into it, so the same commit makes the same bytes.
// `--target linux-arm64` makes dist/helmwright-linux-arm64, for another machine than this; Bun does that.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { BUN_VERSION, BunUnavailable, ensureBun, ownPlatform, platforms } from "./bun.ts";
import { commitOf } from "./commit.ts";

const root = resolve(import.meta.dirname!, "..");
/** What runs in threads of their own, besides main.ts. */
const workers = ["src/release/render-worker.ts"];
/** What src/cli/version.ts reads. */
const commit = { name: "HELMWRIGHT_COMMIT", value: commitOf(root, process.env) };

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    runtime: { type: "string", default: "any" },
    target: { type: "string", default: ownPlatform },
    help: { type: "boolean", short: "h" },
  },
});
const { target } = values;
const isOwn = target === ownPlatform;
const runtimes = isOwn ? ["any", "deno", "bun"] : ["any", "bun"];
if (values.help || !runtimes.includes(values.runtime) || !(isOwn || platforms.includes(target))) {
  console.error(`Usage: deno task compile [--runtime deno|bun] [--target ${platforms.join("|")}]`);
  process.exit(values.help ? 0 : 2);
}
const name = isOwn ? "helmwright" : `helmwright-${target}`;
const output = join(root, "dist", name);

const startedAt = Date.now();
const runtime = compile();
const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
const megabytes = (statSync(output).size / 1e6).toFixed(1);
console.log(`dist/${name}  ${megabytes} MB  ${target}  by ${runtime}  in ${seconds} s`);

/** Makes the executable and says by what. */
function compile(): string {
  // Written beside and moved, so that a running executable can be replaced. Its name is what it calls itself.
  const staging = join(root, "dist", ".new", "helmwright");
  rmSync(dirname(staging), { recursive: true, force: true });
  mkdirSync(dirname(staging), { recursive: true });
  const failures: Array<string> = [];
  if (isOwn && values.runtime !== "bun") {
    const failure = compileWithDeno(staging);
    if (failure === undefined) return finish(staging, `deno ${Deno.version.deno}`);
    failures.push(failure);
  }
  if (values.runtime !== "deno") {
    const failure = compileWithBun(staging);
    if (failure === undefined) return finish(staging, `bun ${BUN_VERSION}`);
    failures.push(failure);
  }
  console.error(`Cannot compile dist/${name}:\n${failures.join("\n")}`);
  process.exit(1);
}

function finish(staging: string, runtime: string): string {
  renameSync(staging, output);
  rmSync(dirname(staging), { recursive: true });
  return runtime;
}

/** The reason why it failed, or undefined. */
function compileWithDeno(staging: string): string | undefined {
  const environment = join(dirname(staging), "environment");
  writeFileSync(environment, `${commit.name}=${commit.value}\n`);
  return runCompiler(process.execPath, [
    "compile",
    "--quiet",
    "--no-check",
    "--allow-all",
    `--env-file=${environment}`,
    ...workers.map((path) => `--include=${path}`),
    `--output=${staging}`,
    "main.ts",
  ], staging);
}

/** The reason why it failed, or undefined. */
function compileWithBun(staging: string): string | undefined {
  let bun: string;
  let base: string;
  try {
    bun = ensureBun();
    base = ensureBun(target);
  } catch (error) {
    if (error instanceof BunUnavailable) return error.message;
    throw error;
  }
  return runCompiler(bun, [
    "build",
    "--compile",
    "--bytecode",
    // What a command does not use is not loaded, the modules of Node that it would import included.
    "--splitting",
    "--format=esm",
    "--minify",
    "--keep-names", // Stack traces name functions.
    "--sourcemap=none",
    `--define=process.env.${commit.name}=${JSON.stringify(commit.value)}`,
    // The executable is an operator: it never reads settings of a JavaScript project from its working folder.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    // Collects garbage early: an idle operator is small.
    "--compile-exec-argv=--smol",
    ...(isOwn ? [] : [`--target=bun-${target}`, `--compile-executable-path=${base}`]),
    `--outfile=${staging}`,
    "main.ts",
    ...workers,
  ], staging);
}

function runCompiler(program: string, args: ReadonlyArray<string>, staging: string): string | undefined {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (error !== undefined) return error.message;
  return status === 0 && existsSync(staging) ? undefined : `${program} ${args[0]}: ${stdout}${stderr}`.trim();
}

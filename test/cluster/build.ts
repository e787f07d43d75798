// Builds one pinned Go module's programs into the cache: one builder at a time, and all of its programs or none.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "./progress.ts";
import type { ToolModule } from "./tools.ts";

/** A lock whose holder has not touched it for so long belongs to nobody alive. */
const STALE_LOCK_MS = 30_000;
const TOUCH_LOCK_MS = 5_000;

/** `go` ended with an error; the message has the last of its output. */
export class BuildFailed extends Error {
  override readonly name = "BuildFailed";
}

/**
 * Builds a module's programs into `target`, which appears complete or not at all.
 *
 * Another process that builds the same waits for this one and finds the result. `position` is which build of how many
 * this is, for the display.
 */
export async function buildModule(
  module: ToolModule,
  target: string,
  progress: Progress,
  position: { readonly index: number; readonly count: number },
): Promise<void> {
  const title = `Building ${Object.keys(module.programs).join(", ")} (${position.index} of ${position.count})`;
  progress.begin(title);
  mkdirSync(dirname(target), { recursive: true });
  const release = await lock(`${target}.lock`, () => progress.update("waiting for another build of the same"));
  try {
    if (existsSync(target)) return progress.end("built by another process");
    const staging = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    try {
      await compile(module, staging, progress);
      renameSync(staging, target);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    progress.end("done");
  } catch (error) {
    progress.end("failed");
    throw error;
  } finally {
    release();
  }
}

async function compile(module: ToolModule, staging: string, progress: Progress): Promise<void> {
  const packages = Object.values(module.programs);
  const dependencies: Array<string> = [];
  let compiled = 0;
  progress.update("fetching modules");
  await go(module, ["list", "-deps", ...packages], {
    output: (line) => dependencies.push(line),
    notice: (line) => progress.update(line),
  });
  progress.update("compiling");
  const linkerFlags = `-s -w ${module.ldflags}`.trim();
  const programs = Object.entries(module.programs);
  // A single program gets its name here: Go would name it after the last part of its package's path.
  const output = programs.length === 1 ? join(staging, programs[0][0]) : `${staging}/`;
  await go(module, ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", output, ...packages], {
    notice: () => progress.update(`${++compiled} of up to ${dependencies.length} packages`),
  });
}

interface Listener {
  /** A line of standard output. */
  readonly output?: (line: string) => void;
  /** A line of standard error. */
  readonly notice?: (line: string) => void;
}

async function go(module: ToolModule, args: ReadonlyArray<string>, listener: Listener): Promise<void> {
  const child = spawn("go", args, {
    cwd: module.directory,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lastLines: Array<string> = [];
  createInterface({ input: child.stdout }).on("line", (line) => listener.output?.(line));
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
    listener.notice?.(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) {
    throw new BuildFailed(`Cannot build ${module.name}: go ${args[0]} exited with ${code}\n${lastLines.join("\n")}`);
  }
}

/** Takes a lock that is a folder; returns its release. `onWait` is called while somebody else holds it. */
async function lock(path: string, onWait: () => void): Promise<() => void> {
  for (;;) {
    try {
      mkdirSync(path);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    onWait();
    const touchedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touchedAt !== undefined && Date.now() - touchedAt > STALE_LOCK_MS) {
      rmSync(path, { recursive: true, force: true });
    } else {
      await sleep(500);
    }
  }
  const timer = setInterval(() => utimesSync(path, new Date(), new Date()), TOUCH_LOCK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(path, { recursive: true, force: true });
  };
}

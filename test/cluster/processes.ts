// Child processes of a control plane, and the reaper that ends them when their owner is gone without having done so.
//
// Every process of a control plane has its folder in its arguments, and its id in a file under `pids/`. The reaper is a
// small shell loop that waits until the owner (the process of the test run, of the demo, of a benchmark) has ended in
// whatever way, kills the processes listed in that folder and removes the folder. A clean stop does the same at once.

import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

/** kwok writes pages for a template that fails. */
const MAX_LINE_LENGTH = 800;

/** What to start. */
export interface Command {
  /** Its name among the control plane's processes, and its log file's. */
  readonly name: string;
  readonly program: string;
  readonly args: ReadonlyArray<string>;
}

/**
 * Starts a process that outlives the module that started it, in a process group of its own, so that Ctrl-C in a
 * terminal reaches the owner only. Its output goes to `logs/<name>.log`.
 */
export function startProcess(directory: string, command: Command): void {
  mkdirSync(join(directory, "pids"), { recursive: true });
  mkdirSync(join(directory, "logs"), { recursive: true });
  const log = openSync(logFile(directory, command.name), "a");
  const child = spawn(command.program, [...command.args], {
    stdio: ["ignore", log, log],
    detached: true,
    env: { PATH: process.env.PATH, HOME: directory, TMPDIR: directory },
  });
  closeSync(log);
  child.on("error", () => {}); // Shows up as a process that is not running.
  child.unref();
  if (child.pid !== undefined) writeFileSync(pidFile(directory, command.name), String(child.pid));
}

/** Whether the process of this name runs. */
export function isRunning(directory: string, name: string): boolean {
  const pid = readPid(directory, name);
  return pid !== undefined && isAlive(pid);
}

/** Kills the process of this name and waits until it has ended. Does nothing when it does not run. */
export async function stopProcess(directory: string, name: string): Promise<void> {
  const pid = readPid(directory, name);
  rmSync(pidFile(directory, name), { force: true });
  if (pid === undefined) return;
  for (let tries = 0; isAlive(pid) && tries < 500; tries++) {
    kill(pid);
    await sleep(10);
  }
}

/** Stops every process in the folder and removes the folder. */
export async function stopAll(directory: string): Promise<void> {
  const names = existsSync(join(directory, "pids")) ? readdirSync(join(directory, "pids")) : [];
  await Promise.all(names.filter((name) => name !== "reaper").map((name) => stopProcess(directory, name)));
  await stopProcess(directory, "reaper");
  rmSync(directory, { recursive: true, force: true });
}

/** The last lines that a process wrote. */
export function logTail(directory: string, name: string, lines = 15): string {
  const path = logFile(directory, name);
  if (!existsSync(path)) return "";
  const last = readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines);
  return last.map((line) => line.slice(0, MAX_LINE_LENGTH)).join("\n");
}

/** Kills what its folder lists when the owner has ended; ends by itself when the folder is gone. */
const REAPER = `
owner=$1 directory=$2
trap '' INT TERM HUP
while [ -d "$directory" ] && kill -0 "$owner" 2>/dev/null; do sleep 1; done
for file in "$directory"/pids/*; do
  [ -f "$file" ] || continue
  [ "\${file##*/}" = reaper ] && continue
  pid=$(cat "$file")
  args=$(tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || ps -o args= -p "$pid" 2>/dev/null)
  case "$args" in *"$directory"*) kill -KILL "$pid" ;; esac
done
rm -rf "$directory"
`;

/** Starts the reaper for a folder; `owner` is the id of the process that the control plane must not outlive. */
export function startReaper(directory: string, owner: number): void {
  startProcess(directory, {
    name: "reaper",
    program: "/bin/sh",
    args: ["-c", REAPER, "reaper", String(owner), directory],
  });
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function readPid(directory: string, name: string): number | undefined {
  const path = pidFile(directory, name);
  return existsSync(path) ? Number(readFileSync(path, "utf8")) : undefined;
}

function pidFile(directory: string, name: string): string {
  return join(directory, "pids", name);
}

function logFile(directory: string, name: string): string {
  return join(directory, "logs", `${name}.log`);
}

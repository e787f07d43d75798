// Runs the operator as a process of its own, as a user does: the source with Deno, or the executable that
// `HELMWRIGHT_BIN` names.

import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import { waitFor } from "../cluster/api.ts";

/** How to run the operator. */
export interface OperatorOptions {
  /** The command that runs it, made of the flags; by default {@link helmwrightCommand} with `run`. */
  readonly command?: (args: ReadonlyArray<string>) => [string, ...Array<string>];
  /** Path of the kubeconfig; the environment's when left out. */
  readonly kubeconfig?: string;
  /** Path of the watches file; `watches.yaml` in the working folder by default. */
  readonly watches?: string;
  /** The working folder, against which a watches file's charts are resolved; this one by default. */
  readonly directory?: string;
  /** Further flags of `run`. */
  readonly args?: ReadonlyArray<string>;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Return at once, instead of when the operator is ready. */
  readonly startOnly?: boolean;
  /** Called with each piece of output. */
  readonly onOutput?: (text: string) => void;
}

/** A running operator. */
export interface Operator {
  readonly pid: number;
  /** All that it has written to standard output and standard error. */
  readonly output: () => string;
  /** Resolves with the exit code when it has ended; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Waits until `/readyz` answers 200; fails when the operator ends before. */
  readonly ready: () => Promise<void>;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  /** Ends it with SIGTERM and returns the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it with SIGKILL, as a crash. */
  readonly kill: () => Promise<void>;
}

const root = resolve(import.meta.dirname!, "..", "..");

/** The command that runs Helmwright: program and first arguments. */
export function helmwrightCommand(): [string, ...Array<string>] {
  const executable = process.env.HELMWRIGHT_BIN;
  if (executable) return [resolve(root, executable)];
  return [process.execPath, "run", "--allow-all", join(root, "main.ts")];
}

/** Starts `helmwright run` and waits until it is ready. */
export async function startOperator(options: OperatorOptions = {}): Promise<Operator> {
  const [healthPort, metricsPort] = [await freePort(), await freePort()];
  const flags = [
    ...(options.watches === undefined ? [] : ["--watches-file", options.watches]),
    `--health-probe-bind-address=127.0.0.1:${healthPort}`,
    `--metrics-bind-address=127.0.0.1:${metricsPort}`,
    ...(options.args ?? []),
  ];
  const [program, ...args] = options.command?.(flags) ?? [...helmwrightCommand(), "run", ...flags];
  const child = spawn(program, args, {
    cwd: options.directory,
    env: environment(options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C in a terminal is for the caller, who ends the operator in order.
  });
  if (child.pid !== undefined) guard(child.pid);

  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
  }
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code));
  });
  exited.catch(() => {}); // Whoever waits for it is told.

  const operator: Operator = {
    pid: child.pid!,
    output: () => output,
    exited,
    async ready() {
      const ended = exited.then((code) => {
        throw new Error(`The operator ended with exit code ${code} before it was ready:\n${output}`);
      });
      const isReady = waitFor("the operator to be ready", async () => {
        return (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).ok;
      }, { timeoutMs: 60_000, intervalMs: 20 });
      await Promise.race([isReady, ended]).catch(async (error) => {
        await end(child, "SIGKILL", exited);
        throw error;
      });
    },
    metrics: async () => await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    stop: () => end(child, "SIGTERM", exited),
    kill: async () => void await end(child, "SIGKILL", exited),
  };
  if (!options.startOnly) await operator.ready();
  return operator;
}

function end(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>): Promise<number | null> {
  // Not child.kill: in Deno the exit code would be lost.
  if (child.exitCode === null && child.signalCode === null) process.kill(child.pid!, signal);
  return exited;
}

/** Kills the operator when this process has ended without having done so. */
function guard(operator: number): void {
  const loop = 'while kill -0 "$1"; do kill -0 "$2" || kill -KILL "$1"; sleep 1; done';
  const args = ["-c", loop, "guard", String(operator), String(process.pid)];
  spawn("/bin/sh", args, { stdio: "ignore", detached: true }).unref();
}

/** The caller's environment without what would configure the operator behind the test's back. */
function environment(options: OperatorOptions): Record<string, string | undefined> {
  const { KUBECONFIG, WATCH_NAMESPACE: _, HELM_CHART_WATCHES: __, ...rest } = process.env;
  return { ...rest, KUBECONFIG: options.kubeconfig ?? KUBECONFIG, ...options.env };
}

/** Below the ports from which connections take theirs: one of those could be taken before the operator listens. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.on("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

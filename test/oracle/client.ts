/** Asking the oracle, a Go program that answers as Go, Helm and their libraries do. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ensureTools } from "../cluster/tools.ts";

/** What the oracle says: a result, or an error's words. */
export interface Answer {
  readonly out: string;
  readonly err?: string;
}

/** The error of a question that ends the oracle, or that it does not live to answer. */
export const ended = "the oracle ended";

/** A running oracle. It answers questions in the order in which they are asked. */
export interface Oracle extends AsyncDisposable {
  /** Operations are listed in the oracle's main.go. */
  readonly ask: (op: string, text: string, values?: string) => Promise<Answer>;
  /** Whether the process has ended, as it does on a question that exhausts Go's stack or memory. */
  readonly ended: boolean;
  /** Ends the process at once; what is not answered by then gets {@link ended}. */
  readonly kill: () => void;
}

/** Starts the oracle, which is built first where needed; dispose of it when done. */
export async function startOracle(): Promise<Oracle> {
  const { oracle } = await ensureTools(["oracle"]);
  const child = spawn(oracle, [], { stdio: ["pipe", "pipe", "ignore"] });
  const waiting: ((answer: Answer) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line)));
  let over = false;
  const closed = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    // A process that dies while it is asked may leave its input open; its last answers come within the second.
    child.on("exit", () => setTimeout(resolve, 1000));
  });
  child.stdin.on("error", () => {});
  closed.then(() => {
    over = true;
    waiting.splice(0).forEach((answer) => answer({ out: "", err: ended }));
  });
  return {
    ask: (op, text, values = "{}") => {
      if (over) return Promise.resolve({ out: "", err: ended });
      const answer = new Promise<Answer>((resolve) => waiting.push(resolve));
      child.stdin.write(JSON.stringify({ op, text, values }) + "\n");
      return answer;
    },
    get ended() {
      return over;
    },
    kill: () => child.kill("SIGKILL"),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

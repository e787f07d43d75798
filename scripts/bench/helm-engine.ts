// Helm's engine in a process of its own, asked line by line.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class HelmEngine {
  readonly #process;
  readonly #answers;

  /** `program` is the path of the oracle. */
  constructor(program: string) {
    this.#process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Medians in milliseconds; undefined for a chart that Helm does not render with its default values. */
  async time(folder: string, runs: number): Promise<{ goLoad: number; goRender: number; goSort: number } | undefined> {
    this.#process.stdin.write(JSON.stringify({ op: "bench", text: folder, values: String(runs) }) + "\n");
    const { out, err } = JSON.parse((await this.#answers.next()).value ?? `{"err":"the oracle ended"}`);
    if (err === "the oracle ended") throw new Error(`Cannot time ${folder}: ${err}`);
    if (err) return undefined;
    const { load_ms, render_ms, sort_ms } = JSON.parse(out);
    return { goLoad: load_ms, goRender: render_ms, goSort: sort_ms };
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

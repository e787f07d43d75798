// What the benchmarks share: free ports, and tables of figures.

import { createServer } from "node:net";

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Lines of aligned columns; the first column to the left, the others to the right. */
export function table(head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string {
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n].length)));
  return [head, ...rows].map((row) =>
    row.map((cell, n) => n === 0 ? cell.padEnd(widths[n]) : cell.padStart(widths[n])).join("  ").trimEnd()
  ).join("\n");
}

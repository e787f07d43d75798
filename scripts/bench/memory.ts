// What parsed charts keep in memory.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Copies that are kept at once, so that what is kept anyway does not count. */
const COPIES = 8;

/** Bytes of memory that each of the values made keeps; undefined where garbage cannot be collected at will. */
export function bytesOf(make: () => unknown): number | undefined {
  const collect = collector();
  if (collect === undefined) return undefined;
  make();
  const before = used(collect);
  const kept = Array.from({ length: COPIES }, make);
  const bytes = used(collect) - before;
  return bytes / kept.length;
}

/** Bun always has one; Deno does with `--v8-flags=--expose-gc`. */
function collector(): (() => void) | undefined {
  const { Bun, gc } = globalThis as { Bun?: { gc(now: boolean): void }; gc?: () => void };
  return Bun === undefined ? gc : () => Bun.gc(true);
}

/** What Bun counts as heap has buffers and strings outside of it among it. */
function used(collect: () => void): number {
  for (let n = 0; n < 3; n++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return "Bun" in globalThis ? heapUsed : heapUsed + external;
}

/** Bytes of all files under a folder. */
export function sizeOnDisk(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOnDisk(path) : statSync(path).size);
  }, 0);
}

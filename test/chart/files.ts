/** What the tests of charts have in common: making files, folders and archives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ChartFile } from "../../src/chart/chart.ts";

/** Files by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

const bytes = (content: string | Uint8Array) =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

/** Chart.yaml of a chart. */
export function chartYaml(name: string, more = ""): string {
  return `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
}

/** Files in memory. */
export function chartFiles(files: Files): ChartFile[] {
  return Object.entries(files).map(([name, content]) => ({ name, data: bytes(content) }));
}

/** Runs with a folder of these files, which is removed afterwards. */
export async function withFolder<T>(files: Files, run: (path: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-chart-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An entry of a tar that is not as a packaged chart's should be. */
export interface OddEntry {
  readonly name: string;
  /** The tar's type; default a file's, "0". */
  readonly type?: string;
  /** Default a file's. */
  readonly mode?: string;
  readonly content?: string | Uint8Array;
  /** The size that the header claims; default the content's. */
  readonly size?: number;
}

/** A tar of the entries, without compression. */
export function tar(entries: readonly OddEntry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, type = "0", mode = "0000644\0", content = "", size }) => {
    const data = bytes(content);
    const header = new Uint8Array(512);
    const put = (text: string, at: number) => header.set(bytes(text), at);
    put(name.slice(0, 100), 0);
    put(mode, 100);
    put((size ?? data.length).toString(8).padStart(11, "0") + "\0", 124);
    put("00000000000\0", 136);
    put("        ", 148);
    put(type, 156);
    put("ustar\x0000", 257);
    put(header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ", 148);
    const padded = new Uint8Array(Math.ceil(data.length / 512) * 512);
    padded.set(data);
    return [header, padded];
  });
  return concat([...blocks, new Uint8Array(1024)]);
}

/** A packaged chart: the files in a folder of the chart's name, compressed. */
export function tgz(folder: string, files: Files): Uint8Array {
  return gzipSync(tar(Object.entries(files).map(([name, content]) => ({ name: `${folder}/${name}`, content }))));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Writes tar archives that depend on nothing but their content: entries sorted by path, no times, no names of users.

import { Buffer } from "node:buffer";

/** What stands under a path of an archive. Paths have no leading or trailing slash. */
export type Entry =
  | { readonly type: "file"; readonly data: Uint8Array; readonly mode: number; readonly owner?: Owner }
  | { readonly type: "directory"; readonly mode: number; readonly owner?: Owner }
  | { readonly type: "link"; readonly target: string };

/** Numbers of user and group; root's when left out. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const BLOCK = 512;
const TYPE_FLAGS = { file: "0", link: "2", directory: "5" } as const;

/** The archive (POSIX ustar) of these entries; folders that no entry names are added with mode 755. */
export function tar(entries: ReadonlyMap<string, Entry>): Buffer {
  const complete = new Map(entries);
  for (const path of entries.keys()) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const folder = path.slice(0, end);
      if (!complete.has(folder)) complete.set(folder, { type: "directory", mode: 0o755 });
    }
  }
  const blocks = [...complete].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([path, entry]) => {
    if (entry.type !== "file") return [header(path, entry, 0)];
    return [header(path, entry, entry.data.length), entry.data, padding(entry.data.length)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, entry: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => {
    if (Buffer.byteLength(value) > length) throw new Error(`Cannot archive ${path}: ${value} is longer than ${length}`);
    block.write(value, offset);
  };
  const octal = (value: number, offset: number, length: number) =>
    text(value.toString(8).padStart(length - 1, "0"), offset, length);
  const owner = entry.type === "link" ? undefined : entry.owner;
  const { prefix, name } = split(entry.type === "directory" ? `${path}/` : path);
  text(name, 0, 100);
  octal(entry.type === "link" ? 0o777 : entry.mode, 100, 8);
  octal(owner?.uid ?? 0, 108, 8);
  octal(owner?.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12); // The time of change: 1970.
  block.fill(" ", 148, 156); // The checksum counts as spaces.
  text(TYPE_FLAGS[entry.type], 156, 1);
  if (entry.type === "link") text(entry.target, 157, 100);
  text("ustar\u000000", 257, 8);
  text(prefix, 345, 155);
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return block;
}

/** A path in the header's two fields: the last 100 bytes at most, and what stands before the slash there. */
function split(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  const slash = path.indexOf("/", path.length - 101);
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - size % BLOCK) % BLOCK);
}

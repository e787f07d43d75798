/** Packaged charts: `.tgz` files, read with Helm's checks against hostile ones (helm.sh/helm/v4/pkg/chart/loader/archive). */
import { constants, gunzipSync, inflateRawSync } from "node:zlib";
import type { ChartFile } from "./chart.ts";
import { InvalidChart } from "./chart-error.ts";
import { cleanPath } from "./go-path.ts";
import { readTar, TarError } from "./tar.ts";

/** What an archive or a chart's folder may hold. */
export const archiveLimits = {
  /** Bytes of all files together once decompressed; Helm's `MaxDecompressedChartSize`. */
  size: 100 * 1024 * 1024,
  /** Files, and folders that are walked; our own bound, since each costs memory and time however small it is. */
  files: 100_000,
  /** Archives within archives; our own bound. */
  depth: 16,
} as const;

/** A budget that an archive shares with the archives inside it, so that nesting does not multiply the limits. */
export class ArchiveBudget {
  #size: number = archiveLimits.size;
  #files: number = archiveLimits.files;

  /** Takes the size of one file. Throws {@link InvalidChart} when the limits are exceeded. */
  take(size: number): void {
    if ((this.#size -= size) < 0) throw tooLarge();
    if (--this.#files < 0) {
      throw new InvalidChart(`chart contains more than the maximum of ${archiveLimits.files} files`);
    }
  }

  get left(): number {
    return this.#size;
  }
}

const tooLarge = () => new InvalidChart(`decompressed chart is larger than the maximum size ${archiveLimits.size}`);

/** Whether the bytes begin as gzip's do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * The files of a packaged chart, named relative to the chart's folder. Throws {@link InvalidChart} with Helm's words
 * for paths that leave the folder, for archives that are too large, and for what is no archive.
 */
export function readArchive(bytes: Uint8Array, budget: ArchiveBudget = new ArchiveBudget()): ChartFile[] {
  const files: ChartFile[] = [];
  const tar = decompress(bytes, budget.left);
  try {
    for (const entry of readTar(tar.bytes)) {
      if (entry.kind === "folder") continue;
      const name = relativeName(entry.name);
      if (entry.size > budget.left) throw tooLarge();
      budget.take(entry.data.length);
      // Unlike a folder an archive may not use all of it.
      if (budget.left === 0) throw tooLarge();
      // A copy, so that one small file does not hold the whole archive in memory.
      files.push({ name, data: withoutBom(entry.data).slice(), modified: entry.modified * 1000 });
    }
  } catch (error) {
    throw error instanceof TarError ? new InvalidChart(tar.problem ?? error.message) : error;
  }
  if (files.length === 0) throw new InvalidChart("no files in chart archive");
  return files;
}

/** What is in a gzip, as far as it can be read, and in Go's words why it cannot further. */
interface Decompressed {
  readonly bytes: Uint8Array;
  readonly problem?: string;
}

/** Go reads no further than the tar's end: what follows, or is wrong behind it, counts for nothing. */
function decompress(bytes: Uint8Array, limit: number): Decompressed {
  if (bytes.length < 10) throw new InvalidChart(bytes.length === 0 ? "EOF" : "unexpected EOF");
  if (!isGzip(bytes)) throw new InvalidChart("gzip: invalid header");
  // Headers and padding of the files come on top of their sizes.
  const maxOutputLength = limit + archiveLimits.files * 1024;
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength }) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    const problem = code === "Z_BUF_ERROR" ? "unexpected EOF" : `gzip: ${message}`;
    return { bytes: readablePart(bytes, maxOutputLength, problem), problem };
  }
}

/** What the first member of a damaged gzip holds, without its checksum. */
function readablePart(bytes: Uint8Array, maxOutputLength: number, problem: string): Uint8Array {
  try {
    const body = bytes.subarray(headerLength(bytes));
    return inflateRawSync(body, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new InvalidChart(problem, { cause: error });
  }
}

/** The length of a gzip's header, which may hold a name, a comment and more. */
function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3];
  let at = 10;
  if (flags & 4) at += 2 + bytes[at] + 256 * bytes[at + 1];
  for (const text of [8, 16]) if (flags & text) at = bytes.indexOf(0, at) + 1;
  return flags & 2 ? at + 2 : at;
}

/** The name without the chart's own folder, which comes first in every name. */
function relativeName(full: string): string {
  // Archives that were made on Windows may have backslashes.
  const delimiter = full.includes("\\") ? "\\" : "/";
  const [folder, ...parts] = full.split(delimiter);
  const joined = parts.join("/");
  if (joined.startsWith("/")) throw new InvalidChart("chart illegally contains absolute paths");
  const name = cleanPath(joined);
  if (name === ".") {
    throw new InvalidChart(`chart illegally contains content outside the base directory: ${JSON.stringify(full)}`);
  }
  if (name.startsWith("..")) throw new InvalidChart("chart illegally references parent directory");
  if (/^[a-zA-Z]:\//.test(name)) throw new InvalidChart("chart contains illegally named files");
  if (folder === "Chart.yaml") throw new InvalidChart("chart yaml not in base directory");
  return name;
}

/** The bytes without UTF-8's byte order mark. */
export function withoutBom(data: Uint8Array): Uint8Array {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}

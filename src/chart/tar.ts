/** A reader of tar archives (ustar, GNU and pax), as much of Go's archive/tar as charts need. */
import { fromBytes } from "../template/bytes.ts";

/** One entry of an archive. */
export interface TarEntry {
  readonly name: string;
  /** `file`, `folder`, or `other` for links, devices and what else a tar can hold. */
  readonly kind: "file" | "folder" | "other";
  /** As the header says, whether or not the archive holds so much. */
  readonly size: number;
  readonly data: Uint8Array;
  /** Seconds since the epoch. */
  readonly modified: number;
}

/** An archive that is cut short or is no tar; the words are those of Go's reader. */
export class TarError extends Error {
  override readonly name = "TarError";
}

const block = 512;
/** How many bytes Go reads of what tells more about the next entry. */
const longestRecords = 1024 * 1024;

/** The entries in order; their data are views of `bytes`. Throws {@link TarError}. */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let at = 0;
  let next: Partial<Record<string, string>> = {};
  let longName: string | undefined;
  while (at < bytes.length) {
    if (at + block > bytes.length) throw new TarError("unexpected EOF");
    const header = bytes.subarray(at, at + block);
    at += block;
    if (header.every((byte) => byte === 0)) return;
    checkSum(header);
    const type = String.fromCharCode(header[156]);
    const size = type === "x" || type === "g" ? number(header, 124, 12) : Number(next.size ?? number(header, 124, 12));
    if (!Number.isSafeInteger(size) || size < 0) throw new TarError("archive/tar: invalid tar header");
    // Links and folders have no data, whatever their size says.
    const length = "123456".includes(type) ? 0 : size;
    if ("xgLK".includes(type) && length > longestRecords) throw new TarError("archive/tar: header field too long");
    if (at + length > bytes.length) throw new TarError("unexpected EOF");
    const data = bytes.subarray(at, at + length);
    at += Math.ceil(length / block) * block;
    if (type === "x") {
      next = { ...next, ...paxRecords(data) };
    } else if (type === "L") {
      longName = text(data);
    } else if (type !== "g" && type !== "K") {
      const name = next.path ?? longName ?? headerName(header);
      const modified = Math.trunc(Number(next.mtime ?? number(header, 136, 12)));
      yield { name, kind: kindOf(type, name, number(header, 100, 8)), size, data, modified };
      next = {};
      longName = undefined;
    }
  }
}

/** Old archives tell a folder by its name, and some by its mode. */
function kindOf(type: string, name: string, mode: number): TarEntry["kind"] {
  if (type === "5" || (mode & 0o170000) === 0o040000) return "folder";
  if (type === "\0") return name.endsWith("/") ? "folder" : "file";
  return type === "0" || type === "7" ? "file" : "other";
}

/** The name, which ustar may split in two. */
function headerName(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 263)) === "ustar" ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return fromBytes(end < 0 ? field : field.subarray(0, end));
}

/** An octal number, or a binary one where its first bit is set, as GNU writes large ones. */
function number(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (field[0] & 0x80) {
    return field.reduce((n, byte, i) => n * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  }
  const octal = text(field).trim();
  if (octal !== "" && !/^[0-7]+$/.test(octal)) throw new TarError("archive/tar: invalid tar header");
  return octal === "" ? 0 : parseInt(octal, 8);
}

function checkSum(header: Uint8Array): void {
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : header[i];
  if (sum !== number(header, 148, 8)) throw new TarError("archive/tar: invalid tar header");
}

/** The records of a pax header: `LENGTH KEY=VALUE\n`, where the length counts all of it in bytes. */
function paxRecords(data: Uint8Array): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? NaN : Number(fromBytes(data.subarray(at, space)));
    const end = at + length;
    if (!(length > 0) || end > data.length) throw new TarError("archive/tar: invalid tar header");
    const record = fromBytes(data.subarray(space + 1, end - 1));
    const equals = record.indexOf("=");
    if (equals < 0) throw new TarError("archive/tar: invalid tar header");
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at = end;
  }
  return records;
}

/**
 * Go strings are bytes. Here a string is a JavaScript string, and a byte that is no part of valid UTF-8 is kept as the
 * lone surrogate U+DC00 + byte (U+DC80 to U+DCFF), so that cutting a character in two and decoding binary base64 lose
 * nothing: {@link toBytes} gives the bytes back, and an encoder that writes the string out shows U+FFFD, as Go's do.
 */
import { Buffer } from "node:buffer";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// deno-lint-ignore no-control-regex
const ascii = /^[\x00-\x7f]*$/;

/** Whether every character is ASCII, so that bytes and UTF-16 units are the same. */
export function isAscii(text: string): boolean {
  return ascii.test(text);
}

/** The bytes of a Go string. */
export function toBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(char));
  }
  return Uint8Array.from(bytes);
}

/** The Go string of these bytes. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return escapeInvalid(bytes);
  }
}

function escapeInvalid(bytes: Uint8Array): string {
  let text = "";
  let valid = 0;
  let at = 0;
  const flush = () => text += decoder.decode(bytes.subarray(valid, at));
  while (at < bytes.length) {
    const width = runeWidth(bytes, at);
    if (width > 0) {
      at += width;
      continue;
    }
    flush();
    text += String.fromCharCode(0xdc00 + bytes[at]);
    valid = ++at;
  }
  flush();
  return text;
}

/** How many bytes the valid UTF-8 sequence at `at` has; 0 when there is none. */
function runeWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead < 0x80) return 1;
  const width = lead >= 0xc2 && lead <= 0xdf
    ? 2
    : lead >= 0xe0 && lead <= 0xef
    ? 3
    : lead >= 0xf0 && lead <= 0xf4
    ? 4
    : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  // The second byte's range shuts out overlong forms, surrogates and what lies past U+10FFFF.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (bytes[at + 1] < low || bytes[at + 1] > high) return 0;
  for (let i = 2; i < width; i++) if (bytes[at + i] < 0x80 || bytes[at + i] > 0xbf) return 0;
  return width;
}

/** Go's `len` of a string, in bytes. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : toBytes(text).length;
}

/**
 * Go's `text[start:end]`, in bytes; a bound left out is the string's own.
 *
 * @throws Error with the words of Go's panic when the bounds are out of range
 */
export function sliceBytes(text: string, start?: number, end?: number): string {
  const bytes = isAscii(text) ? undefined : toBytes(text);
  const length = bytes?.length ?? text.length;
  const to = end ?? length;
  const from = start ?? 0;
  if (to < 0 || to > length) {
    const bounds = to < 0 ? `[:${to}]` : `[:${to}] with length ${length}`;
    throw new Error(`runtime error: slice bounds out of range ${bounds}`);
  }
  if (from < 0) throw new Error(`runtime error: slice bounds out of range [${from}:]`);
  if (from > to) throw new Error(`runtime error: slice bounds out of range [${from}:${to}]`);
  return bytes === undefined ? text.slice(from, to) : fromBytes(bytes.subarray(from, to));
}

/** A copy: a part of a long string would keep the whole of it in memory. */
export function detached(part: string): string {
  // ASCII of a text with other characters then takes one byte a character again.
  return isAscii(part) ? Buffer.from(part, "latin1").toString("latin1") : JSON.parse(JSON.stringify(part));
}

/** The bytes as a string of one character each (U+0000 to U+00FF), for algorithms that count bytes. */
export function toBinary(text: string): string {
  if (isAscii(text)) return text;
  let binary = "";
  for (const byte of toBytes(text)) binary += String.fromCharCode(byte);
  return binary;
}

/** The Go string whose bytes {@link toBinary} gave. */
export function fromBinary(binary: string): string {
  return isAscii(binary) ? binary : fromBytes(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

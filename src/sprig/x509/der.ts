/** ASN.1 in its distinguished encoding: what certificates and keys need of it. */

const encoder = new TextEncoder();

/** The tags of the universal types, as they stand in an element's first byte. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: tag, length, content. */
export function element(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  const header = [tag, ...lengthBytes(length)];
  const out = new Uint8Array(header.length + length);
  out.set(header);
  let at = header.length;
  for (const part of contents) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** A SEQUENCE of elements. */
export const sequence = (...parts: Uint8Array[]) => element(tags.sequence, ...parts);
/** An OCTET STRING. */
export const octetString = (content: Uint8Array) => element(tags.octetString, content);
/** A BOOLEAN. */
export const boolean = (value: boolean) => element(tags.boolean, Uint8Array.of(value ? 0xff : 0));
/** NULL. */
export const nothing = element(tags.null);
/** Text under one of the string or time tags, in UTF-8. */
export const text = (tag: number, value: string) => element(tag, encoder.encode(value));

/** A bit string; `unused` bits of the last byte do not count. */
export function bitString(content: Uint8Array, unused = 0): Uint8Array {
  return element(tags.bitString, Uint8Array.of(unused), content);
}

/** An integer that is not negative. */
export function integer(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : "0" + hex;
  const bytes = Uint8Array.from(even.match(/../g)!, (pair) => parseInt(pair, 16));
  return bytes[0] < 0x80 ? element(tags.integer, bytes) : element(tags.integer, Uint8Array.of(0), bytes);
}

/** An object identifier in its dotted form. */
export function oid(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift(0x80 | (left & 0x7f));
    }
    bytes.push(...digits);
  }
  return element(tags.oid, Uint8Array.from(bytes));
}

/** An element that was read: its tag, all its bytes, and its content. */
export interface Read {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** Reads the element at the start; throws when the bytes are no sound DER. */
export function read(bytes: Uint8Array): Read {
  let length = bytes[1];
  let at = 2;
  if (length > 0x80) {
    at += length & 0x7f;
    length = bytes.subarray(2, at).reduce((n, byte) => n * 256 + byte, 0);
  }
  if (bytes.length < 2 || bytes[1] === 0x80 || at + length > bytes.length) {
    throw new Error("asn1: syntax error: data truncated");
  }
  return { tag: bytes[0], bytes: bytes.subarray(0, at + length), content: bytes.subarray(at, at + length) };
}

/** The elements inside a sequence or set. */
export function children(parent: Read): Read[] {
  const found: Read[] = [];
  for (let rest = parent.content; rest.length > 0; rest = rest.subarray(found.at(-1)!.bytes.length)) {
    found.push(read(rest));
  }
  return found;
}

/** The value of an integer that is not negative. */
export function integerValue({ content }: Read): bigint {
  return content.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

/** Whether both hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

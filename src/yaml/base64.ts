import { Buffer } from "node:buffer";
import { fromBytes } from "../template/bytes.ts";

const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes in standard base64, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * The text in standard base64, line breaks left out; undefined when it is none. Bytes that are not UTF-8 become U+FFFD,
 * one each, as Go's JSON writes them.
 */
export function decodeBase64(text: string): string | undefined {
  const compact = text.replaceAll(/[\r\n]/g, "");
  return strict.test(compact) ? fromBytes(Buffer.from(compact, "base64")).toWellFormed() : undefined;
}

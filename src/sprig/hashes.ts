import { createHash } from "node:crypto";
import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";
import { toBytes } from "./bytes.ts";

function sum(algorithm: string): GoFunction {
  return fn("func(string) string", (text: string) => createHash(algorithm).update(toBytes(text)).digest("hex"));
}

/** The checksum of zlib, in decimal. */
function adler32(text: string): string {
  let a = 1;
  let b = 0;
  for (const byte of toBytes(text)) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b * 65536 + a).toString();
}

/** Sprig's checksums. */
export const hashFunctions: Record<string, GoFunction> = {
  adler32sum: fn("func(string) string", adler32),
  sha1sum: sum("sha1"),
  sha256sum: sum("sha256"),
  sha512sum: sum("sha512"),
};

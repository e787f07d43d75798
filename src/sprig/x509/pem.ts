/** encoding/pem. */
import { fromBytes, toBinary } from "../bytes.ts";
import { decodeBase64 } from "../encoding.ts";

/** A PEM block: what stands between its BEGIN and END lines, decoded. */
export interface Pem {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const block = /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)-----END \1-----[ \t\r]*(?=\n|$)/g;

/** pem.Decode: the first sound block, or undefined. */
export function decodePem(text: string): Pem | undefined {
  for (const [, type, body] of text.matchAll(block)) {
    const lines = body.split("\n");
    // Headers such as "Proc-Type: 4,ENCRYPTED" come first, then an empty line.
    while (lines.length > 0 && (lines[0].includes(":") || (lines[0].trim() === "" && lines.length > 1))) lines.shift();
    try {
      const binary = toBinary(decodeBase64(lines.join("").replace(/[ \t\r]/g, "")));
      return { type, bytes: Uint8Array.from(binary, (char) => char.charCodeAt(0)) };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** pem.EncodeToMemory: lines of 64 characters. */
export function encodePem({ type, bytes }: Pem): string {
  const base64 = btoa(toBinary(fromBytes(bytes)));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ""].join("\n");
}

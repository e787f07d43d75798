import { toBytes } from "../bytes.ts";

/** Package time's own quoting in its error messages: everything but printable ASCII as `\x` bytes. */
export function quote(text: string): string {
  let out = '"';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (byte >= 0x80 || byte < 0x20) out += "\\x" + byte.toString(16).padStart(2, "0");
    else out += char === '"' || char === "\\" ? "\\" + char : char;
  }
  return out + '"';
}

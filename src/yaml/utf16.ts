/** Documents in UTF-16, which go-yaml reads where a byte order mark announces it. */
import { toBytes } from "../template/bytes.ts";

/** The text, as far as it can be read, and go-yaml's word for what follows. */
export interface Decoded {
  readonly text: string;
  readonly problem?: string;
}

/** The byte order marks, as bytes that are no UTF-8 stand in a text. */
const littleEndian = "\udcff\udcfe";
const bigEndian = "\udcfe\udcff";

/** What a text says that is UTF-16 but was read as UTF-8; undefined when no mark announces UTF-16. */
export function decodeUtf16(source: string): Decoded | undefined {
  if (!source.startsWith(littleEndian) && !source.startsWith(bigEndian)) return undefined;
  const bytes = toBytes(source).subarray(2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unit = (at: number) => view.getUint16(at, source.startsWith(littleEndian));
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    if (at + 2 > bytes.length) return { text, problem: "incomplete UTF-16 character" };
    const code = unit(at);
    if (isLow(code)) return { text, problem: "unexpected low surrogate area" };
    text += String.fromCharCode(code);
    if ((code & 0xfc00) !== 0xd800) continue;
    at += 2;
    if (at + 2 > bytes.length) return { text: text.slice(0, -1), problem: "incomplete UTF-16 surrogate pair" };
    if (!isLow(unit(at))) return { text: text.slice(0, -1), problem: "expected low surrogate area" };
    text += String.fromCharCode(unit(at));
  }
  return { text };
}

const isLow = (code: number) => (code & 0xfc00) === 0xdc00;

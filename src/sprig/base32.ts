import { fromBytes, toBinary } from "./bytes.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** base32.StdEncoding.EncodeToString. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 5) {
    const group = bytes.subarray(i, i + 5);
    let bits = 0n;
    for (let j = 0; j < 5; j++) bits = (bits << 8n) | BigInt(group[j] ?? 0);
    const digits = Math.ceil(group.length * 8 / 5);
    for (let j = 0; j < 8; j++) out += j < digits ? alphabet[Number((bits >> BigInt(35 - 5 * j)) & 31n)] : "=";
  }
  return out;
}

/**
 * base32.StdEncoding.DecodeString; line ends are passed over.
 *
 * @throws Error in Go's words: `illegal base32 data at input byte 4`, where line ends do not count
 */
export function decodeBase32(text: string): string {
  const data = toBinary(text).replace(/[\r\n]/g, "");
  const bytes: number[] = [];
  for (let at = 0; at < data.length; at += 8) {
    const digits = digitsOf(data, at);
    let bits = 0n;
    for (let j = 0; j < 8; j++) bits = (bits << 5n) | BigInt(j < digits ? alphabet.indexOf(data[at + j]) : 0);
    const count = Math.floor(digits * 5 / 8);
    for (let j = 0; j < count; j++) bytes.push(Number((bits >> BigInt(32 - 8 * j)) & 255n));
    if (digits < 8) break;
  }
  return fromBytes(Uint8Array.from(bytes));
}

/** How many of the 8 places from `at` hold digits; the rest must be the right number of `=`. */
function digitsOf(data: string, at: number): number {
  const bad = (byte: number) => new Error(`illegal base32 data at input byte ${byte}`);
  for (let j = 0; j < 8; j++) {
    if (at + j >= data.length) throw bad(data.length - j);
    const rest = data.length - (at + j + 1);
    if (data[at + j] === "=" && j >= 2 && rest < 8) {
      if (rest + j < 7) throw bad(data.length);
      for (let k = 0; k < 7 - j; k++) if (data[at + j + 1 + k] !== "=") throw bad(at + j + k);
      if (j === 3 || j === 6) throw bad(at + j);
      return j;
    }
    if (!alphabet.includes(data[at + j])) throw bad(at + j);
  }
  return 8;
}

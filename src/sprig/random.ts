import { fn } from "../template/signature.ts";
import { type GoFunction, type Int, int } from "../template/value.ts";

/** A source of random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const numeric = "0123456789";
const alpha = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

/** A number from 0 up to but without `limit`, every one as likely; `limit` is at most 2^53. */
export function randomBelow(random: RandomBytes, limit: bigint): bigint {
  const bytes = Math.ceil(limit.toString(2).length / 8);
  const range = 1n << BigInt(bytes * 8);
  for (;;) {
    const drawn = random(bytes).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
    // Values past the last whole multiple would favour the small numbers.
    if (drawn < range - range % limit) return drawn % limit;
  }
}

/** `count` characters drawn from the alphabet; a negative count gives none, as in Sprig, which drops the error. */
function randomText(random: RandomBytes, alphabet: string, count: number): string {
  const fair = 256 - 256 % alphabet.length;
  let text = "";
  while (text.length < count) {
    for (const byte of random(count - text.length)) if (byte < fair) text += alphabet[byte % alphabet.length];
  }
  return text;
}

function uuid(random: RandomBytes): string {
  const bytes = random(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function shuffle(random: RandomBytes, text: string): string {
  const chars = [...text.toWellFormed()];
  for (let i = chars.length - 1; i > 0; i--) {
    const j = Number(randomBelow(random, BigInt(i + 1)));
    [chars[i], chars[j]] = [chars[j], chars[i]];
  }
  return chars.join("");
}

function randomInt(random: RandomBytes, min: Int, max: Int): Int {
  const range = BigInt.asIntN(64, max.value - min.value);
  if (range <= 0n) throw new Error("invalid argument to Intn");
  return int(min.value + randomBelow(random, range));
}

function randomBase64(random: RandomBytes, count: Int): string {
  if (count.value < 0n) throw new Error("runtime error: makeslice: len out of range");
  return btoa(String.fromCharCode(...random(Number(count))));
}

/** Sprig's functions that draw random values. */
export function randomFunctions(random: RandomBytes): Record<string, GoFunction> {
  const text = (alphabet: string) =>
    fn("func(int) string", (count: Int) => randomText(random, alphabet, Number(count)));
  return {
    randAlpha: text(alpha),
    randAlphaNum: text(alpha + numeric),
    randAscii: text(ascii),
    randBytes: fn("func(int) (string, error)", (count: Int) => randomBase64(random, count)),
    randInt: fn("func(int, int) int", (min: Int, max: Int) => randomInt(random, min, max)),
    randNumeric: text(numeric),
    shuffle: fn("func(string) string", (value: string) => shuffle(random, value)),
    uuidv4: fn("func() string", () => uuid(random)),
  };
}

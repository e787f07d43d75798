import { checkPrimeSync, generatePrimeSync } from "node:crypto";
import { children, integer, integerValue, read, sequence } from "./der.ts";

/** A DSA private key. Sprig makes and reads them, but no certificate can be signed with one. */
export class DsaKey {
  constructor(
    readonly p: bigint,
    readonly q: bigint,
    readonly g: bigint,
    readonly y: bigint,
    readonly x: bigint,
  ) {}

  /** OpenSSL's form: version, p, q, g, public and private number. Throws for what has another shape. */
  static read(bytes: Uint8Array): DsaKey {
    const [, p, q, g, y, x] = children(read(bytes));
    if (x === undefined) throw new Error("asn1: syntax error: sequence truncated");
    return new DsaKey(integerValue(p), integerValue(q), integerValue(g), integerValue(y), integerValue(x));
  }

  bytes(): Uint8Array {
    return sequence(...[0n, this.p, this.q, this.g, this.y, this.x].map(integer));
  }
}

const bits = 2048n;
const smallPrimes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n, 67n, 71n, 73n];

/** A new key of 2048 and 256 bits. Not every runtime can make one itself, so the numbers are sought here. */
export function generateDsa(random: (count: number) => Uint8Array): DsaKey {
  const number = (bytes: number) => random(bytes).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
  const q = generatePrimeSync(256, { bigint: true });
  const p = primeAbove(q, () => number(256));
  let g = 1n;
  for (let h = 2n; g === 1n; h++) g = power(h, (p - 1n) / q, p);
  const x = number(40) % (q - 1n) + 1n;
  return new DsaKey(p, q, g, power(g, x, p), x);
}

/** A prime of 2048 bits that is 1 modulo 2q. */
function primeAbove(q: bigint, draw: () => bigint): bigint {
  for (;;) {
    const start = draw() | (1n << (bits - 1n));
    const candidate = start - start % (2n * q) + 1n;
    if (candidate >> (bits - 1n) !== 1n || smallPrimes.some((prime) => candidate % prime === 0n)) continue;
    if (checkPrimeSync(candidate)) return candidate;
  }
}

/** base^exponent modulo `modulus`. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

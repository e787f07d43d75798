import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { children, integer, integerValue, octetString, read, sequence } from "./der.ts";
import { decodePem, encodePem, type Pem } from "./pem.ts";

/** The keys that Sprig makes: RSA of 2048 or 4096 bits, DSA (2048, 256), ECDSA on P-256, Ed25519. */
export type KeyKind = "rsa-2048" | "rsa-4096" | "dsa" | "ecdsa" | "ed25519";

/** Makes a new private key. */
export type GenerateKey = (kind: KeyKind) => KeyObject;

/** Fresh keys from the runtime's own randomness. */
export function generateKey(kind: KeyKind): KeyObject {
  switch (kind) {
    case "rsa-2048":
      return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    case "rsa-4096":
      return generateKeyPairSync("rsa", { modulusLength: 4096 }).privateKey;
    case "dsa":
      return generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).privateKey;
    case "ecdsa":
      return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    case "ed25519":
      return generateKeyPairSync("ed25519").privateKey;
  }
}

/** The PEM form Sprig gives a key: PKCS #1 for RSA, SEC 1 for ECDSA, PKCS #8 for Ed25519, OpenSSL's own for DSA. */
export function keyPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return encodePem({ type: "RSA PRIVATE KEY", bytes: key.export({ type: "pkcs1", format: "der" }) });
    case "ec":
      return encodePem({ type: "EC PRIVATE KEY", bytes: key.export({ type: "sec1", format: "der" }) });
    case "dsa":
      return encodePem({ type: "DSA PRIVATE KEY", bytes: dsaBytes(key) });
    default:
      return encodePem({ type: "PRIVATE KEY", bytes: key.export({ type: "pkcs8", format: "der" }) });
  }
}

/** Version, p, q, g, public and private number. */
function dsaBytes(key: KeyObject): Uint8Array {
  const [, algorithm, wrapped] = children(read(key.export({ type: "pkcs8", format: "der" })));
  const [p, q, g] = children(children(algorithm)[1]).map(integerValue);
  const x = integerValue(read(wrapped.content));
  return sequence(...[0n, p, q, g, power(g, x, p), x].map(integer));
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

const dsaOid = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01);

/** A DSA key as PKCS #8, which the runtime can read. */
function dsaKey(bytes: Uint8Array): KeyObject {
  const [, p, q, g, , x] = children(read(bytes)).map(({ bytes }) => bytes);
  const algorithm = sequence(dsaOid, sequence(p, q, g));
  return imported(sequence(integer(0n), algorithm, octetString(x)), "pkcs8");
}

function imported(bytes: Uint8Array, type: "pkcs1" | "sec1" | "pkcs8"): KeyObject {
  // deno-lint-ignore no-explicit-any
  return createPrivateKey({ key: bytes as any, format: "der", type });
}

/**
 * Reads a private key from PEM as Sprig does.
 *
 * @throws Error in Sprig's words, such as `no PEM data in input`
 */
export function parseKeyPem(text: string): KeyObject {
  const pem = decodePem(text);
  if (pem === undefined) throw new Error("no PEM data in input");
  if (pem.type === "PRIVATE KEY") return readKey(pem, "decoding PEM as PKCS#8");
  if (!pem.type.endsWith(" PRIVATE KEY")) throw new Error(`no private key data in PEM block of type ${pem.type}`);
  const algorithm = pem.type.slice(0, -" PRIVATE KEY".length);
  if (!["RSA", "EC", "DSA"].includes(algorithm)) throw new Error(`invalid private key type ${pem.type}`);
  return readKey(pem, `parsing ${algorithm} private key from PEM`);
}

function readKey({ type, bytes }: Pem, doing: string): KeyObject {
  try {
    if (type === "DSA PRIVATE KEY") return dsaKey(bytes);
    return imported(bytes, type === "RSA PRIVATE KEY" ? "pkcs1" : type === "EC PRIVATE KEY" ? "sec1" : "pkcs8");
  } catch (error) {
    throw new Error(`${doing}: ${(error as Error).message}`);
  }
}

/** The key's public half as a SubjectPublicKeyInfo. */
export function publicKeyInfo(key: KeyObject): Uint8Array {
  // deno-lint-ignore no-explicit-any
  return createPublicKey(key as any).export({ type: "spki", format: "der" });
}

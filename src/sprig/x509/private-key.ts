import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { DsaKey } from "./dsa.ts";
import { decodePem, encodePem, type Pem } from "./pem.ts";

/** The keys that the runtime makes: RSA of 2048 or 4096 bits, ECDSA on P-256, Ed25519. */
export type KeyKind = "rsa-2048" | "rsa-4096" | "ecdsa" | "ed25519";

/** A private key of any kind. */
export type PrivateKey = KeyObject | DsaKey;

/** Makes a new private key. */
export type GenerateKey = (kind: KeyKind) => KeyObject;

/** Fresh keys from the runtime's own randomness. */
export function generateKey(kind: KeyKind): KeyObject {
  switch (kind) {
    case "rsa-2048":
      return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    case "rsa-4096":
      return generateKeyPairSync("rsa", { modulusLength: 4096 }).privateKey;
    case "ecdsa":
      return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    case "ed25519":
      return generateKeyPairSync("ed25519").privateKey;
  }
}

/** The PEM form Sprig gives a key: PKCS #1 for RSA, SEC 1 for ECDSA, PKCS #8 for Ed25519, OpenSSL's own for DSA. */
export function keyPem(key: PrivateKey): string {
  if (key instanceof DsaKey) return encodePem({ type: "DSA PRIVATE KEY", bytes: key.bytes() });
  switch (key.asymmetricKeyType) {
    case "rsa":
      return encodePem({ type: "RSA PRIVATE KEY", bytes: key.export({ type: "pkcs1", format: "der" }) });
    case "ec":
      return encodePem({ type: "EC PRIVATE KEY", bytes: key.export({ type: "sec1", format: "der" }) });
    default:
      return encodePem({ type: "PRIVATE KEY", bytes: key.export({ type: "pkcs8", format: "der" }) });
  }
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
export function parseKeyPem(text: string): PrivateKey {
  const pem = decodePem(text);
  if (pem === undefined) throw new Error("no PEM data in input");
  if (pem.type === "PRIVATE KEY") return readKey(pem, "decoding PEM as PKCS#8");
  if (!pem.type.endsWith(" PRIVATE KEY")) throw new Error(`no private key data in PEM block of type ${pem.type}`);
  const algorithm = pem.type.slice(0, -" PRIVATE KEY".length);
  if (!["RSA", "EC", "DSA"].includes(algorithm)) throw new Error(`invalid private key type ${pem.type}`);
  return readKey(pem, `parsing ${algorithm} private key from PEM`);
}

function readKey({ type, bytes }: Pem, doing: string): PrivateKey {
  try {
    if (type === "DSA PRIVATE KEY") return DsaKey.read(bytes);
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

// The control plane's own certificate authority and what it signs. Keys are ECDSA on P-256; all text is PEM.

import "reflect-metadata"; // The certificate library asks for it.
import { createPrivateKey, generateKeyPairSync, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate (or, for service accounts, a public key) and its private key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a certificate is for. A user of Kubernetes is the common name, its groups are the organisations. */
export interface Subject {
  readonly user: string;
  readonly groups?: ReadonlyArray<string>;
  /** How long it is valid from now, in milliseconds; ten years by default. May be negative: an expired one. */
  readonly validMs?: number;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;

const usages = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
} as const;

/** A self-signed authority. */
export async function createAuthority(name: string): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity({ user: name }),
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ECDSA,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyText(keys) };
}

/** A certificate that a client shows: who it says it is, is `subject`. */
export function signClient(authority: KeyPair, subject: Subject): Promise<KeyPair> {
  return sign(authority, subject, usages.client, []);
}

/** A certificate that a server shows, valid for these DNS names and IP addresses; `validMs` as a {@link Subject}'s. */
export function signServer(
  authority: KeyPair,
  user: string,
  dns: string[],
  ip: string[],
  validMs?: number,
): Promise<KeyPair> {
  return sign(authority, { user, validMs }, usages.server, [
    new x509.SubjectAlternativeNameExtension([
      ...dns.map((value) => ({ type: "dns" as const, value })),
      ...ip.map((value) => ({ type: "ip" as const, value })),
    ]),
  ]);
}

/** The key pair that signs service account tokens; `certificate` is the public key. */
export function createServiceAccountKeys(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    certificate: publicKey.export({ type: "spki", format: "pem" }) as string,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

async function sign(
  authority: KeyPair,
  subject: Subject,
  usage: string,
  extensions: ReadonlyArray<x509.Extension>,
): Promise<KeyPair> {
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(subject),
    serialNumber: serialNumber(),
    subject: [{ CN: [subject.user] }, ...(subject.groups ?? []).map((group) => ({ O: [group] }))],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importPrivateKey(authority.key),
    signingAlgorithm: ECDSA,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...extensions,
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyText(keys) };
}

function validity(subject: Subject): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const validMs = subject.validMs ?? TEN_YEARS_MS;
  // An hour back, so that clocks that differ a little do no harm; further for a certificate that is to be expired.
  return { notBefore: new Date(now - HOUR_MS + Math.min(0, validMs)), notAfter: new Date(now + validMs) };
}

function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(15));
  return "01" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

async function privateKeyText(keys: CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

function importPrivateKey(pem: string): Promise<CryptoKey> {
  const der = new Uint8Array(createPrivateKey(pem).export({ type: "pkcs8", format: "der" }));
  return crypto.subtle.importKey("pkcs8", der, ECDSA, false, ["sign"]);
}

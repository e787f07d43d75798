/** Certificates as Sprig makes them with Go's crypto/x509. */
import { createHash, type KeyObject, sign } from "node:crypto";
import { quote, sprint } from "../../template/format.ts";
import type { GoList } from "../../template/value.ts";
import { toBytes } from "../bytes.ts";
import { parseIP } from "../ip.ts";
import { Time } from "../time/time.ts";
import { utc } from "../time/zone.ts";
import * as der from "./der.ts";
import { DsaKey } from "./dsa.ts";
import { type PrivateKey, publicKeyInfo } from "./private-key.ts";

/** What a certificate is made of, besides its keys. */
export interface Template {
  readonly commonName: string;
  /** Addresses of 4 or 16 bytes. */
  readonly addresses: readonly Uint8Array[];
  readonly dnsNames: readonly string[];
  /** May be negative; then the certificate has expired. */
  readonly daysValid: bigint;
  readonly isCA: boolean;
}

/** Who signs: its subject as DER, its subject key identifier if it has one, its public key. */
export interface Issuer {
  readonly subject: Uint8Array;
  readonly keyId?: Uint8Array;
  readonly publicKey: Uint8Array;
}

const oids = {
  commonName: der.oid("2.5.4.3"),
  keyUsage: der.oid("2.5.29.15"),
  extendedKeyUsage: der.oid("2.5.29.37"),
  basicConstraints: der.oid("2.5.29.19"),
  subjectKeyId: der.oid("2.5.29.14"),
  authorityKeyId: der.oid("2.5.29.35"),
  subjectAltName: der.oid("2.5.29.17"),
  serverAuth: der.oid("1.3.6.1.5.5.7.3.1"),
  clientAuth: der.oid("1.3.6.1.5.5.7.3.2"),
};

/** The lists of a template call, checked: addresses must be IP addresses as text, names must be text. */
export function templateOf(
  commonName: string,
  ips: GoList,
  names: GoList,
  daysValid: bigint,
  isCA = false,
): Template {
  const addresses = ips.map((ip) => {
    if (typeof ip !== "string") throw new Error(`error parsing ip: ${sprint(ip)} is not a string`);
    const bytes = parseIP(ip);
    if (bytes === undefined) throw new Error(`error parsing ip: ${ip}`);
    return Uint8Array.from(bytes);
  });
  const dnsNames = names.map((name) => {
    if (typeof name === "string") return name;
    throw new Error(`error processing alternate dns name: ${sprint(name)} is not a string`);
  });
  return { commonName, addresses, dnsNames, daysValid, isCA };
}

/** The subject that names a template's common name; no name at all when it is empty. */
export function subjectOf(commonName: string): Uint8Array {
  if (commonName === "") return der.sequence();
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName);
  const value = der.element(printable ? der.tags.printableString : der.tags.utf8String, toBytes(commonName));
  return der.sequence(der.element(der.tags.set, der.sequence(oids.commonName, value)));
}

/** How a key signs: the algorithm's identifier and the hash, which Ed25519 has of its own. */
function signing(key: KeyObject): { algorithm: Uint8Array; hash: string | null } {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return { algorithm: der.sequence(der.oid("1.2.840.113549.1.1.11"), der.nothing), hash: "sha256" };
    case "ed25519":
      return { algorithm: der.sequence(der.oid("1.3.101.112")), hash: null };
    case "ec": {
      const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
      const [arc, hash] = curve.includes("521") ? [4, "sha512"] : curve.includes("384") ? [3, "sha384"] : [2, "sha256"];
      return { algorithm: der.sequence(der.oid(`1.2.840.10045.4.3.${arc}`)), hash: `${hash}` };
    }
  }
  throw notSigner();
}

const notSigner = () => new Error("x509: certificate private key does not implement crypto.Signer");

/** The bytes of the public key itself, without its algorithm. */
function keyBits(publicKey: Uint8Array): Uint8Array {
  return der.children(der.read(publicKey))[1].content.subarray(1);
}

/** The leftmost 160 bits of the SHA-256 hash of the public key (RFC 7093). */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return createHash("sha256").update(keyBits(publicKey)).digest().subarray(0, 20);
}

function extension(id: Uint8Array, critical: boolean, value: Uint8Array): Uint8Array {
  return critical
    ? der.sequence(id, der.boolean(true), der.octetString(value))
    : der.sequence(id, der.octetString(value));
}

function altNames({ dnsNames, addresses }: Template): Uint8Array {
  for (const name of dnsNames) {
    // deno-lint-ignore no-control-regex
    if (!/^[\x00-\x7f]*$/.test(name)) throw new Error(`x509: ${quote(name)} cannot be encoded as an IA5String`);
  }
  return der.sequence(
    ...dnsNames.map((name) => der.text(0x82, name)),
    ...addresses.map((address) => der.element(0x87, address)),
  );
}

function extensions(template: Template, subject: Uint8Array, publicKey: Uint8Array, issuer: Issuer): Uint8Array {
  const { isCA } = template;
  // Digital signature and key encipherment; an authority also signs certificates.
  const usage = isCA ? der.bitString(Uint8Array.of(0xa4), 2) : der.bitString(Uint8Array.of(0xa0), 5);
  const list = [
    extension(oids.keyUsage, true, usage),
    extension(oids.extendedKeyUsage, false, der.sequence(oids.serverAuth, oids.clientAuth)),
    extension(oids.basicConstraints, true, isCA ? der.sequence(der.boolean(true)) : der.sequence()),
  ];
  if (isCA) list.push(extension(oids.subjectKeyId, false, der.octetString(keyIdOf(publicKey))));
  if (issuer.keyId !== undefined && !der.sameBytes(issuer.subject, subject)) {
    list.push(extension(oids.authorityKeyId, false, der.sequence(der.element(0x80, issuer.keyId))));
  }
  if (template.dnsNames.length + template.addresses.length > 0) {
    list.push(extension(oids.subjectAltName, der.sameBytes(subject, der.sequence()), altNames(template)));
  }
  return der.element(0xa3, der.sequence(...list));
}

function timeElement(time: Time): Uint8Array {
  const { year } = time.wall;
  if (year < 0 || year > 9999) throw new Error("asn1: structure error: cannot represent time as GeneralizedTime");
  return year >= 1950 && year < 2050
    ? der.text(der.tags.utcTime, time.format("060102150405Z"))
    : der.text(der.tags.generalizedTime, time.format("20060102150405Z"));
}

/** What makes certificates differ from run to run. */
export interface Circumstances {
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * A certificate for the public half of `key`, signed with `signingKey`; as DER.
 *
 * @throws Error in Go's words
 */
export function createCertificate(
  template: Template,
  key: PrivateKey,
  issuer: Issuer | undefined,
  signingKey: PrivateKey,
  { serial, now }: Circumstances,
): Uint8Array {
  if (signingKey instanceof DsaKey) throw notSigner();
  const { algorithm, hash } = signing(signingKey);
  if (key instanceof DsaKey) throw new Error("x509: unsupported public key type: *dsa.PublicKey");
  const publicKey = publicKeyInfo(key);
  const subject = subjectOf(template.commonName);
  const signer = issuer ?? { subject, publicKey };
  if (issuer !== undefined && !der.sameBytes(publicKeyInfo(signingKey), issuer.publicKey)) {
    throw new Error("x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const from = new Time(BigInt(Math.floor(now)) * 1_000_000n, utc);
  // Go multiplies durations in 64 bits, which wraps around after 292 years.
  const until = from.add(BigInt.asIntN(64, template.daysValid * 86_400_000_000_000n));
  const body = der.sequence(
    der.element(0xa0, der.integer(2n)),
    der.integer(serial.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n)),
    algorithm,
    signer.subject,
    der.sequence(timeElement(from), timeElement(until)),
    subject,
    publicKey,
    extensions(template, subject, publicKey, signer),
  );
  return der.sequence(body, algorithm, der.bitString(sign(hash, body, signingKey)));
}

/** What a signed certificate takes from its issuer's certificate. */
export function issuerOf(certificate: Uint8Array): Issuer {
  const [body] = der.children(der.read(certificate));
  // Version, serial number, algorithm, issuer, validity, subject, public key, extensions.
  const fields = der.children(body).filter(({ tag }, i) => i > 0 || tag !== 0xa0);
  const [, , , , subject, publicKey, ...rest] = fields;
  if (publicKey === undefined) throw new Error("x509: malformed certificate");
  const wrapped = rest.find(({ tag }) => tag === 0xa3);
  const list = wrapped === undefined ? [] : der.children(der.children(wrapped)[0]);
  const keyId = list.map(der.children).find(([id]) => der.sameBytes(id.bytes, oids.subjectKeyId))?.at(-1);
  return {
    subject: subject.bytes,
    publicKey: publicKey.bytes,
    ...(keyId === undefined ? {} : { keyId: der.read(keyId.content).content }),
  };
}

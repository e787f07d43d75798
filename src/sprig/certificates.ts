import { fn, late } from "../template/signature.ts";
import { type GoFunction, type GoList, GoObject, type GoValue, type Int } from "../template/value.ts";
import { decodeBase64 } from "./encoding.ts";
import type { RandomBytes } from "./random.ts";
import { createCertificate, type Issuer, issuerOf, type Template, templateOf } from "./x509/certificate.ts";
import { decodePem, encodePem } from "./x509/pem.ts";
import { generateDsa } from "./x509/dsa.ts";
import { type GenerateKey, type KeyKind, keyPem, parseKeyPem, type PrivateKey } from "./x509/private-key.ts";

/** A certificate and its private key, both as PEM: what `genCA` and its like give. */
export class Certificate extends GoObject {
  override readonly type = "sprig.certificate";

  constructor(readonly cert: string, readonly key: string) {
    super();
  }

  override field(name: string): GoValue | undefined {
    return name === "Cert" ? this.cert : name === "Key" ? this.key : undefined;
  }

  override structFields(): readonly (readonly [string, GoValue])[] {
    return [["Cert", this.cert], ["Key", this.key]];
  }

  override json(): GoValue {
    return new Map(this.structFields());
  }
}

const kinds = new Map<string, KeyKind>([
  ["", "rsa-4096"],
  ["rsa", "rsa-4096"],
  ["ecdsa", "ecdsa"],
  ["ed25519", "ed25519"],
]);

/** Runs a step; what it throws is said after `doing`. */
function step<A>(doing: string, run: () => A): A {
  try {
    return run();
  } catch (error) {
    throw new Error(`${doing}: ${(error as Error).message}`);
  }
}

function decoded(base64: string, what: string): string {
  try {
    return decodeBase64(base64);
  } catch {
    throw new Error(`unable to decode base64 ${what}`);
  }
}

/** The issuer in a PEM certificate; `variable` is the name that Sprig's error gives its bytes. */
function readIssuer(pem: string, variable: string): Issuer {
  const block = decodePem(pem);
  if (block === undefined) throw new Error("unable to decode certificate");
  return step(`error parsing certificate: ${variable}`, () => issuerOf(block.bytes));
}

function buildCustomCert(cert64: string, key64: string): Certificate {
  const cert = decoded(cert64, "certificate");
  const key = decoded(key64, "private key");
  readIssuer(cert, "decodedCert.Bytes");
  step("error parsing private key", () => parseKeyPem(key));
  return new Certificate(cert, key);
}

/** Sprig's private keys and certificates. `clock` gives milliseconds since 1970. */
export function certificateFunctions(
  random: RandomBytes,
  clock: () => number,
  generate: GenerateKey,
): Record<string, GoFunction> {
  const newKey = () => generate("rsa-2048");
  const givenKey = (pem: string) => step("parsing private key", () => parseKeyPem(pem));

  const create = (template: Template, key: PrivateKey, issuer: Issuer | undefined, signingKey: PrivateKey) => {
    const circumstances = { serial: random(16), now: clock() };
    const bytes = step(
      "error creating certificate",
      () => createCertificate(template, key, issuer, signingKey, circumstances),
    );
    return new Certificate(encodePem({ type: "CERTIFICATE", bytes }), keyPem(key));
  };

  const authority = (name: string, days: Int, key: PrivateKey) =>
    create(templateOf(name, [], [], days.value, true), key, undefined, key);

  const selfSigned = (name: string, ips: GoList, names: GoList, days: Int, key: PrivateKey) =>
    create(templateOf(name, ips, names, days.value), key, undefined, key);

  const signed = (name: string, ips: GoList, names: GoList, days: Int, ca: Certificate, key: PrivateKey) => {
    const issuer = readIssuer(ca.cert, "decodedSignerCert.Bytes");
    const signingKey = step("error parsing private key", () => parseKeyPem(ca.key));
    return create(templateOf(name, ips, names, days.value), key, issuer, signingKey);
  };

  const privateKey = (type: string) => {
    if (type === "dsa") return keyPem(generateDsa(random));
    const kind = kinds.get(type);
    return kind === undefined ? `Unknown type ${type}` : keyPem(generate(kind));
  };

  const result = "(sprig.certificate, error)";
  return {
    buildCustomCert: fn(`func(string, string) ${result}`, buildCustomCert),
    genCA: fn(`func(string, int) ${result}`, (name: string, days: Int) => authority(name, days, newKey())),
    genCAWithKey: fn(
      `func(string, int, string) ${result}`,
      (name: string, days: Int, key: string) => authority(name, days, givenKey(key)),
    ),
    // The one function that takes seconds, so that a rendering may have it called elsewhere.
    genPrivateKey: late("func(string) string", privateKey),
    genSelfSignedCert: fn(
      `func(string, []any, []any, int) ${result}`,
      (name: string, ips: GoList, names: GoList, days: Int) => selfSigned(name, ips, names, days, newKey()),
    ),
    genSelfSignedCertWithKey: fn(
      `func(string, []any, []any, int, string) ${result}`,
      (name: string, ips: GoList, names: GoList, days: Int, key: string) =>
        selfSigned(name, ips, names, days, givenKey(key)),
    ),
    genSignedCert: fn(
      `func(string, []any, []any, int, sprig.certificate) ${result}`,
      (name: string, ips: GoList, names: GoList, days: Int, ca: Certificate) =>
        signed(name, ips, names, days, ca, newKey()),
    ),
    genSignedCertWithKey: fn(
      `func(string, []any, []any, int, sprig.certificate, string) ${result}`,
      (name: string, ips: GoList, names: GoList, days: Int, ca: Certificate, key: string) =>
        signed(name, ips, names, days, ca, givenKey(key)),
    ),
  };
}

import assert from "node:assert/strict";
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { Certificate } from "../../src/sprig/certificates.ts";
import { sprigFunctions } from "../../src/sprig/functions.ts";
import { decodePem } from "../../src/sprig/x509/pem.ts";
import { generateKey, type KeyKind } from "../../src/sprig/x509/private-key.ts";
import { type GoValue, int } from "../../src/template/value.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";
import { failure, testTime } from "./evaluate.ts";

// Keys cost time; one of each kind serves all tests.
const keys = new Map<KeyKind, KeyObject>();
const privateKey = (kind: KeyKind) => {
  if (!keys.has(kind)) keys.set(kind, generateKey(kind === "rsa-4096" ? "rsa-2048" : kind));
  return keys.get(kind)!;
};

// The object identifiers 1.3.6.1.5.5.7.3.1 and 1.3.6.1.5.5.7.3.2.
const serverAuth = "06082b06010505070301";
const clientAuth = "06082b06010505070302";

let dsa: string | undefined;
const dsaKey = () => dsa ??= call("genPrivateKey", "dsa") as string;

const functions = sprigFunctions({ json: { read: readJson, write: writeJson }, now: () => testTime, privateKey });
const call = (name: string, ...args: GoValue[]) => functions.get(name)!(...args);
const certificate = (name: string, ...args: GoValue[]) => {
  const made = call(name, ...args);
  assert.ok(made instanceof Certificate);
  return made;
};

describe("genCA", () => {
  const ca = certificate("genCA", "my-ca", int(365));
  const read = new X509Certificate(ca.cert);

  it("gives an authority that signs itself", () => {
    assert.equal(read.ca, true);
    assert.equal(read.subject, "CN=my-ca");
    assert.equal(read.issuer, "CN=my-ca");
    assert.ok(read.verify(read.publicKey));
  });

  it("is valid from now for the days asked for", () => {
    assert.equal(new Date(read.validFrom).toISOString(), "2026-03-01T12:30:15.000Z");
    assert.equal(new Date(read.validTo).toISOString(), "2027-03-01T12:30:15.000Z");
  });

  it("gives its key as PKCS #1", () => {
    assert.match(ca.key, /^-----BEGIN RSA PRIVATE KEY-----\n/);
    assert.ok(read.checkPrivateKey(createPrivateKey(ca.key)));
  });

  it("signs certificates with names and addresses", () => {
    const signed = certificate("genSignedCert", "svc", ["10.0.0.1", "::1"], ["svc.ns", "*.ns.svc"], int(1), ca);
    const leaf = new X509Certificate(signed.cert);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.issuer, "CN=my-ca");
    assert.ok(leaf.checkIssued(read));
    assert.ok(leaf.verify(read.publicKey));
    // Runtimes write the address ::1 in different ways.
    assert.match(leaf.subjectAltName!, /^DNS:svc.ns, DNS:\*.ns.svc, IP Address:10.0.0.1, IP Address:(0:){0,7}:*1$/);
    const hex = leaf.raw.toString("hex");
    for (const use of [serverAuth, clientAuth]) assert.ok(hex.includes(use));
  });

  it("refuses to sign with another's key", () => {
    const stranger = new Certificate(ca.cert, call("genPrivateKey", "ecdsa") as string);
    assert.throws(() => call("genSignedCert", "svc", [], [], int(1), stranger), {
      message: "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    });
  });

  it("goes through buildCustomCert unchanged", () => {
    const copy = certificate("buildCustomCert", btoa(ca.cert), btoa(ca.key));
    assert.deepEqual([copy.cert, copy.key], [ca.cert, ca.key]);
  });
});

describe("genPrivateKey", () => {
  const forms: readonly (readonly [type: string, pem: string])[] = [
    ["", "RSA PRIVATE KEY"],
    ["rsa", "RSA PRIVATE KEY"],
    ["ecdsa", "EC PRIVATE KEY"],
    ["ed25519", "PRIVATE KEY"],
  ];
  for (const [type, pem] of forms) {
    it(`gives ${type || "the default"} as ${pem}`, () => {
      assert.equal(decodePem(call("genPrivateKey", type) as string)?.type, pem);
    });
  }

  it("gives dsa as DSA PRIVATE KEY", () => assert.equal(decodePem(dsaKey())?.type, "DSA PRIVATE KEY"));

  it("says which type it does not know", () => assert.equal(call("genPrivateKey", "foo"), "Unknown type foo"));
});

describe("certificates with a given key", () => {
  for (const type of ["rsa", "ecdsa", "ed25519"]) {
    it(`are signed with ${type}`, () => {
      const key = call("genPrivateKey", type) as string;
      const ca = certificate("genCAWithKey", "ca", int(20000), key);
      assert.equal(ca.key, key);
      const authority = new X509Certificate(ca.cert);
      const signed = certificate("genSignedCertWithKey", "ü*", ["1.2.3.4"], [], int(1), ca, key);
      assert.ok(new X509Certificate(signed.cert).verify(authority.publicKey));
      const self = new X509Certificate(certificate("genSelfSignedCertWithKey", "", [], ["a"], int(1), key).cert);
      assert.ok(self.verify(self.publicKey));
    });
  }

  it("cannot be signed with dsa", () => {
    assert.throws(() => call("genCAWithKey", "ca", int(1), dsaKey()), {
      message: "error creating certificate: x509: certificate private key does not implement crypto.Signer",
    });
  });
});

const failing: readonly (readonly [template: string, message: string])[] = [
  ['{{ genSelfSignedCert "x" (list 1) nil 1 }}', "genSelfSignedCert: error parsing ip: 1 is not a string"],
  [
    '{{ genSelfSignedCert "x" nil (list 1) 1 }}',
    "genSelfSignedCert: error processing alternate dns name: 1 is not a string",
  ],
  ['{{ genSelfSignedCert "x" (list "1.2") nil 1 }}', "genSelfSignedCert: error parsing ip: 1.2"],
  [
    '{{ genSelfSignedCert "x" nil (list "é") 1 }}',
    'genSelfSignedCert: error creating certificate: x509: "é" cannot be encoded as an IA5String',
  ],
  ['{{ genCAWithKey "x" 1 "nokey" }}', "genCAWithKey: parsing private key: no PEM data in input"],
  [
    '{{ genCAWithKey "x" 1 "-----BEGIN FOO PRIVATE KEY-----\\nAAAA\\n-----END FOO PRIVATE KEY-----" }}',
    "genCAWithKey: parsing private key: invalid private key type FOO PRIVATE KEY",
  ],
  [
    '{{ genCAWithKey "x" 1 "-----BEGIN FOO-----\\nAAAA\\n-----END FOO-----" }}',
    "genCAWithKey: parsing private key: no private key data in PEM block of type FOO",
  ],
  ['{{ buildCustomCert "x" "y" }}', "buildCustomCert: unable to decode base64 certificate"],
  ['{{ buildCustomCert "eHl6" "y" }}', "buildCustomCert: unable to decode base64 private key"],
  ['{{ buildCustomCert "eHl6" "eHl6" }}', "buildCustomCert: unable to decode certificate"],
];

describe("calls that fail", () => {
  for (const [template, message] of failing) it(template, () => assert.equal(failure(template), message));
});

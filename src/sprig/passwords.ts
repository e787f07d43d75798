import bcryptjs from "bcryptjs";
import { createCipheriv, createDecipheriv, createHmac, scryptSync } from "node:crypto";
import { fn } from "../template/signature.ts";
import type { GoFunction, Int } from "../template/value.ts";
import { byteLength, fromBytes, toBytes } from "./bytes.ts";
import { decodeBase64, encodeBase64 } from "./encoding.ts";
import type { RandomBytes } from "./random.ts";

const bcryptCost = 10;
const bcryptLimit = 72;
const block = 16;

function bcrypt(random: RandomBytes, password: string): string {
  if (byteLength(password) > bcryptLimit) {
    return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${bcryptLimit} bytes`;
  }
  const salt = bcryptjs.encodeBase64([...random(16)], 16);
  return bcryptjs.hashSync(password, `$2a$${bcryptCost}$${salt}`);
}

function htpasswd(random: RandomBytes, user: string, password: string): string {
  return user.includes(":") ? `invalid username: ${user}` : `${user}:${bcrypt(random, password)}`;
}

const seed = "com.lyndir.masterpassword";

/** The shapes of the Master Password algorithm; each letter stands for a set of characters. */
const shapes: Record<string, readonly string[]> = {
  maximum: ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
  long: [
    "CvcvnoCvcvCvcv",
    "CvcvCvcvnoCvcv",
    "CvcvCvcvCvcvno",
    "CvccnoCvcvCvcv",
    "CvccCvcvnoCvcv",
    "CvccCvcvCvcvno",
    "CvcvnoCvccCvcv",
    "CvcvCvccnoCvcv",
    "CvcvCvccCvcvno",
    "CvcvnoCvcvCvcc",
    "CvcvCvcvnoCvcc",
    "CvcvCvcvCvccno",
    "CvccnoCvccCvcv",
    "CvccCvccnoCvcv",
    "CvccCvccCvcvno",
    "CvcvnoCvccCvcc",
    "CvcvCvccnoCvcc",
    "CvcvCvccCvccno",
    "CvccnoCvcvCvcc",
    "CvccCvcvnoCvcc",
    "CvccCvcvCvccno",
  ],
  medium: ["CvcnoCvc", "CvcCvcno"],
  short: ["Cvcn"],
  basic: ["aaanaaan", "aannaaan", "aaannaaa"],
  pin: ["nnnn"],
};

const vowels = "AEIOU";
const consonants = "BCDFGHJKLMNPQRSTVWXYZ";
const letters = vowels + vowels.toLowerCase() + consonants + consonants.toLowerCase();
const sets: Record<string, string> = {
  V: vowels,
  C: consonants,
  v: vowels.toLowerCase(),
  c: consonants.toLowerCase(),
  a: letters,
  n: "0123456789",
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: letters + "0123456789!@#$%^&*()",
};

function uint32(n: number): Uint8Array {
  return new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n]);
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The Master Password algorithm, version 1. */
function derivePassword(counter: Int, type: string, password: string, user: string, site: string): string {
  if (!Object.hasOwn(shapes, type)) return `cannot find password template ${type}`;
  const [seedBytes, userBytes, siteBytes] = [seed, user, site].map(toBytes);
  const salt = join(seedBytes, uint32(userBytes.length), userBytes);
  const key = scryptSync(toBytes(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const message = join(seedBytes, uint32(siteBytes.length), siteBytes, uint32(Number(counter)));
  const digest = createHmac("sha256", key).update(message).digest();
  const shape = shapes[type][digest[0] % shapes[type].length];
  return [...shape].map((letter, i) => sets[letter][digest[i + 1] % sets[letter].length]).join("");
}

/** The password's first 32 bytes, filled up with zeros. */
function aesKey(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(toBytes(password).subarray(0, 32));
  return key;
}

function encryptAES(random: RandomBytes, password: string, text: string): string {
  if (text === "") return "";
  const iv = random(block);
  const cipher = createCipheriv("aes-256-cbc", aesKey(password), iv);
  return encodeBase64(fromBytes(join(iv, cipher.update(toBytes(text)), cipher.final())));
}

function decryptAES(password: string, text: string): string {
  if (text === "") return "";
  const data = toBytes(decodeBase64(text));
  if (data.length < block) {
    const capacity = Math.floor(text.length / 4) * 3;
    throw new Error(`runtime error: slice bounds out of range [:${block}] with capacity ${capacity}`);
  }
  if (data.length % block !== 0) throw new Error("crypto/cipher: input not full blocks");
  const decipher = createDecipheriv("aes-256-cbc", aesKey(password), data.subarray(0, block)).setAutoPadding(false);
  const plain = join(decipher.update(data.subarray(block)), decipher.final());
  if (plain.length === 0) throw new Error("runtime error: index out of range [-1]");
  const end = plain.length - plain[plain.length - 1];
  if (end < 0) throw new Error(`runtime error: slice bounds out of range [:${end}]`);
  return fromBytes(plain.subarray(0, end));
}

/** Sprig's functions on passwords and symmetric encryption. */
export function passwordFunctions(random: RandomBytes): Record<string, GoFunction> {
  return {
    bcrypt: fn("func(string) string", (password: string) => bcrypt(random, password)),
    decryptAES: fn("func(string, string) (string, error)", decryptAES),
    derivePassword: fn("func(uint32, string, string, string, string) string", derivePassword),
    encryptAES: fn(
      "func(string, string) (string, error)",
      (password: string, text: string) => encryptAES(random, password, text),
    ),
    htpasswd: fn("func(string, string) string", (user: string, password: string) => htpasswd(random, user, password)),
  };
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import bcryptjs from "bcryptjs";
import { sprigFunctions } from "../../src/sprig/functions.ts";
import { Time } from "../../src/sprig/time/time.ts";
import { type GoValue, Int, int } from "../../src/template/value.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";
import { evaluate, failure, testTime } from "./evaluate.ts";

const json = { read: readJson, write: writeJson };
const functions = sprigFunctions({ json });
const call = (name: string, ...args: GoValue[]) => functions.get(name)!(...args);

/** Bytes that only look random: each call goes on counting. */
function counting(): (count: number) => Uint8Array {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => next++ % 256);
}

describe("random functions", () => {
  const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
    ["randAlphaNum", /^[0-9A-Za-z]{200}$/],
    ["randAlpha", /^[A-Za-z]{200}$/],
    ["randNumeric", /^[0-9]{200}$/],
    ["randAscii", /^[ -~]{200}$/],
  ];
  for (const [name, shape] of shapes) {
    it(`${name} draws from its alphabet`, () => {
      assert.match(call(name, int(200)) as string, shape);
      assert.equal(call(name, int(0)), "");
      assert.equal(call(name, int(-1)), "");
    });
  }

  it("draw every character of the alphabet", () => {
    assert.equal(new Set(call("randAlphaNum", int(5000)) as string).size, 62);
    assert.equal(new Set(call("randAscii", int(10000)) as string).size, 95);
  });

  it("randInt stays within its bounds", () => {
    for (let i = 0; i < 200; i++) {
      const drawn = call("randInt", int(-2), int(3));
      assert.ok(drawn instanceof Int && drawn.value >= -2n && drawn.value < 3n);
    }
    assert.equal(failure("{{ randInt 6 5 }}"), "randInt: invalid argument to Intn");
  });

  it("randBytes gives base 64", () => {
    assert.equal(atob(call("randBytes", int(33)) as string).length, 33);
    assert.equal(failure("{{ randBytes -1 }}"), "randBytes: runtime error: makeslice: len out of range");
  });

  it("uuidv4 marks version and variant", () => {
    assert.match(call("uuidv4") as string, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("shuffle keeps the characters", () => {
    assert.equal([...call("shuffle", "añb😀c") as string].sort().join(""), [..."añb😀c"].sort().join(""));
  });

  it("repeat themselves with the same source", () => {
    const one = sprigFunctions({ json, random: counting() });
    const two = sprigFunctions({ json, random: counting() });
    for (const name of ["randAlphaNum", "randAscii", "randBytes"]) {
      assert.equal(one.get(name)!(int(20)), two.get(name)!(int(20)));
    }
    assert.equal(one.get("uuidv4")!(), two.get("uuidv4")!());
    assert.equal(one.get("htpasswd")!("u", "p"), two.get("htpasswd")!("u", "p"));
    assert.equal(one.get("encryptAES")!("k", "text"), two.get("encryptAES")!("k", "text"));
  });
});

describe("passwords", () => {
  it("bcrypt hashes can be checked", () => {
    const hash = call("bcrypt", "secret") as string;
    assert.match(hash, /^\$2a\$10\$.{53}$/);
    assert.ok(bcryptjs.compareSync("secret", hash));
  });

  it("bcrypt says that a password is too long", () => {
    const message = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    assert.equal(call("bcrypt", "a".repeat(73)), message);
  });

  it("htpasswd puts the user in front", () => {
    assert.match(call("htpasswd", "user", "p") as string, /^user:\$2a\$10\$/);
    assert.equal(call("htpasswd", "a:b", "p"), "invalid username: a:b");
  });

  it("derivePassword is the Master Password algorithm", () => {
    assert.equal(evaluate(`{{ derivePassword 1 "long" "password" "user" "example.com" }}`), "ZedaFaxcZaso9*");
    assert.equal(evaluate(`{{ derivePassword 1 "xx" "p" "u" "s" }}`), "cannot find password template xx");
  });

  it("decryptAES reads what encryptAES wrote", () => {
    for (const text of ["", "x", "sixteen bytes!!!", "zürich 😀"]) {
      assert.equal(call("decryptAES", "key", call("encryptAES", "key", text)), text);
    }
    const known = "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=";
    assert.equal(call("decryptAES", "secretkey", known), "plaintext");
  });

  it("decryptAES fails as Go does", () => {
    const cases = [
      ["!", "illegal base64 data at input byte 0"],
      ["AAAA", "runtime error: slice bounds out of range [:16] with capacity 3"],
      ["AAAAAAAAAAAAAAAAAAAAAA==", "runtime error: index out of range [-1]"],
      ["AAAAAAAAAAAAAAAAAAAAAAAA", "crypto/cipher: input not full blocks"],
    ];
    for (const [text, message] of cases) assert.throws(() => call("decryptAES", "key", text), { message });
  });
});

describe("the clock", () => {
  it("now is a time in the machine's zone, with the monotonic clock", () => {
    const now = evaluate("{{ now }}");
    assert.match(now, / m=\+0\.000000000$/);
    assert.equal(evaluate("{{ now.UTC }}"), "2026-03-01 12:30:15.25 +0000 UTC");
    assert.equal(evaluate("{{ now.Unix }} {{ now | unixEpoch }}"), `${Math.floor(testTime / 1000)} `.repeat(2).trim());
  });

  it("takes what is no date for now", () => {
    assert.equal(evaluate(`{{ dateInZone "15:04:05.00" 1.5 "UTC" }}`), "12:30:15.25");
    assert.equal(evaluate(`{{ htmlDateInZone "x" "UTC" }}`), "2026-03-01");
  });

  it("counts how long ago a time was", () => {
    const earlier = new Time(BigInt(testTime - 90_600) * 1_000_000n, now().zone);
    assert.equal(functionsAt(testTime).get("ago")!(earlier), "1m31s");
    assert.equal(functionsAt(testTime).get("durationRound")!(earlier), "1m");
  });
});

const functionsAt = (time: number) => sprigFunctions({ json, now: () => time });
const now = () => functionsAt(testTime).get("now")!() as Time;

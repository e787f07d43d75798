/** Semantic versions as Masterminds/semver 3.5 reads and compares them. */
import { fn } from "../../template/signature.ts";
import { compareStrings, type GoFunction, GoObject, type GoValue, int, wrap } from "../../template/value.ts";
import { byteLength, toBytes } from "../bytes.ts";
import { nilDereference } from "../runtime-error.ts";

const maxLength = 256;
const maxUint64 = 2n ** 64n - 1n;

/** The parts of a version. Numbers are uint64; `prerelease` and `metadata` come without `-` and `+`. */
interface Parts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

/** A semantic version; in templates, what `semver "1.2.3"` gives. */
export class Version extends GoObject implements Parts {
  override readonly type: string;
  override readonly kind: string;
  #parts: Parts;
  #original: string | undefined;

  /** @param pointer whether templates see a pointer to it, as `semver` gives, or a plain struct, as `IncPatch` gives */
  constructor(parts: Parts, original?: string, pointer = true) {
    super();
    this.#parts = parts;
    this.#original = original;
    this.type = pointer ? "*semver.Version" : "semver.Version";
    this.kind = pointer ? "ptr" : "struct";
  }

  get major(): bigint {
    return this.#parts.major;
  }
  get minor(): bigint {
    return this.#parts.minor;
  }
  get patch(): bigint {
    return this.#parts.patch;
  }
  get prerelease(): string {
    return this.#parts.prerelease;
  }
  get metadata(): string {
    return this.#parts.metadata;
  }
  /** The text it was read from. */
  get original(): string {
    return this.#original ?? this.toString();
  }

  /** Makes it the other version, as Go does with what a pointer points to. */
  assign(other: Version): void {
    this.#parts = other.#parts;
    this.#original = other.#original;
  }

  override structFields(): readonly (readonly [string, GoValue])[] {
    return [
      ["major", uint64(this.major)],
      ["minor", uint64(this.minor)],
      ["patch", uint64(this.patch)],
      ["pre", this.prerelease],
      ["metadata", this.metadata],
      ["original", this.original],
    ];
  }

  /** Go's zero value, since none of the fields is exported. */
  override deepCopy(): Version {
    return new Version({ major: 0n, minor: 0n, patch: 0n, prerelease: "", metadata: "" }, "", this.kind === "ptr");
  }

  /** Less than, equal to or greater than 0, by precedence: metadata does not count. */
  compare(other: Version): number {
    return order(this.major, other.major) || order(this.minor, other.minor) || order(this.patch, other.patch) ||
      comparePrereleases(this.prerelease, other.prerelease);
  }

  override toString(): string {
    const prerelease = this.prerelease === "" ? "" : `-${this.prerelease}`;
    const metadata = this.metadata === "" ? "" : `+${this.metadata}`;
    return `${this.major}.${this.minor}.${this.patch}${prerelease}${metadata}`;
  }

  /** What MarshalJSON and MarshalText write. */
  override json(): GoValue {
    return this.toString();
  }

  override method(name: string): GoFunction | undefined {
    const table = this.kind === "ptr" && Object.hasOwn(pointerMethods, name) ? pointerMethods : valueMethods;
    if (!Object.hasOwn(table, name)) return undefined;
    const [type, call] = table[name];
    return fn(type, (...args: GoValue[]) => call(this, ...args));
  }
}

// deno-lint-ignore no-explicit-any
type Methods = Record<string, readonly [type: string, call: (version: Version, ...args: any[]) => GoValue]>;

const uint64 = (n: bigint) => wrap(n, "uint64");

const valueMethods: Methods = {
  IncMajor: ["func() semver.Version", (v) => next(v, { major: increment("major", v.major), minor: 0n, patch: 0n })],
  IncMinor: ["func() semver.Version", (v) => next(v, { minor: increment("minor", v.minor), patch: 0n })],
  IncPatch: [
    "func() semver.Version",
    (v) => next(v, v.prerelease === "" ? { patch: increment("patch", v.patch) } : {}),
  ],
  Major: ["func() uint64", (v) => uint64(v.major)],
  MarshalJSON: ["func() ([]byte, error)", (v) => toBytes(`"${v}"`)],
  MarshalText: ["func() ([]byte, error)", (v) => toBytes(v.toString())],
  Metadata: ["func() string", (v) => v.metadata],
  Minor: ["func() uint64", (v) => uint64(v.minor)],
  Patch: ["func() uint64", (v) => uint64(v.patch)],
  Prerelease: ["func() string", (v) => v.prerelease],
  SetMetadata: ["func(string) (semver.Version, error)", (v, metadata: string) => {
    if (metadata !== "") checkMetadata(metadata);
    return next(v, { prerelease: v.prerelease, metadata });
  }],
  SetPrerelease: ["func(string) (semver.Version, error)", (v, prerelease: string) => {
    if (prerelease !== "") checkPrerelease(prerelease);
    return next(v, { prerelease, metadata: v.metadata });
  }],
  String: ["func() string", (v) => v.toString()],
  Value: ["func() (driver.Value, error)", (v) => v.toString()],
};

/** Compares with what a template gives, which may be nil. */
const compared = (test: (order: number) => GoValue) => (v: Version, other: Version | null) => {
  if (other === null) throw nilDereference();
  return test(v.compare(other));
};

const pointerMethods: Methods = {
  Compare: ["func(*semver.Version) int", compared((order) => int(order))],
  Equal: ["func(*semver.Version) bool", (v, o: Version | null) => o !== null && v.compare(o) === 0],
  GreaterThan: ["func(*semver.Version) bool", compared((order) => order > 0)],
  GreaterThanEqual: ["func(*semver.Version) bool", compared((order) => order >= 0)],
  LessThan: ["func(*semver.Version) bool", compared((order) => order < 0)],
  LessThanEqual: ["func(*semver.Version) bool", compared((order) => order <= 0)],
  Original: ["func() string", (v) => v.original],
};

function next(version: Version, changes: Partial<Parts>): Version {
  const { major, minor, patch } = version;
  const parts = { major, minor, patch, prerelease: "", metadata: "", ...changes };
  const prefix = version.original.startsWith("v") ? "v" : "";
  return new Version(parts, prefix + new Version(parts).toString(), false);
}

function increment(part: string, n: bigint): bigint {
  if (n === maxUint64) throw new Error(`${part} version increment would overflow uint64`);
  return n + 1n;
}

const order = (a: bigint, b: bigint) => Number(a > b) - Number(a < b);

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const [as, bs] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const compared = compareIdentifiers(as[i] ?? "", bs[i] ?? "");
    if (compared !== 0) return compared;
  }
  return 0;
}

/** Numbers come before words; what lacks an identifier comes first. */
function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined && y === undefined) return compareStrings(a, b) > 0 ? 1 : -1;
  if (y === undefined) return -1;
  if (x === undefined) return 1;
  return x > y ? 1 : -1;
}

function asNumber(text: string): bigint | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const n = BigInt(text);
  return n <= maxUint64 ? n : undefined;
}

const looseVersion = new RegExp(
  "^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?" +
    "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$",
);

/**
 * semver.NewVersion: a version with or without `v`, minor and patch; leading zeros of its numbers are dropped.
 *
 * @throws Error in the library's words, such as `invalid semantic version`
 */
export function parseVersion(text: string): Version {
  checkLength(text);
  const match = looseVersion.exec(text);
  if (match === null) throw new Error("invalid semantic version");
  const [, major, minor = "0", patch = "0", prerelease = "", metadata = ""] = match;
  const segment = (digits: string) => parseUint(digits, "error parsing version segment: ");
  const parts = { major: segment(major), minor: segment(minor), patch: segment(patch), prerelease, metadata };
  if (prerelease !== "") checkPrerelease(prerelease);
  if (metadata !== "") checkMetadata(metadata);
  return new Version(parts, text);
}

/** semver.StrictNewVersion: only `major.minor.patch` with prerelease and metadata, without `v` or leading zeros. */
export function parseStrictVersion(text: string): Version {
  if (text === "") throw new Error("version string empty");
  checkLength(text);
  const split = /^([^.]*)\.([^.]*)\.([^+]*)(?:\+(.*))?$/s.exec(text);
  if (split === null) throw new Error("invalid semantic version");
  const [, major, minor, tail, metadata] = split;
  if (metadata !== undefined) checkMetadata(metadata);
  const dash = tail.indexOf("-");
  const prerelease = dash < 0 ? undefined : tail.slice(dash + 1);
  if (prerelease !== undefined) checkPrerelease(prerelease);
  const numbers = [major, minor, dash < 0 ? tail : tail.slice(0, dash)];
  for (const number of numbers) {
    if (!/^[0-9]*$/.test(number)) throw new Error("invalid characters in version");
    if (number.length > 1 && number[0] === "0") throw new Error("version segment starts with 0");
  }
  const [x, y, z] = numbers.map((number) => parseUint(number, ""));
  return new Version({ major: x, minor: y, patch: z, prerelease: prerelease ?? "", metadata: metadata ?? "" }, text);
}

function checkLength(text: string): void {
  if (byteLength(text) > maxLength) throw new Error(`version string is too long (max ${maxLength} bytes)`);
}

function parseUint(digits: string, prefix: string): bigint {
  const failed = (why: string) => new Error(`${prefix}strconv.ParseUint: parsing "${digits}": ${why}`);
  if (digits === "") throw failed("invalid syntax");
  const n = BigInt(digits);
  if (n > maxUint64) throw failed("value out of range");
  return n;
}

function checkPrerelease(text: string): void {
  for (const part of text.split(".")) {
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw new Error("invalid prerelease string");
    if (/^0[0-9]+$/.test(part)) throw new Error("version segment starts with 0");
  }
}

function checkMetadata(text: string): void {
  if (!/^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/.test(text)) throw new Error("invalid metadata string");
}

import { quote } from "../../template/format.ts";
import { byteLength } from "../bytes.ts";
import { parseVersion, Version } from "./version.ts";

const maxLength = 512;
const maxGroups = 32;

const space = "[\\t\\n\\f\\r ]";
const operators = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const versionShape = "v?([0-9|x|X|\\*]+)(\\.[0-9|x|X|\\*]+)?(\\.[0-9|x|X|\\*]+)?" +
  "(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?";

const one = new RegExp(`^${space}*(${operators})${space}*(${versionShape})${space}*$`);
const each = new RegExp(`(${operators})${space}*(${versionShape})`, "g");
const range = new RegExp(`${space}*(${versionShape})${space}+-${space}+(${versionShape})${space}*`, "g");
const group = new RegExp(
  `^(${space}*(${operators})${space}*(${versionShape})${space}*)` +
    `((?:${space}+|,${space}*)(${operators})${space}*(${versionShape})${space}*)*$`,
);

/** One comparison, such as `>=1.2.x`. */
interface Comparison {
  readonly operator: string;
  readonly version: Version;
  /** Some part is a wildcard or left out. */
  readonly wild: boolean;
  /** Minor is. */
  readonly wildMinor: boolean;
  /** Patch is, but not minor. */
  readonly wildPatch: boolean;
}

/** The comparisons of a group must all hold; prereleases take part only if one of them names a prerelease. */
interface Group {
  readonly comparisons: readonly Comparison[];
  readonly prereleases: boolean;
}

/**
 * A version constraint as Masterminds/semver 3.5 reads it: groups joined by `||`, comparisons joined by spaces or
 * commas, the operators `= != > < >= <= ~ ^`, hyphen ranges, and wildcards `x`, `X`, `*`.
 */
export class Constraint {
  private constructor(readonly groups: readonly Group[]) {}

  /** @throws Error in the library's words: `improper constraint: "..."` */
  static parse(text: string): Constraint {
    if (byteLength(text) > maxLength) throw new Error(`constraint string is too long (max ${maxLength} bytes)`);
    const groups = rewriteRanges(text).split("||");
    if (groups.length > maxGroups) throw new Error(`too many constraint groups (max ${maxGroups})`);
    return new Constraint(groups.map(parseGroup));
  }

  /** Whether some group admits the version. */
  check(version: Version): boolean {
    return this.groups.some(({ comparisons, prereleases }) =>
      (version.prerelease === "" || prereleases) && comparisons.every((comparison) => holds(comparison, version))
    );
  }
}

/** `1.2 - 1.4` becomes `>= 1.2, <= 1.4`. */
function rewriteRanges(text: string): string {
  let out = text;
  for (const match of text.matchAll(range)) {
    out = out.replace(match[0], () => `>= ${match[1]}, <= ${match[11]} `);
  }
  return out;
}

function parseGroup(text: string): Group {
  if (!group.test(text)) throw new Error(`improper constraint: ${quote(text)}`);
  const comparisons = Array.from(text.matchAll(each), (match) => parseComparison(match[0]));
  return { comparisons, prereleases: comparisons.some(({ version }) => version.prerelease !== "") };
}

const isWild = (part: string | undefined) => part === undefined || /^\.?[xX*]$/.test(part);

function parseComparison(text: string): Comparison {
  const match = one.exec(text);
  if (match === null) throw new Error(`improper constraint: ${quote(text)}`);
  const [, operator, spelled, major, minor, patch, prerelease = ""] = match;
  const wildMajor = isWild(major);
  const wildMinor = !wildMajor && isWild(minor);
  const wildPatch = !wildMajor && !wildMinor && isWild(patch);
  const plain = wildMajor
    ? `0.0.0${prerelease}`
    : wildMinor
    ? `${major}.0.0${prerelease}`
    : wildPatch
    ? `${major}${minor}.0${prerelease}`
    : spelled;
  try {
    const version = parseVersion(plain);
    return { operator, version, wild: wildMajor || wildMinor || wildPatch, wildMinor, wildPatch };
  } catch {
    throw new Error("constraint parser error");
  }
}

function holds(comparison: Comparison, version: Version): boolean {
  const { operator, version: wanted, wild } = comparison;
  switch (operator) {
    case "":
    case "=":
      return wild ? inTilde(comparison, version) : version.compare(wanted) === 0;
    case "!=":
      return wild ? differs(comparison, version) : version.compare(wanted) !== 0;
    case ">":
      return isAfter(comparison, version);
    case "<":
      return version.compare(wanted) < 0;
    case ">=":
    case "=>":
      return version.compare(wanted) >= 0;
    case "<=":
    case "=<":
      return isUpTo(comparison, version);
    case "~":
    case "~>":
      return inTilde(comparison, version);
    default:
      return inCaret(comparison, version);
  }
}

function differs({ version: wanted, wildMinor, wildPatch }: Comparison, version: Version): boolean {
  if (version.major !== wanted.major) return true;
  if (wildMinor) return false;
  if (version.minor !== wanted.minor) return true;
  if (!wildPatch) return version.compare(wanted) !== 0;
  // With a wildcard for the patch only prereleases can still tell the two apart.
  return version.prerelease !== wanted.prerelease;
}

/** `>11` wants 12, `>11.1` wants 11.2. */
function isAfter({ version: wanted, wild, wildMinor, wildPatch }: Comparison, version: Version): boolean {
  if (!wild || version.major === wanted.major) {
    if (wildMinor) return false;
    return wildPatch ? version.minor > wanted.minor : version.compare(wanted) > 0;
  }
  return version.major > wanted.major;
}

/** `<=11` admits all of 11, `<=11.1` all of 11.1. */
function isUpTo({ version: wanted, wild, wildMinor }: Comparison, version: Version): boolean {
  if (!wild) return version.compare(wanted) <= 0;
  return version.major < wanted.major ||
    (version.major === wanted.major && (version.minor <= wanted.minor || wildMinor));
}

/** `~1.2.3` is `>=1.2.3 <1.3.0`; `~1` is `>=1.0.0 <2.0.0`; `~0.0.0` and `*` are anything. */
function inTilde({ version: wanted, wildMinor, wildPatch }: Comparison, version: Version): boolean {
  if (version.compare(wanted) < 0) return false;
  const zero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (zero && !wildMinor && !wildPatch) return true;
  return version.major === wanted.major && (wildMinor || version.minor === wanted.minor);
}

/** `^1.2.3` is `>=1.2.3 <2.0.0`; `^0.2.3` is `>=0.2.3 <0.3.0`; `^0.0.3` is `>=0.0.3 <0.0.4`. */
function inCaret({ version: wanted, wildMinor, wildPatch }: Comparison, version: Version): boolean {
  if (version.compare(wanted) < 0 || version.major !== wanted.major) return false;
  if (wanted.major > 0n || wildMinor) return true;
  if (wanted.minor > 0n || wildPatch) return version.minor === wanted.minor;
  return version.minor === 0n && version.patch === wanted.patch;
}

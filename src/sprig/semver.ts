import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";
import { Constraint } from "./semver/constraint.ts";
import { parseStrictVersion, parseVersion, Version } from "./semver/version.ts";

export { Constraint, parseStrictVersion, parseVersion, Version };

/** Whether the text is a version that semver.NewVersion reads. */
export function isValidSemver(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** Helm's IsCompatibleRange: false also when the constraint or the version cannot be read. */
export function isCompatibleRange(constraint: string, version: string): boolean {
  try {
    return Constraint.parse(constraint).check(parseVersion(version));
  } catch {
    return false;
  }
}

/** Remembers what was parsed: charts ask for the same few constraints and versions over and over. */
function remembered<A>(parse: (text: string) => A): (text: string) => A {
  const known = new Map<string, A>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = parse(text);
      if (known.size >= 1000) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

const constraintOf = remembered((text) => Constraint.parse(text));
const versionOf = remembered(parseVersion);

function compare(constraint: string, version: string): boolean {
  const parsed = constraintOf(constraint);
  return parsed.check(versionOf(version));
}

/** Sprig's functions on semantic versions. */
export const semverFunctions: Record<string, GoFunction> = {
  semver: fn("func(string) (*semver.Version, error)", parseVersion),
  semverCompare: fn("func(string, string) (bool, error)", compare),
};

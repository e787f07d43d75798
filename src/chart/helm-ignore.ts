/** `.helmignore`: which files of a chart's folder are left out (helm.sh/helm/v4/pkg/ignore). */
import { byteLength } from "../template/bytes.ts";
import { trimSpace } from "../template/space.ts";
import { InvalidChart } from "./chart-error.ts";
import { BadPattern, basePath, PathPattern } from "./go-path.ts";

/** Bytes that Go's scanner takes for a line. */
const longestLine = 64 * 1024;

interface Rule {
  readonly negated: boolean;
  readonly mustBeFolder: boolean;
  /** Without a slash in the rule, the name alone is compared. */
  readonly nameOnly: boolean;
  readonly pattern: PathPattern;
}

/** Whether the file or folder at `path`, relative to the chart's folder, is left out. */
export type IgnoreRules = (path: string, isFolder: boolean) => boolean;

/**
 * The rules of a `.helmignore` file's text, with Helm's own rule for hidden files under templates/ added.
 * Throws {@link InvalidChart} for `**` and for bad patterns, with Helm's words.
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  if (lines.some((line) => byteLength(line) >= longestLine)) throw new InvalidChart("bufio.Scanner: token too long");
  const rules = [...lines, "templates/.?*"].map(parseRule).filter((rule) => rule !== null);
  return (path, isFolder) => path !== "" && path !== "." && path !== "./" && ignored(rules, path, isFolder);
}

function parseRule(line: string): Rule | null {
  let rule = trimSpace(line);
  if (rule === "" || rule.startsWith("#")) return null;
  if (rule.includes("**")) throw new InvalidChart("double-star (**) syntax is not supported");
  checkPattern(rule);
  const negated = rule.startsWith("!");
  if (negated) rule = rule.slice(1);
  const mustBeFolder = rule.endsWith("/");
  if (mustBeFolder) rule = rule.slice(0, -1);
  const rooted = rule.startsWith("/");
  const nameOnly = !rule.includes("/");
  return { negated, mustBeFolder, nameOnly, pattern: new PathPattern(rooted ? rule.slice(1) : rule) };
}

/** As Helm does with a name that it chose, whence it misses mistakes that this name does not get as far as. */
function checkPattern(rule: string): void {
  try {
    new PathPattern(rule).matches("abc");
  } catch (error) {
    throw new InvalidChart((error as Error).message);
  }
}

function ignored(rules: readonly Rule[], path: string, isFolder: boolean): boolean {
  for (const { negated, mustBeFolder, nameOnly, pattern } of rules) {
    const wrongKind = mustBeFolder && !isFolder;
    const matches = !wrongKind && fits(pattern, nameOnly ? basePath(path) : path);
    // Helm's negation is not git's: a rule such as `!keep` ignores everything that it does not match.
    if (negated ? !matches : matches) return true;
  }
  return false;
}

function fits(pattern: PathPattern, path: string): boolean {
  try {
    return pattern.matches(path);
  } catch (error) {
    if (error instanceof BadPattern) return false;
    throw error;
  }
}

/** Go's `path` and `path/filepath` for slash-separated names. */
import { posix } from "node:path";

/** `path.Clean`: no `.`, no inner `..`, no doubled or trailing slashes; "." for nothing. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** `path.Base`: the last element; "." for nothing, "/" for a root. */
export function basePath(path: string): string {
  if (path === "") return ".";
  const trimmed = path.endsWith("/") ? path.replace(/\/+$/, "") : path;
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** `filepath.Ext`: from the last dot of the last element, a leading dot included; "" without one. */
export function pathExtension(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") ? path.slice(dot) : "";
}

/** The error of a pattern that is no pattern, with Go's words. */
export class BadPattern extends Error {
  constructor() {
    super("syntax error in pattern");
  }
}

/** What one character of a name must be: `null` stands for a star, which takes any number of them. */
type Step = ((c: string) => boolean) | null;

/** Stands for what is no pattern, from the star before it on: an error once a name has got so far, as in Go. */
const bad: Step = () => {
  throw new BadPattern();
};

/** A compiled pattern of {@link matchPath}. */
export class PathPattern {
  readonly #steps: readonly Step[];
  /** What every name that fits ends with: the literal end of the pattern. */
  readonly #end: string;

  constructor(pattern: string) {
    this.#steps = compile([...pattern]);
    this.#end = this.#steps.at(-1) === bad ? "" : /[^*?[\]\\]*$/.exec(pattern)![0];
  }

  /**
   * Takes time in proportion to the product of the lengths at most, whatever the pattern. Throws {@link BadPattern} when
   * the name gets as far as to what is no pattern.
   */
  matches(name: string): boolean {
    if (!name.endsWith(this.#end)) return false;
    const steps = this.#steps;
    const chars = [...name];
    let at = 0;
    let i = 0;
    // Where to go on when a step fails: after the last star, which then takes one character more.
    let starStep = -1;
    let starEnd = 0;
    while (i < chars.length) {
      const step = steps[at];
      if (step === null) {
        starStep = at++;
        starEnd = i;
      } else if (step !== undefined && step(chars[i])) {
        at++;
        i++;
      } else {
        if (starStep < 0 || chars[starEnd] === "/") return false;
        i = ++starEnd;
        at = starStep + 1;
      }
    }
    while (steps[at] === null) at++;
    if (steps[at] === bad) throw new BadPattern();
    return at === steps.length;
  }
}

/**
 * `filepath.Match`: whether the whole name fits the pattern. `*` and `?` do not match a slash; `[a-c]` and `[^a-c]` are
 * classes; a backslash quotes. Throws {@link BadPattern}.
 */
export function matchPath(pattern: string, name: string): boolean {
  return new PathPattern(pattern).matches(name);
}

function compile(chars: readonly string[]): Step[] {
  const steps: Step[] = [];
  try {
    addSteps(steps, chars);
    return steps;
  } catch {
    return [...steps.slice(0, steps.lastIndexOf(null) + 1), bad];
  }
}

function addSteps(steps: Step[], chars: readonly string[]): void {
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i];
    if (c === "*") {
      if (steps.at(-1) !== null) steps.push(null);
    } else if (c === "?") {
      steps.push((x) => x !== "/");
    } else if (c === "[") {
      const [step, end] = characterClass(chars, i);
      steps.push(step);
      i = end;
    } else {
      if (c === "\\" && ++i >= chars.length) throw new BadPattern();
      const literal = chars[i];
      steps.push((x) => x === literal);
    }
  }
}

/** The class that opens at `chars[start]`, and the position of its closing bracket. */
function characterClass(chars: readonly string[], start: number): [Step, number] {
  let i = start + 1;
  const negated = chars[i] === "^";
  if (negated) i++;
  const ranges: (readonly [number, number])[] = [];
  while (chars[i] !== "]" || ranges.length === 0) {
    let low: string, high: string;
    [low, i] = classMember(chars, i);
    high = low;
    if (chars[i] === "-") [high, i] = classMember(chars, i + 1);
    ranges.push([low.codePointAt(0)!, high.codePointAt(0)!]);
  }
  const step = (x: string) => {
    const code = x.codePointAt(0)!;
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  };
  return [step, i];
}

/** A class's character at `i`, which a backslash may quote, and the position after it. */
function classMember(chars: readonly string[], i: number): [string, number] {
  if (i >= chars.length || chars[i] === "-" || chars[i] === "]") throw new BadPattern();
  if (chars[i] === "\\") i++;
  // A class that does not close is an error wherever its text ends.
  if (i + 1 >= chars.length) throw new BadPattern();
  return [chars[i], i + 1];
}

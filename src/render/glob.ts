/** The patterns of `.Files.Glob`, as github.com/gobwas/glob reads them with `/` as separator. */

/** A part of a pattern: from the positions in a name where it may begin to those where it may end. */
type Part = (name: readonly string[], starts: ReadonlySet<number>) => Set<number>;

/**
 * Compiles a pattern: `*` and `?` stop at slashes, `**` does not, `[a-z]`, `[abc]` and `[!abc]` are classes, `{a,b*}`
 * alternatives, and a backslash quotes. Returns undefined for what is no pattern.
 *
 * Matching takes time in proportion to the pattern's length and the square of the name's, whatever the pattern.
 */
export function compileGlob(pattern: string): ((name: string) => boolean) | undefined {
  // Go's sign for bytes that are no UTF-8.
  if (pattern.includes("\ufffd")) return undefined;
  const reader = new Reader([...pattern]);
  const parts = reader.sequence(0);
  if (parts === undefined) return undefined;
  return (name) => {
    const chars = [...name];
    return parts(chars, new Set([0])).has(chars.length);
  };
}

class Reader {
  #at = 0;

  constructor(private readonly chars: readonly string[]) {}

  /** Reads up to the end, or within alternatives up to the next of their delimiters. */
  sequence(depth: number): Part | undefined {
    const parts: Part[] = [];
    for (; this.#at < this.chars.length; this.#at++) {
      const c = this.chars[this.#at];
      if (depth > 0 && (c === "," || c === "}")) break;
      const part = this.#part(c, depth);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return (name, starts) => parts.reduce<Set<number>>((at, part) => part(name, at), new Set(starts));
  }

  #part(c: string, depth: number): Part | undefined {
    switch (c) {
      case "*":
        if (this.chars[this.#at + 1] !== "*") return many((x) => x !== "/");
        this.#at++;
        return many(() => true);
      case "?":
        return one((x) => x !== "/");
      case "[":
        return this.#class();
      case "{":
        return this.#alternatives(depth + 1);
      case "\\": {
        const quoted = this.chars[++this.#at];
        return quoted === undefined ? (_, starts) => new Set(starts) : one((x) => x === quoted);
      }
      default:
        return one((x) => x === c);
    }
  }

  /** Alternatives that do not close end with the pattern. */
  #alternatives(depth: number): Part | undefined {
    const choices: Part[] = [];
    do {
      this.#at++;
      const choice = this.sequence(depth);
      if (choice === undefined) return undefined;
      choices.push(choice);
    } while (this.chars[this.#at] === ",");
    return (name, starts) => new Set(choices.flatMap((choice) => [...choice(name, starts)]));
  }

  #class(): Part | undefined {
    const negated = this.chars[this.#at + 1] === "!";
    if (negated) this.#at++;
    const [low, dash, high, close] = this.chars.slice(this.#at + 1, this.#at + 5);
    if (dash === "-") {
      this.#at += 4;
      if (close !== "]" || high.codePointAt(0)! < low.codePointAt(0)!) return undefined;
      return one((x) => (code(low) <= code(x) && code(x) <= code(high)) !== negated);
    }
    const members = new Set<string>();
    for (this.#at++; this.chars[this.#at] !== "]"; this.#at++) {
      if (this.chars[this.#at] === "\\") this.#at++;
      if (this.#at >= this.chars.length) return undefined;
      members.add(this.chars[this.#at]);
    }
    return members.size === 0 ? undefined : one((x) => members.has(x) !== negated);
  }
}

const code = (c: string) => c.codePointAt(0)!;

function one(fits: (c: string) => boolean): Part {
  return (name, starts) => {
    const ends = new Set<number>();
    for (const start of starts) if (start < name.length && fits(name[start])) ends.add(start + 1);
    return ends;
  };
}

function many(fits: (c: string) => boolean): Part {
  return (name, starts) => {
    const ends = new Set<number>();
    for (const start of starts) {
      for (let end = start; !ends.has(end); end++) {
        ends.add(end);
        if (end === name.length || !fits(name[end])) break;
      }
    }
    return ends;
  };
}

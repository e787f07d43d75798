/** Command lines written for Go's flag packages, put into the one form that the parser here takes. */
import { parseGoBool } from "../controller/annotations.ts";

/** The long flags of a command, by kind. */
export interface FlagNames {
  readonly booleans: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/**
 * `-leader-elect` becomes `--leader-elect`, as Go's flag package has it, and `--leader-elect=T` becomes
 * `--leader-elect=true`, as pflag has it. Of a flag that occurs more than once the last one counts. Anything else, and
 * everything after `--`, is left alone.
 */
export function normalizeGoFlags(args: ReadonlyArray<string>, flags: FlagNames): string[] {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const parts: Array<{ readonly flag: string | null; readonly words: ReadonlyArray<string> }> = [];
  for (let index = 0; index < own.length; index++) {
    const found = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/s.exec(own[index]);
    const [, name = "", value] = found ?? [];
    const isBoolean = flags.booleans.has(name);
    if (!isBoolean && !flags.values.has(name)) parts.push({ flag: null, words: [own[index]] });
    else if (value !== undefined) {
      parts.push({ flag: name, words: [`--${name}=${(isBoolean ? parseGoBool(value) : undefined) ?? value}`] });
    } else if (isBoolean || index + 1 === own.length) parts.push({ flag: name, words: [`--${name}`] });
    else parts.push({ flag: name, words: [`--${name}`, own[++index]] });
  }
  const last = new Map(parts.map(({ flag }, index) => [flag, index]));
  const kept = parts.filter(({ flag }, index) => flag === null || last.get(flag) === index);
  return [...kept.flatMap(({ words }) => words), ...args.slice(own.length)];
}

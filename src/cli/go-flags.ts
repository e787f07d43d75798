/** Command lines written for Go's flag packages, put into the one form that the parser here takes. */
import { parseGoBool } from "../controller/annotations.ts";

/** The long flags of a command, by kind. */
export interface FlagNames {
  readonly booleans: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/**
 * `-leader-elect` becomes `--leader-elect`, as Go's flag package has it, and `--leader-elect=T` becomes
 * `--leader-elect=true`, as pflag has it. Anything else, and everything after `--`, is left alone.
 */
export function normalizeGoFlags(args: ReadonlyArray<string>, flags: FlagNames): string[] {
  const end = args.indexOf("--");
  const isKnown = (name: string) => flags.booleans.has(name) || flags.values.has(name);
  return args.map((arg, index) => {
    const found = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/s.exec(arg);
    if (found === null || (end >= 0 && index >= end) || !isKnown(found[1])) return arg;
    const [, name, value] = found;
    if (value === undefined) return `--${name}`;
    const flag = flags.booleans.has(name) ? parseGoBool(value) : undefined;
    return `--${name}=${flag ?? value}`;
  });
}

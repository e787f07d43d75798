/** Command lines written for Go's pflag package, put into the one form that the parser here takes. */
import type { Completions } from "effect/cli";
import { parseGoBool } from "../controller/annotations.ts";

/** A flag's names, and what kind of value it takes. */
export type FlagDescriptor = Pick<Completions.FlagDescriptor, "name" | "aliases" | "type"> & {
  /** What it stands for without a value, as pflag's `NoOptDefVal`; the word after it is not its value then. */
  readonly implied?: string;
};

/**
 * Each flag becomes `--name=value`: `-n test`, `-ntest` and `-n=test` become `--namespace=test`, `--leader-elect` becomes
 * `--leader-elect=true`, and `--leader-elect=T` too. A word after a flag that takes a value is its value, whatever it
 * looks like. `-leader-elect` is taken for `--leader-elect`, as Go's flag package has it. zap's words come in any case.
 * Anything else, and everything after `--`, is left alone.
 */
export function normalizeGoFlags(args: ReadonlyArray<string>, flags: ReadonlyArray<FlagDescriptor>): string[] {
  const words: string[] = [];
  let index = 0;
  for (; index < args.length && args[index] !== "--"; index++) {
    const isLast = index + 1 === args.length;
    const takeNext = () => isLast ? undefined : args[++index];
    words.push(...normalized(args[index], flags, takeNext));
  }
  return [...words, ...args.slice(index)];
}

function normalized(
  word: string,
  flags: ReadonlyArray<FlagDescriptor>,
  takeNext: () => string | undefined,
): ReadonlyArray<string> {
  const long = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/s.exec(word);
  const named = flags.find(({ name }) => name === long?.[1]);
  if (named !== undefined) return [withValue(named, long![2], takeNext)];
  if (!/^-[^-]/.test(word)) return [word];
  const letters = flags.find(({ aliases }) => aliases.includes(word[1]));
  if (letters === undefined) return [word];
  const rest = word.slice(2);
  if (letters.type._tag !== "Boolean") {
    return [withValue(letters, rest === "" ? undefined : rest.replace(/^=/, ""), takeNext)];
  }
  if (rest === "" || rest.startsWith("=")) {
    return [withValue(letters, rest === "" ? undefined : rest.slice(1), takeNext)];
  }
  return [withValue(letters, undefined, takeNext), ...normalized(`-${rest}`, flags, takeNext)];
}

function withValue(flag: FlagDescriptor, given: string | undefined, takeNext: () => string | undefined): string {
  const name = `--${flag.name}`;
  if (flag.type._tag === "Boolean") return `${name}=${parseGoBool(given ?? "true") ?? given}`;
  const value = given ?? flag.implied ?? takeNext();
  if (value === undefined) return name;
  return `${name}=${flag.name.startsWith("zap-") ? value.toLowerCase() : value}`;
}

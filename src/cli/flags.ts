/** The kinds of flags that the commands take, as Go's pflag has them: of one that is given twice the last counts. */
import { Argument, Flag, Param, Primitive } from "effect/cli";
import { readStringSlice } from "./string-slice.ts";

/** The last one given, or null. */
export const last = <A>(flag: Flag.Flag<A>, description: string): Flag.Flag<A | null> =>
  flag.pipe(
    Flag.withDescription(description),
    Flag.atLeast(0),
    Flag.map((given) => given.length === 0 ? null : given[given.length - 1]),
  );

export const text = (name: string, description: string) => last(Flag.String(name), description);

/** One of some words. */
export const choice = <const Words extends ReadonlyArray<string>>(name: string, words: Words, description: string) =>
  last(Flag.Literals(name, words), description);

/** What `read` makes of a word; it throws what was expected instead. */
export const parsed = <A>(name: string, metavar: string, read: (text: string) => A, description: string) =>
  last(
    Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.mapTryCatch(read, (error) => (error as Error).message)),
    description,
  );

/** `--name`, or `--name=false`; null when it is not given. */
export const toggle = (name: string, description: string) =>
  last(Flag.Boolean(name).pipe(Flag.withoutNegation), description);

/** A toggle that is off unless it is given. */
export const off = (name: string, description: string): Flag.Flag<boolean> =>
  toggle(name, description).pipe(Flag.map((given) => given ?? false));

/** All that are given, in order. */
export const repeated = <A>(flag: Flag.Flag<A>, description: string) =>
  flag.pipe(Flag.withDescription(description), Flag.atLeast(0));

/** As {@link repeated}, where one may hold several, with commas between them. */
export const slices = (flag: Flag.Flag<string>, description: string) =>
  repeated(flag.pipe(Flag.mapTryCatch(readStringSlice, (error) => (error as Error).message)), description).pipe(
    Flag.map((given) => given.flat()),
  );

/**
 * A path that is taken as it stands, and that shells complete. Effect's own paths are made absolute and looked up: `-`
 * and a shell's `<(...)` would be refused, and messages would not name the file as the user did.
 */
const path: Primitive.Primitive<string> = Object.assign({ ...Primitive.String }, { _tag: "Path", pathType: "either" });

export const pathFlag = (name: string): Flag.Flag<string> =>
  Param.makeSingle({ kind: Param.flagKind, name, primitiveType: path, typeName: "path" });

export const pathArgument = (name: string): Argument.Argument<string> =>
  Param.makeSingle({ kind: Param.argumentKind, name, primitiveType: path, typeName: "path" });

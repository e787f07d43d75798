/**
 * Flags of `helm template` that change nothing in what it prints of a chart on disk, since nothing is installed and
 * nothing is fetched: they are taken, checked as Helm checks them, and left out. Those that ask for more are refused.
 */
import { Data } from "effect";
import { parseGoBool } from "../controller/annotations.ts";
import { parseGoDuration } from "../watches/go-duration.ts";
import type { FlagDescriptor } from "./go-flags.ts";
import { logLine } from "./log-line.ts";

/** A flag that cannot be taken; the message says what to do instead. */
export class FlagRefused extends Data.TaggedError("FlagRefused")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail;
  }
}

interface HelmFlag extends FlagDescriptor {
  /** Helm's note of what to use instead; "" where it has none. */
  readonly deprecated: string;
  /** Whether all that it asks for is refused. */
  readonly refused: boolean;
  /** Throws if Helm refuses the value, with Go's words; what it returns is told. */
  readonly read: (value: string) => string | void;
}

type Kind = Pick<HelmFlag, "type" | "read">;

const bool: Kind = { type: { _tag: "Boolean" }, read: (value) => void readBool(value) };
const word: Kind = { type: { _tag: "String" }, read: () => {} };

const fromServer =
  'no cluster is asked here: leave --dry-run=server out, or let "helmwright diff" tell what would change';

const helmFlags: ReadonlyMap<string, HelmFlag> = new Map(
  [
    // How a chart is installed.
    ...flags(bool, "create-namespace", "disable-openapi-validation", "force-conflicts", "force-replace", "replace"),
    ...flags(bool, "rollback-on-failure", "server-side", "skip-crds", "take-ownership", "wait-for-jobs"),
    ...flags(word, "description", "post-renderer-args"),
    flag("dry-run", word, { implied: "unset", read: readDryRun }),
    flag("labels", word, { aliases: ["l"], read: readLabels }),
    flag("timeout", word, { read: (value) => void parseGoDuration(value) }),
    flag("wait", word, { implied: "watcher", read: readWait }),
    flag("atomic", bool, { deprecated: "use --rollback-on-failure instead" }),
    flag("force", bool, { deprecated: "use --force-replace instead" }),
    ...["hide-notes", "render-subchart-notes"].map((name) =>
      flag(name, bool, { deprecated: "this flag has no effect for 'helm template' and will be removed in Helm 5" })
    ),
    // Where a chart comes from that is not on disk.
    ...flags(bool, "dependency-update", "devel", "insecure-skip-tls-verify", "pass-credentials", "plain-http"),
    ...flags(word, "ca-file", "cert-file", "key-file", "keyring", "password", "username", "version"),
    // Those of every command.
    ...flags(word, "kube-apiserver", "kube-as-group", "kube-as-user", "kube-ca-file", "kube-tls-server-name"),
    ...flags(word, "kube-token", "content-cache", "registry-config", "repository-cache", "repository-config"),
    flag("kube-insecure-skip-tls-verify", bool),
    flag("burst-limit", word, { read: readInteger }),
    flag("qps", word, { read: readFloat }),
    ...["color", "colour"].map((name) => flag(name, word, { read: readColor })),
    // What is not done here.
    refused("enable-dns", bool, "names are not looked up here: give the address as a value instead"),
    refused("post-renderer", word, "post-renderers are not run here: pipe the output through the program instead"),
    refused("repo", word, 'no chart is fetched here: run "helm pull CHART --repo URL" and render the file it writes'),
    refused("validate", bool, fromServer, "use '--dry-run=server' instead"),
    refused("verify", bool, 'signatures are not checked here: run "helm verify" first'),
  ].map((described) => [described.name, described]),
);

function flag(
  name: string,
  kind: Kind,
  more: Partial<Omit<HelmFlag, "name" | "type">> = {},
): HelmFlag {
  return { name, aliases: [], deprecated: "", refused: false, ...kind, ...more };
}

function flags(kind: Kind, ...names: readonly string[]): HelmFlag[] {
  return names.map((name) => flag(name, kind));
}

/** A flag that is taken only where it asks for nothing. */
function refused(name: string, kind: Kind, detail: string, deprecated = ""): HelmFlag {
  const read = (value: string) => {
    if (kind === word || readBool(value)) throw new FlagRefused({ detail });
  };
  return flag(name, kind, { refused: true, deprecated, read });
}

/** The flags, for the normalizer of command lines. */
export const helmFlagDescriptors: readonly FlagDescriptor[] = [...helmFlags.values()];

/** What the help says of them, in lines as long as those of its tables. */
export const helmFlagsHelp = wrapped(
  "helm's other flags are taken too, and change nothing: " +
    [...helmFlags.values()].filter(({ deprecated, refused }) => deprecated === "" && !refused)
      .map(({ name }) => `--${name}`).join(" "),
);

function wrapped(text: string): string {
  return text.replace(/(.{1,100})(?: |$)/g, "  $1\n").trim();
}

/**
 * Takes Helm's flags out of normalized words; `told` are the lines for standard error. Throws {@link FlagRefused}.
 */
export function takeHelmFlags(words: readonly string[]): { rest: string[]; told: string[] } {
  const told: string[] = [];
  const given = new Set<string>();
  const rest: string[] = [];
  for (const [i, text] of words.entries()) {
    if (text === "--") {
      rest.push(...words.slice(i));
      break;
    }
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    const known = helmFlags.get(name);
    if (known === undefined) {
      rest.push(text);
      continue;
    }
    if (value === undefined) throw new FlagRefused({ detail: `flag needs an argument: --${name}` });
    given.add(name);
    if (known.deprecated !== "") told.push(`Flag --${name} has been deprecated, ${known.deprecated}`);
    const note = reading(known, value);
    if (typeof note === "string") told.push(note);
  }
  refusePair(given, "force-replace", "force-conflicts");
  refusePair(given, "force", "force-conflicts");
  return { rest, told };
}

function reading({ name, aliases, read }: HelmFlag, value: string): string | void {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof FlagRefused) throw error;
    const names = [...aliases.map((letter) => `-${letter}`), `--${name}`].join(", ");
    throw new FlagRefused({
      detail: `invalid argument ${JSON.stringify(value)} for "${names}" flag: ${(error as Error).message}`,
    });
  }
}

function refusePair(given: ReadonlySet<string>, one: string, other: string): void {
  if (!given.has(one) || !given.has(other)) return;
  throw new FlagRefused({
    detail: `if any flags in the group [${one} ${other}] are set none of the others can be; ` +
      `[${[one, other].sort().join(" ")}] were all set`,
  });
}

function readBool(value: string): boolean {
  const read = parseGoBool(value);
  if (read === undefined) throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  return read;
}

function readInteger(value: string): void {
  if (/^[+-]?\d+$/.test(value)) return;
  throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
}

function readFloat(value: string): void {
  if (value !== "" && !Number.isNaN(Number(value))) return;
  throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
}

function readColor(value: string): void {
  if (["never", "auto", "always"].includes(value)) return;
  throw new FlagRefused({
    detail: `invalid color mode ${JSON.stringify(value)}: must be one of: never, auto, always`,
  });
}

const systemLabels = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

function readLabels(value: string): void {
  for (const label of value.split(",")) {
    const [key, ...rest] = label.split("=");
    if (rest.length === 0) throw new Error(`${label} must be formatted as key=value`);
    if (!systemLabels.includes(key)) continue;
    throw new FlagRefused({
      detail: "user supplied labels contains system reserved label name. " +
        `System labels: [${systemLabels.join(" ")}]`,
    });
  }
}

function readWait(value: string): string | void {
  if (["watcher", "hookOnly", "legacy"].includes(value)) return;
  if (value !== "true" && value !== "false") {
    throw new Error(`invalid wait input ${JSON.stringify(value)}. Valid inputs are watcher, hookOnly, and legacy`);
  }
  const strategy = value === "true" ? "watcher" : "hookOnly";
  return logLine("WARN", `--wait=${value} is deprecated (boolean value) and can be replaced with --wait=${strategy}`);
}

function readDryRun(value: string): string | void {
  if (value === "client") return;
  if (value === "unset") {
    return logLine("WARN", "--dry-run is deprecated and should be replaced with '--dry-run=client'");
  }
  if (value === "server") throw new FlagRefused({ detail: fromServer });
  const told = parseGoBool(value);
  if (told === true) {
    return logLine("WARN", "boolean '--dry-run=true' flag is deprecated and must be replaced with '--dry-run=client'");
  }
  const allowed = told === false || value === "none" ? '"server" or "client"' : '"none", "server", or "client"';
  throw new FlagRefused({ detail: `invalid dry-run value (${JSON.stringify(value)}). Must be ${allowed}` });
}

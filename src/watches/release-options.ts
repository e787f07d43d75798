/** The fields of a watch that say how its releases are made, and what happens when that fails. */
import { DurationError, parseGoDuration } from "./go-duration.ts";

/** What a failed install or upgrade leads to. */
export type RemediationStrategy = "rollback" | "retry" | "uninstall";

export interface ReleaseFields {
  /**
   * What an install or upgrade waits for, in Helm's names. Hooks are always waited for; `hookOnly`, in other words
   * `none`, waits for nothing else. Default `hookOnly`, or `watcher` when `atomic`.
   */
  readonly wait: "hookOnly" | "watcher" | "watcherWithJobs" | "legacy";
  /** Milliseconds for each hook and for each object that is waited for. Default five minutes, as Helm's. */
  readonly timeout: number;
  /** Wait, and undo what fails: Helm's `--rollback-on-failure`, once `--atomic`. Default false. */
  readonly atomic: boolean;
  /** Delete what a failed upgrade added. Default false. */
  readonly cleanupOnFail: boolean;
  /** What happens to CRDs in crds/ that are there already: nothing, they are replaced, or no CRD is written at all. */
  readonly crds: "create" | "replace" | "skip";
  /** Take over objects that exist and are not the release's. Default false. */
  readonly takeOwnership: boolean;
  readonly disableHooks: boolean;
  /** Default true, as Helm's for new releases; false merges on the client's side. */
  readonly serverSideApply: boolean;
  /** Run the chart's test hooks after each install and upgrade. Default false. */
  readonly test: boolean;
  /** Of the revisions, in place of Helm's `Install complete` and `Upgrade complete`. "" for those. */
  readonly description: string;
  /** On the release records. */
  readonly labels: Readonly<Record<string, string>>;
  readonly remediation: {
    /** Default `rollback`, as operator-sdk: a failed install is uninstalled, a failed upgrade rolled back. */
    readonly strategy: RemediationStrategy;
    /** Tries after the first of one and the same release; null for no end. Default null. */
    readonly retries: number | null;
  };
}

/** Of a watch that says nothing of it. */
export const releaseDefaults: ReleaseFields = {
  wait: "hookOnly",
  timeout: 300_000,
  atomic: false,
  cleanupOnFail: false,
  crds: "create",
  takeOwnership: false,
  disableHooks: false,
  serverSideApply: true,
  test: false,
  description: "",
  labels: {},
  remediation: { strategy: "rollback", retries: null },
};

export const releaseFieldNames = Object.keys(releaseDefaults) as ReadonlyArray<keyof ReleaseFields>;

/** A value that a field cannot have; `path` leads to it from the field. */
class Unusable {
  constructor(readonly text: string, readonly path: ReadonlyArray<string> = []) {}
}

/**
 * Reads the fields. `valueOf` gives a field's YAML value, undefined when it is not there; each problem is told to `fail`,
 * and the field's default stands.
 */
export function readReleaseFields(
  valueOf: (field: keyof ReleaseFields) => unknown,
  fail: (field: keyof ReleaseFields, path: ReadonlyArray<string>, text: string) => void,
): ReleaseFields {
  const read: Record<string, unknown> = { ...releaseDefaults };
  for (const field of releaseFieldNames) {
    const value = valueOf(field);
    if (value === undefined) continue;
    const result = readers[field](value);
    if (result instanceof Unusable) fail(field, result.path, result.text);
    else read[field] = result;
  }
  if (read.atomic === true && valueOf("wait") === undefined) read.wait = "watcher";
  const fields = read as unknown as ReleaseFields;
  if (fields.atomic && fields.remediation.strategy === "retry") {
    fail("atomic", [], "atomic undoes what fails, and the remediation strategy retry leaves it: choose one");
  }
  return fields;
}

/** Reads the text of an annotation as a strategy; undefined for what is none. */
export function readStrategy(text: string): RemediationStrategy | undefined {
  return strategies.find((each) => each === text);
}

const strategies: ReadonlyArray<RemediationStrategy> = ["rollback", "retry", "uninstall"];

type Reader = (value: unknown) => unknown;

const boolean: Reader = (value) => typeof value === "boolean" ? value : new Unusable(expected("true or false", value));

const readers: Readonly<Record<keyof ReleaseFields, Reader>> = {
  wait: (value) => {
    if (value === true) return "watcher";
    if (value === false || value === "none") return "hookOnly";
    return oneOf(["hookOnly", "watcher", "watcherWithJobs", "legacy"], "none, ")(value);
  },
  timeout: (value) => {
    try {
      if (typeof value === "string") {
        const millis = parseGoDuration(value);
        if (millis > 0) return millis;
      }
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
    }
    return new Unusable(expected("a duration of more than zero, such as 5m", value));
  },
  atomic: boolean,
  cleanupOnFail: boolean,
  crds: oneOf(["create", "replace", "skip"]),
  takeOwnership: boolean,
  disableHooks: boolean,
  serverSideApply: boolean,
  test: boolean,
  description: (value) => typeof value === "string" ? value : new Unusable(expected("a string", value)),
  labels: readLabels,
  remediation: readRemediation,
};

function oneOf(names: ReadonlyArray<string>, more = ""): Reader {
  return (value) =>
    names.some((name) => name === value) ? value : new Unusable(expected(`one of ${more}${names.join(", ")}`, value));
}

function readLabels(value: unknown): unknown {
  if (!(value instanceof Map)) return new Unusable(expected("a map of strings", value));
  for (const [name, text] of value) {
    const path = [String(name)];
    if (ours.has(name)) return new Unusable(`label "${name}" is Helm's own`, path);
    if (typeof text !== "string" || !labelValue.test(text)) {
      return new Unusable(`label "${name}" ${expected("a label's value, in quotes if it is a number", text)}`, path);
    }
  }
  return Object.fromEntries(value);
}

const ours = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt", "key", "type"]);
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function readRemediation(value: unknown): unknown {
  if (!(value instanceof Map)) return new Unusable(expected("a map with strategy and retries", value));
  const { strategy, retries } = releaseDefaults.remediation;
  const read: { strategy: unknown; retries: unknown } = { strategy, retries };
  for (const [name, field] of value) {
    if (name === "strategy") {
      const found = oneOf(strategies)(field);
      if (found instanceof Unusable) return new Unusable(`strategy ${found.text}`, [name]);
      read.strategy = found;
    } else if (name === "retries") {
      if (!Number.isSafeInteger(field) || (field as number) < 0) {
        return new Unusable(`retries ${expected("a whole number of at least 0", field)}`, [name]);
      }
      read.retries = field;
    } else return new Unusable(`unknown field "remediation.${name}"`, [String(name)]);
  }
  return read;
}

function expected(what: string, value: unknown): string {
  const shown = value instanceof Map ? "a map" : Array.isArray(value) ? "a list" : JSON.stringify(value);
  return `must be ${what}: current value is ${shown}`;
}

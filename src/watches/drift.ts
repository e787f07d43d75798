/** The field `drift` of a watch: what is done about changes that others make to a release's objects. */

export interface DriftFields {
  /** Put back, only told of, or not even compared. Default `repair`. */
  readonly mode: "repair" | "warn" | "off";
  /** Fields that are left alone. */
  readonly ignore: ReadonlyArray<{
    /** Which objects are meant: those that have all that is given. */
    readonly target: {
      readonly group?: string;
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
    /** JSON pointers, such as `/spec/replicas`. */
    readonly paths: ReadonlyArray<string>;
  }>;
}

export const driftDefaults: DriftFields = { mode: "repair", ignore: [] };

/** The field cannot be used. `path` leads to the wrong part. */
export class DriftFieldError extends Error {
  override readonly name = "DriftFieldError";
  constructor(message: string, readonly path: ReadonlyArray<string | number>) {
    super(message);
  }
}

const modes = ["repair", "warn", "off"] as const;
const targetFields = ["group", "kind", "namespace", "name"];

/** Reads the field's YAML value. Throws {@link DriftFieldError} at the first thing that is wrong. */
export function readDrift(value: unknown): DriftFields {
  const table = mapOf(value, ["mode", "ignore"], "drift", []);
  const given = table.get("mode") ?? driftDefaults.mode;
  const mode = modes.find((each) => each === given);
  if (mode === undefined) {
    throw new DriftFieldError(`drift.mode must be one of ${modes.join(", ")}: current value is ${show(given)}`, [
      "mode",
    ]);
  }
  return { mode, ignore: listOf(table.get("ignore") ?? [], "drift.ignore", ["ignore"]).map(readRule) };
}

function readRule(value: unknown, index: number): DriftFields["ignore"][number] {
  const path = ["ignore", index];
  const rule = mapOf(value, ["target", "paths"], "an entry of drift.ignore", path);
  const target: Record<string, string> = {};
  for (const [key, text] of mapOf(rule.get("target") ?? new Map(), targetFields, "target", [...path, "target"])) {
    if (typeof text !== "string") {
      throw new DriftFieldError(`target.${key} must be a string: current value is ${show(text)}`, [
        ...path,
        "target",
        key,
      ]);
    }
    target[key] = text;
  }
  const paths = listOf(rule.get("paths"), "paths", rule.has("paths") ? [...path, "paths"] : path);
  paths.forEach((pointer, at) => {
    if (typeof pointer === "string" && /^(\/([^~]|~[01])*)+$/.test(pointer) && pointer !== "/") return;
    const text = `a path must be a JSON pointer such as /spec/replicas: current value is ${show(pointer)}`;
    throw new DriftFieldError(text, [...path, "paths", at]);
  });
  return { target, paths: paths as string[] };
}

function mapOf(
  value: unknown,
  fields: ReadonlyArray<string>,
  what: string,
  path: ReadonlyArray<string | number>,
): ReadonlyMap<string, unknown> {
  if (!(value instanceof Map)) {
    throw new DriftFieldError(`${what} must be a map with ${fields.join(", ")}: current value is ${show(value)}`, path);
  }
  for (const key of value.keys()) {
    if (!fields.includes(key)) throw new DriftFieldError(`${what} has an unknown field "${key}"`, [...path, key]);
  }
  return value;
}

function listOf(value: unknown, what: string, path: ReadonlyArray<string | number>): unknown[] {
  if (Array.isArray(value)) return value;
  throw new DriftFieldError(`${what} must be a list: current value is ${show(value)}`, path);
}

function show(value: unknown): string {
  if (value instanceof Map) return "a map";
  return Array.isArray(value) ? "a list" : value === undefined ? "nothing" : JSON.stringify(value);
}

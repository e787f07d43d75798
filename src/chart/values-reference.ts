/** `valuesFrom`: values that lie in ConfigMaps and Secrets, named as Flux's HelmRelease names them. */
import { type GoMap, type GoValue, isMap } from "../template/value.ts";
import { parseInto, parseLiteralInto } from "./strvals.ts";

/** A ConfigMap or Secret in the release's namespace, and what is taken from it. */
export interface ValuesReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** The key of its data. Default `values.yaml`. */
  readonly valuesKey: string;
  /** The value's path in the values, such as `database.password`; "" for a key that holds a whole values file. */
  readonly targetPath: string;
  /** Whether the object may be missing. Default false. */
  readonly optional: boolean;
}

/** References that cannot be read. `path` leads to the wrong part. */
export class ValuesReferenceError extends Error {
  override readonly name = "ValuesReferenceError";
  constructor(message: string, readonly path: ReadonlyArray<string | number>) {
    super(message);
  }
}

const fields = ["kind", "name", "valuesKey", "targetPath", "optional"];
const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const keyPattern = /^[-._a-zA-Z0-9]+$/;

/** Reads a `valuesFrom` list. Throws {@link ValuesReferenceError} at the first thing that is wrong. */
export function readValuesReferences(value: GoValue): ValuesReference[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new ValuesReferenceError("valuesFrom must be a list", []);
  return value.map((each, index) => readReference(each, index));
}

function readReference(value: GoValue, index: number): ValuesReference {
  const fail = (message: string, field?: string) => {
    const isThere = field !== undefined && isMap(value) && value.has(field);
    return new ValuesReferenceError(message, isThere ? [index, field] : [index]);
  };
  if (!isMap(value)) throw fail("an entry of valuesFrom must be a map with kind and name");
  const unknown = [...value.keys()].find((key) => !fields.includes(key));
  if (unknown !== undefined) throw fail(`unknown field "${unknown}"`, unknown);
  const text = (field: string, otherwise: string): string => {
    const found = value.get(field) ?? otherwise;
    if (typeof found !== "string") throw fail(`${field} must be a string`, field);
    return found;
  };
  const kind = text("kind", "");
  if (kind !== "ConfigMap" && kind !== "Secret") {
    throw fail(`kind must be ConfigMap or Secret: current value is "${kind}"`, "kind");
  }
  const name = text("name", "");
  if (!namePattern.test(name)) throw fail(`name must be an object's name: current value is "${name}"`, "name");
  const valuesKey = text("valuesKey", "values.yaml");
  if (!keyPattern.test(valuesKey)) throw fail(`valuesKey must be a key: current value is "${valuesKey}"`, "valuesKey");
  const targetPath = text("targetPath", "");
  if (targetPath !== "" && !isPath(targetPath)) {
    throw fail(`targetPath must be a path such as a.b or a[0]: current value is "${targetPath}"`, "targetPath");
  }
  const optional = value.get("optional") ?? false;
  if (typeof optional !== "boolean") throw fail("optional must be true or false", "optional");
  return { kind, name, valuesKey, targetPath, optional };
}

function isPath(path: string): boolean {
  if (/[=,{}\\\s]/.test(path)) return false;
  try {
    parseLiteralInto(`${path}=x`, new Map());
    return true;
  } catch {
    return false;
  }
}

/** What `--set` reads as something other than a string. */
const typed = /^(true|false|null|0|-?[1-9]\d{0,17})$/;

/**
 * Sets a single value at a path. `true`, `false`, `null` and whole numbers have their type, as with `--set`, unless they
 * stand in quotes; everything else is the string that it is, with its commas, braces and line breaks. Throws Helm's error
 * when the path leads through something that is no map or list.
 */
export function setValueAt(values: GoMap, path: string, text: string): void {
  if (typed.test(text)) return parseInto(`${path}=${text}`, values);
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  parseLiteralInto(`${path}=${quoted === null ? text : quoted[2]}`, values);
}

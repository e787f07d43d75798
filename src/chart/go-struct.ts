/**
 * Reading YAML into Go structs, as sigs.k8s.io/yaml does on top of encoding/json: a number or bool becomes a string
 * where the field is a string, keys fit a field whatever their case, unknown keys are ignored, and a value of the
 * wrong type is an error with Go's words.
 */
import { parseTime } from "../sprig/time/parse.ts";
import { utc } from "../sprig/time/zone.ts";
import { formatFloat } from "../template/format.ts";
import { type GoValue, Int, isList, isMap, sortedKeys } from "../template/value.ts";

/** A Go type, as far as Helm's structs need them. */
export type GoType =
  | { readonly kind: "string" | "bool" | "any" | "time" }
  | { readonly kind: "list" | "map"; readonly of: GoType }
  | {
    readonly kind: "struct";
    /** The type's name in errors about its fields; "" for an anonymous one. */
    readonly name: string;
    /** The type as Go prints it, `v2.Metadata`. */
    readonly type: string;
    readonly fields: Readonly<Record<string, GoType>>;
  };

/** What a struct is read into: fields that the YAML lacks, or has as null, are absent. */
export type GoStruct = { [field: string]: unknown };

/** The error of a value that its field cannot hold. */
export class GoTypeError extends Error {
  override readonly name = "GoTypeError";
}

/**
 * Reads a YAML document, decoded by `readYamlTyped`, into a struct. Like Go it reads on after a value of the wrong type, leaves that field
 * out, and then throws {@link GoTypeError} for the first one.
 */
export function readStruct(value: GoValue, type: GoType & { kind: "struct" }): GoStruct {
  const reader = new StructReader();
  const result = reader.read(value, type, "", []);
  if (reader.error !== undefined) throw reader.error;
  return (result ?? {}) as GoStruct;
}

class StructReader {
  error: GoTypeError | undefined;

  read(value: GoValue, type: GoType, owner: string, path: readonly string[]): unknown {
    if (value === null) return undefined;
    switch (type.kind) {
      case "any":
        return value;
      case "string":
        return this.#string(value, type, owner, path);
      case "bool":
        return typeof value === "boolean" ? value : this.#refuse(value, type, owner, path);
      case "time":
        return this.#time(value);
      case "list":
        if (!isList(value)) return this.#refuse(value, type, owner, path);
        // A null in a list of structs stays one: Helm refuses it with words of its own.
        return value.map((item) => this.read(item, type.of, owner, path) ?? (type.of.kind === "string" ? "" : null));
      case "map":
        if (!isMap(value)) return this.#refuse(value, type, owner, path);
        return new Map(inOrder(value).map(([key, item]) => [key, this.read(item, type.of, owner, path) ?? ""]));
      case "struct":
        return isMap(value) ? this.#struct(value, type, path) : this.#refuse(value, type, owner, path);
    }
  }

  #string(value: GoValue, type: GoType, owner: string, path: readonly string[]): unknown {
    if (typeof value === "string") return value;
    if (typeof value === "boolean") return String(value);
    if (value instanceof Int) return value.toString();
    if (typeof value === "number") return float32String(value);
    return this.#refuse(value, type, owner, path);
  }

  #time(value: GoValue): string | undefined {
    try {
      if (typeof value !== "string") throw new Error("Time.UnmarshalJSON: input is not a JSON string");
      parseTime("2006-01-02T15:04:05Z07:00", value, utc);
      return value;
    } catch (error) {
      this.#fail((error as Error).message);
      return undefined;
    }
  }

  #struct(value: ReadonlyMap<string, GoValue>, type: GoType & { kind: "struct" }, path: readonly string[]): GoStruct {
    const result: GoStruct = {};
    for (const [key, item] of inOrder(value)) {
      const field = key in type.fields
        ? key
        : Object.keys(type.fields).find((name) =>
          name.length === key.length && name.toLowerCase() === key.toLowerCase()
        );
      if (field === undefined) continue;
      const read = this.read(item, type.fields[field], type.name, [...path, field]);
      if (read !== undefined) result[field] = read;
    }
    return result;
  }

  #refuse(value: GoValue, type: GoType, owner: string, path: readonly string[]): undefined {
    const into = path.length === 0 ? "Go value" : `Go struct field ${owner}.${path.join(".")}`;
    this.#fail(`json: cannot unmarshal ${jsonKind(value)} into ${into} of type ${goName(type)}`);
    return undefined;
  }

  #fail(problem: string): void {
    this.error ??= new GoTypeError(`error unmarshaling JSON: while decoding JSON: ${problem}`);
  }
}

/** The order in which the JSON between the YAML and the struct has them, which decides the first mistake. */
function inOrder(map: ReadonlyMap<string, GoValue>): [string, GoValue][] {
  return sortedKeys(map).map((key) => [key, map.get(key)!]);
}

function jsonKind(value: GoValue): string {
  if (isList(value)) return "array";
  if (isMap(value)) return "object";
  return typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
}

function goName(type: GoType): string {
  switch (type.kind) {
    case "list":
      return `[]${type.of.kind === "struct" ? "*" : ""}${goName(type.of)}`;
    case "map":
      return `map[string]${goName(type.of)}`;
    case "struct":
      return type.type;
    case "any":
      return "interface {}";
    case "time":
      return "time.Time";
    default:
      return type.kind;
  }
}

/** `strconv.FormatFloat(n, 'g', -1, 32)`: the shortest text that reads back as the same 32-bit float. */
function float32String(n: number): string {
  const single = Math.fround(n);
  let short = single;
  for (let digits = 1; Number.isFinite(single); digits++) {
    short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) break;
  }
  return formatFloat(short, "g", -1);
}

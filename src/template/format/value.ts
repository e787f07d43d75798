/** Printing of one Go value under a verb: fmt's printArg and printValue. */
import { fromBytes, toBytes } from "../bytes.ts";
import { Complex } from "../complex.ts";
import { typeName } from "../type-name.ts";
import { GoObject, type GoValue, Int, sortedKeys, TypedList } from "../value.ts";
import { isNil, nilBytes, NilMap } from "../signature.ts";
import {
  bare,
  type Flags,
  formatHexBytes,
  formatInteger,
  formatNumber,
  formatQuoted,
  formatQuotedRune,
  formatRune,
  formatUnicode,
  pad,
  truncate,
} from "./basic.ts";
import { floatText } from "./float.ts";

/** `%v` without flags: what `fmt.Sprint` makes of one value. */
export function sprint(value: GoValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return floatText(value);
    case "boolean":
      return value ? "true" : "false";
  }
  if (value === null) return "<nil>";
  if (value instanceof Int) return value.value.toString();
  return printArg(bare, value, "v");
}

/** An operand of Sprintf under `verb`. */
export function printArg(flags: Flags, value: GoValue, verb: string): string {
  if (value === null) return verb === "T" || verb === "v" ? pad(flags, "<nil>") : badVerb(flags, value, verb);
  if (verb === "T") return pad(flags, truncate(flags, typeName(value)));
  if (verb === "w") return badVerb(flags, value, verb); // Only Errorf wraps.
  if (verb === "p") return printPointer(flags, value, verb);
  if (value instanceof Uint8Array) return printBytes(flags, value, verb, "[]byte");
  return printValue(flags, value, verb, 0);
}

/** A mistake of the format: `%!d(string=x)`. */
function badVerb(flags: Flags, value: GoValue, verb: string): string {
  const erroring = { ...flags, erroring: true };
  const shown = value === null ? "<nil>" : `${typeName(value)}=${printValue(erroring, value, "v", 0)}`;
  return `%!${verb}(${shown})`;
}

function printValue(flags: Flags, value: GoValue, verb: string, depth: number): string {
  switch (typeof value) {
    case "string":
      return printString(flags, value, verb);
    case "number":
      return printFloat(flags, value, verb);
    case "boolean":
      return verb === "t" || verb === "v" ? pad(flags, value ? "true" : "false") : badVerb(flags, value, verb);
    case "function":
      return printPointer(flags, value, verb);
  }
  if (value === null) return flags.sharpV ? "interface {}(nil)" : "<nil>";
  if (value instanceof Int) return printInteger(flags, value, verb);
  if (value instanceof Map) return printMap(flags, value, typeName(value), verb, depth);
  if (value instanceof Uint8Array) return printBytes(flags, value, verb, "[]uint8");
  if (Array.isArray(value)) return printList(flags, value, typeName(value), verb, depth);
  return printObject(flags, value, verb, depth);
}

function printString(flags: Flags, text: string, verb: string): string {
  switch (verb) {
    case "v":
      if (flags.sharpV) return formatQuoted(flags, text);
      return pad(flags, truncate(flags, text));
    case "s":
      return pad(flags, truncate(flags, text));
    case "q":
      return formatQuoted(flags, text);
    case "x":
    case "X":
      return formatHexBytes(flags, toBytes(text), verb === "X");
  }
  return badVerb(flags, text, verb);
}

function printFloat(flags: Flags, value: number, verb: string): string {
  switch (verb) {
    case "v":
      return flags === bare ? floatText(value) : formatNumber(flags, value, "g", -1);
    case "b":
    case "g":
    case "G":
    case "x":
    case "X":
      return formatNumber(flags, value, verb, -1);
    case "f":
    case "e":
    case "E":
      return formatNumber(flags, value, verb, 6);
    case "F":
      return formatNumber(flags, value, "f", 6);
  }
  return badVerb(flags, value, verb);
}

/** An integer; `value` is what it is a number of, where its type has a name of its own. */
function printInteger(flags: Flags, int: Int, verb: string, value: GoValue = int): string {
  const number = int.value;
  switch (verb) {
    case "v":
      if (flags.sharpV && int.kind.startsWith("u")) return formatInteger({ ...flags, sharp: true }, number, 16, "v");
      return formatInteger(flags, number, 10, verb);
    case "d":
      return formatInteger(flags, number, 10, verb);
    case "b":
      return formatInteger(flags, number, 2, verb);
    case "o":
    case "O":
      return formatInteger(flags, number, 8, verb);
    case "x":
    case "X":
      return formatInteger(flags, number, 16, verb);
    case "c":
      return formatRune(flags, number);
    case "q":
      return formatQuotedRune(flags, number);
    case "U":
      return formatUnicode(flags, number);
  }
  return badVerb(flags, value, verb);
}

function printBytes(flags: Flags, bytes: Uint8Array, verb: string, type: string): string {
  switch (verb) {
    case "s":
      return pad(flags, truncate(flags, fromBytes(bytes)));
    case "q":
      return formatQuoted(flags, fromBytes(bytes));
    case "x":
    case "X":
      return formatHexBytes(flags, bytes, verb === "X");
  }
  if (flags.sharpV && bytes === nilBytes) return `${type}(nil)`;
  const print = verb === "v" && flags.sharpV
    ? (b: number) => formatInteger({ ...flags, sharp: true }, BigInt(b), 16, "v")
    : (b: number) => printInteger(flags, new Int(BigInt(b), "uint8"), verb);
  // A chart's files may be megabytes, printed by whoever prints the dot.
  const printed: string[] = [];
  const items: string[] = new Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) items[i] = printed[bytes[i]] ??= print(bytes[i]);
  return flags.sharpV ? `${type}{${items.join(", ")}}` : `[${items.join(" ")}]`;
}

function printMap(flags: Flags, map: Map<string, GoValue>, type: string, verb: string, depth: number): string {
  if (flags.sharpV && map instanceof NilMap) return `${type}(nil)`;
  const items = sortedKeys(map).map((key) =>
    `${printString(flags, key, verb)}:${printValue(flags, map.get(key)!, verb, depth + 1)}`
  );
  return flags.sharpV ? `${type}{${items.join(", ")}}` : `map[${items.join(" ")}]`;
}

function printList(flags: Flags, list: GoValue[], type: string, verb: string, depth: number): string {
  if (flags.sharpV && list instanceof TypedList && list.isNil) return `${type}(nil)`;
  const items: string[] = [];
  for (const item of list) items.push(printValue(flags, item, verb, depth + 1));
  return flags.sharpV ? `${type}{${items.join(", ")}}` : `[${items.join(" ")}]`;
}

function printObject(flags: Flags, object: GoObject, verb: string, depth: number): string {
  if (object instanceof Complex) return printComplex(flags, object, verb);
  if (!flags.erroring && !flags.sharpV && isStringer(object) && "vsxXq".includes(verb)) {
    return printString(flags, object.toString(), verb);
  }
  const source = flags.sharpV && !flags.erroring ? object.goString() : undefined;
  if (source !== undefined) return pad(flags, truncate(flags, source));
  const integer = object.integer();
  if (integer !== undefined) return printInteger(flags, integer, verb, object);
  const collection = object.collection();
  if (collection instanceof Map) return printMap(flags, collection, object.type, verb, depth);
  if (collection !== undefined) return printList(flags, collection, object.type, verb, depth);
  if (object.kind === "ptr" && (depth > 0 || object.isNil)) return printPointer(flags, object, verb);
  const fields = object.structFields().map(([name, value]) => {
    const text = printValue(flags, value, verb, depth + 1);
    return flags.plusV || flags.sharpV ? `${name}:${text}` : text;
  });
  const type = flags.sharpV ? object.type.replace(/^\*/, "") : "";
  return `${object.kind === "ptr" ? "&" : ""}${type}{${fields.join(flags.sharpV ? ", " : " ")}}`;
}

/** As an action prints a value: what a pointer points to, before which `print` and `printf` show an `&`. */
export function sprintIndirect(value: GoValue): string {
  const text = sprint(value);
  return value instanceof GoObject && value.kind === "ptr" ? text.replace(/^&(?={)/, "") : text;
}

/** Whether the object's Go type has a `String` or `Error` method: whether its class defines `toString`. */
export function isStringer(object: GoObject): boolean {
  return object.toString !== Object.prototype.toString;
}

function printComplex(flags: Flags, value: Complex, verb: string): string {
  if (!"vbgGxXfFeE".includes(verb)) return badVerb(flags, value, verb);
  return `(${printFloat(flags, value.real, verb)}${printFloat({ ...flags, plus: true }, value.imaginary, verb)}i)`;
}

/** An address. It differs from run to run in Go, so this one stands for all. */
const address = 0xc000010000n;

function printPointer(flags: Flags, value: GoValue, verb: string): string {
  const pointer = typeof value === "function" || value instanceof Map || Array.isArray(value) ||
    value instanceof Uint8Array || (value instanceof GoObject && ["ptr", "map", "slice"].includes(value.kind));
  if (!pointer) return badVerb(flags, value, verb);
  const at = isNil(value) ? 0n : address;
  switch (verb) {
    case "v":
      if (flags.sharpV) {
        return `(${typeName(value)})(${at === 0n ? "nil" : formatInteger({ ...flags, sharp: true }, at, 16, "v")})`;
      }
      if (at === 0n) return pad(flags, "<nil>");
      return formatInteger({ ...flags, sharp: !flags.sharp }, at, 16, "v");
    case "p":
      return formatInteger({ ...flags, sharp: !flags.sharp }, at, 16, "v");
    case "b":
    case "o":
    case "d":
    case "x":
    case "X":
      return printInteger(flags, new Int(at, "uint64"), verb);
  }
  return badVerb(flags, value, verb);
}

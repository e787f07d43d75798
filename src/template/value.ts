/**
 * Go's values, as templates see them.
 *
 * A chart's author meets Go's types all the time: `5` in values.yaml is a float64 and prints as `5`, one million
 * prints as `1e+06`, `add 1 2` is an int64, `kindOf` tells them apart. So the types are kept apart here too:
 *
 * | Go | here |
 * | --- | --- |
 * | nil, and a missing map key | `null` |
 * | bool, string | `boolean`, `string` |
 * | float64 | `number` |
 * | int, int64, uint8 ... and named integers such as time.Duration | `Int` |
 * | []any | an array |
 * | []string and other typed slices | `TypedList`, an array that knows its element type |
 * | []byte | `Uint8Array` |
 * | map[string]any | `Map` with string keys; ranging and printing sort the keys, as Go does |
 * | map[string]string and other named or typed maps | `TypedMap`, a `Map` that knows its type's name |
 * | func | `GoFunction` |
 * | structs, pointers to them, and anything with methods | `GoObject` |
 */

export type GoValue =
  | null
  | boolean
  | number
  | string
  | Int
  | GoList
  | GoMap
  | Uint8Array
  | GoObject
  | GoFunction;

/** map[string]any. Never a plain object: keys such as `__proto__` or `1` are ordinary keys in Go. */
export type GoMap = Map<string, GoValue>;

/** A Go slice. Go's append and slicing never change what the caller holds; copy instead of mutating. */
export type GoList = GoValue[];

/** A function that a template can call. Arguments arrive as Go values, unconverted; a thrown `Error` fails the call. */
export type GoFunction = (...args: GoValue[]) => GoValue;

/** The names of Go's integer kinds. */
export type IntKind = "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32" | "uint64";

const bits: Record<IntKind, number> = {
  int: 64,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
};

/** A Go integer of a kind. The value always lies within the kind's range: make one with {@link int} or {@link wrap}. */
export class Int {
  constructor(readonly value: bigint, readonly kind: IntKind) {}

  /** For arithmetic and indexing in TypeScript; exact within 2^53. */
  valueOf(): number {
    return Number(this.value);
  }

  toString(): string {
    return this.value.toString();
  }
}

const small: Int[] = Array.from({ length: 256 }, (_, n) => new Int(BigInt(n), "int"));

/** A Go `int`. Fractions are cut off, as Go's conversion does. */
export function int(n: number | bigint): Int {
  if (typeof n === "number") {
    if (n >= 0 && n < small.length && Number.isInteger(n)) return small[n];
    return wrap(BigInt(Math.trunc(n)), "int");
  }
  return n >= 0n && n < 256n ? small[Number(n)] : wrap(n, "int");
}

/** A Go `int64`. */
export function int64(n: number | bigint): Int {
  return wrap(typeof n === "number" ? BigInt(Math.trunc(n)) : n, "int64");
}

/** An integer of `kind`; overflow wraps around, as in Go. */
export function wrap(value: bigint, kind: IntKind): Int {
  const width = bits[kind];
  return new Int(kind.startsWith("u") ? BigInt.asUintN(width, value) : BigInt.asIntN(width, value), kind);
}

/** A slice whose element type is not `any`, such as the []string that `splitList` and `keys` return. */
export class TypedList extends Array<GoValue> {
  /** Go's name of the element type, such as `string`. */
  element = "string";
  /** A nil slice: empty in every way, but JSON and YAML write it as null, and it is not deeply equal to an empty one. */
  isNil = false;

  // Array methods such as map and filter give plain lists, as a []any.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static ofType(element: string, values: Iterable<GoValue>): TypedList {
    const list = new TypedList();
    list.element = element;
    for (const value of values) list.push(value);
    return list;
  }
}

/** Go's nil slice, which some functions return instead of an empty one (`concat` of nothing, `rest` of nothing). */
export function nilSlice(element = "interface {}"): TypedList {
  const list = TypedList.ofType(element, []);
  list.isNil = true;
  return list;
}

/** A []string. */
export function strings(values: Iterable<string>): TypedList {
  return TypedList.ofType("string", values);
}

/** A map whose Go type is not map[string]any; `type` is that type's name, such as `map[string]string`. */
export class TypedMap extends Map<string, GoValue> {
  constructor(readonly type: string, entries?: Iterable<readonly [string, GoValue]>) {
    super(entries);
  }
  /** A method of the type, which hides a key of the same name; undefined when there is none. */
  method(_name: string): GoFunction | undefined {
    return undefined;
  }
  /** A map of the same type with other entries. */
  withEntries(entries: GoMap): TypedMap {
    return new TypedMap(this.type, entries);
  }
}

/**
 * A map[string]any under a type name of its own. It shares its entries with `map`, as Go's conversion between the two
 * does, and a function whose parameter is a map[string]any gets `map`.
 */
export class NamedMap extends TypedMap {
  constructor(type: string, readonly map: GoMap) {
    super(type);
  }
  override get size(): number {
    return this.map.size;
  }
  override get(key: string): GoValue | undefined {
    return this.map.get(key);
  }
  override has(key: string): boolean {
    return this.map.has(key);
  }
  override set(key: string, value: GoValue): this {
    this.map.set(key, value);
    return this;
  }
  override delete(key: string): boolean {
    return this.map.delete(key);
  }
  override clear(): void {
    this.map.clear();
  }
  override keys(): MapIterator<string> {
    return this.map.keys();
  }
  override values(): MapIterator<GoValue> {
    return this.map.values();
  }
  override entries(): MapIterator<[string, GoValue]> {
    return this.map.entries();
  }
  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.map.entries();
  }
  override forEach(visit: (value: GoValue, key: string, map: GoMap) => void): void {
    this.map.forEach((value, key) => visit(value, key, this));
  }
  override withEntries(entries: GoMap): NamedMap {
    return new NamedMap(this.type, entries);
  }
}

/** Go's nil map of a type: empty for reading; writing to it fails as in Go, and JSON and YAML write it as null. */
export class NilMap extends TypedMap {
  override set(_key: string, _value: GoValue): this {
    throw new Error("assignment to entry in nil map");
  }
}

/**
 * A value with fields or methods of its own, such as `.Files`, `.Capabilities.KubeVersion` or a time.
 *
 * `fields` and `methods` are looked up by their Go names. A Go `String()` method is `toString`.
 */
export abstract class GoObject {
  /** Go's type, as `%T` prints it: `time.Time`, `*common.Capabilities`. */
  abstract readonly type: string;
  /** Go's kind, as `kindOf` prints it. */
  readonly kind: string = "struct";
  /** Whether it is the nil of a pointer's type. */
  readonly isNil: boolean = false;
  /** A field's value, or undefined when the type has no such field. */
  field(_name: string): GoValue | undefined {
    return undefined;
  }
  /** A method bound to this value, or undefined when the type has no such method. */
  method(_name: string): GoFunction | undefined {
    return undefined;
  }
  /** The fields in the order of their declaration, for printing and comparing. */
  structFields(): readonly (readonly [string, GoValue])[] {
    return [];
  }
  /**
   * What an action prints of a struct in a struct, where a pointer to it has a `String` method: Go knows the address of
   * what it reads from the field.
   */
  addressedText(): string | undefined {
    return undefined;
  }
  /** What `%#v` prints, where the type has a `GoString` method. */
  goString(): string | undefined {
    return undefined;
  }
  /** What a function gets: a copy, where Go tells from it what has an address. */
  passed(): GoValue {
    return this;
  }
  /** What mitchellh/copystructure makes of it: fields that are not exported are lost. */
  deepCopy(): GoValue {
    return this;
  }
  /** The number itself, where the type is a named integer such as time.Duration. */
  integer(): Int | undefined {
    return undefined;
  }
  /** Another number of the type, where that is a named integer. */
  withInteger(_n: bigint): GoValue {
    throw new Error(`${this.type} is no integer`);
  }
  /** What `range`, `len` and `index` work on when the object is a Go map or slice with methods. */
  collection(): GoMap | GoList | undefined {
    return undefined;
  }
  /** A slice of the type with other elements, where the object is a Go slice. */
  withElements(elements: GoList): GoValue {
    return elements;
  }
  /**
   * What encoding/json writes in the object's place: a struct's exported fields as a map in their order, or what its
   * MarshalJSON or MarshalText give. Undefined when Go cannot write the object.
   */
  json(): GoValue | undefined {
    return this.collection();
  }
}

/** Whether the value is a map, typed or not. */
export function isMap(value: GoValue | undefined): value is GoMap {
  return value instanceof Map;
}

/** Whether the value is a slice, typed or not; []byte is not one here. */
export function isList(value: GoValue | undefined): value is GoList {
  return Array.isArray(value);
}

const pastSurrogates = /[\ud800-\uffff]/;

/** A map's keys in Go's order: by code point, which is the order of their UTF-8 bytes. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  const keys = [...map.keys()];
  // JavaScript's own order, which is faster, is the same but for what lies past the surrogates.
  return keys.some((key) => pastSurrogates.test(key)) ? keys.sort(compareStrings) : keys.sort();
}

/** Go's order of strings: by UTF-8 bytes. JavaScript's own `<` compares UTF-16 units and differs past U+FFFF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // A surrogate stands for a code point above every unit of the basic plane.
      const xs = x >= 0xd800 && x <= 0xdfff;
      const ys = y >= 0xd800 && y <= 0xdfff;
      return xs === ys ? x - y : xs ? 1 : -1;
    }
  }
  return a.length - b.length;
}

/** What plain JSON holds; the shape of everything that crosses to the API server. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * JSON to Go values as Kubernetes' decoder reads it: whole numbers become int64, others float64
 * (k8s.io/apimachinery's `json.Unmarshal`). Use it for custom resources and `lookup`; chart values, which Helm reads
 * as YAML, have float64 throughout.
 */
export function fromJson(json: Json): GoValue {
  if (typeof json === "number") return Number.isSafeInteger(json) ? int64(json) : json;
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(fromJson);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

/** `.Values`: Helm's `common.Values`, a map with methods (helm.sh/helm/v4/pkg/chart/common/values.go). */
import { tableAt, valueAt } from "../chart/values-path.ts";
import { quote } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoMap, type GoValue, TypedMap } from "../template/value.ts";
import { writeYaml } from "../yaml/write.ts";

/**
 * A view of a plain map under Helm's name for its type. A subchart's `.Values` is the same map as its parent's
 * `.Values.subchart`: what templates change in one shows in the other, though their types differ.
 */
export class Values extends TypedMap {
  // Not set while Map's constructor runs.
  readonly #map: GoMap;
  #methods: Readonly<Record<string, GoFunction>> | undefined;

  constructor(map: GoMap) {
    super("common.Values");
    this.#map = map;
  }

  override method(name: string): GoFunction | undefined {
    // Keys of values seldom begin with a capital letter, as the methods do.
    if (name.charCodeAt(0) > 0x5a) return undefined;
    this.#methods ??= methodsOf(this.#map);
    return Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
  }

  override get size(): number {
    return this.#map.size;
  }

  override get(key: string): GoValue | undefined {
    return this.#map.get(key);
  }

  override has(key: string): boolean {
    return this.#map.has(key);
  }

  override set(key: string, value: GoValue): this {
    this.#map.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    return this.#map.delete(key);
  }

  override clear(): void {
    this.#map.clear();
  }

  override keys(): MapIterator<string> {
    return this.#map.keys();
  }

  override values(): MapIterator<GoValue> {
    return this.#map.values();
  }

  override entries(): MapIterator<[string, GoValue]> {
    return this.#map.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#map.entries();
  }

  override forEach(visit: (value: GoValue, key: string, map: GoMap) => void): void {
    this.#map.forEach(visit);
  }
}

function methodsOf(map: GoMap): Readonly<Record<string, GoFunction>> {
  return {
    AsMap: fn("func() map[string]any", () => map),
    YAML: fn("func() (string, error)", () => writeYaml(map)),
    Table: fn("func(string) (common.Values, error)", (path: string) => {
      const table = tableAt(map, path);
      if (table === undefined) throw new Error(`${quote(firstMissing(map, path))} is not a table`);
      return new Values(table);
    }),
    PathValue: fn("func(string) (any, error)", (path: string) => {
      if (path === "") throw new Error("YAML path cannot be empty");
      const value = valueAt(map, path);
      if (value === undefined) throw new Error(`${quote(path.slice(path.lastIndexOf(".") + 1))} is not a value`);
      return value;
    }),
  };
}

/** The first part of a path that leads to no map. */
function firstMissing(map: GoMap, path: string): string {
  const parts = path.split(".");
  return parts.find((_, i) => tableAt(map, parts.slice(0, i + 1).join(".")) === undefined)!;
}

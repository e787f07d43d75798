/** Helm's `common.Values`, the type of `.` and of `.Values` (helm.sh/helm/v4/pkg/chart/common/values.go). */
import { tableAt, valueAt } from "../chart/values-path.ts";
import { quote } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoMap, type GoValue, NamedMap } from "../template/value.ts";
import { writeYaml } from "../yaml/write.ts";

/**
 * A view of a plain map, with methods; charts use `.Values.AsMap`, which is the map. A subchart's `.Values` is the same
 * map as its parent's `.Values.subchart`: what templates change in one shows in the other, though their types differ.
 */
export class Values extends NamedMap {
  constructor(map: GoMap) {
    super("common.Values", map);
  }

  override method(name: string): GoFunction | undefined {
    switch (name) {
      case "AsMap":
        return fn("func() map[string]any", () => this.map);
      case "YAML":
        return fn("func() (string, error)", () => writeYaml(this.map));
      case "Table":
        return fn("func(string) (common.Values, error)", (path: string) => new Values(table(this.map, path)));
      case "PathValue":
        return fn("func(string) (any, error)", (path: string) => pathValue(this.map, path));
      case "Encode":
        return fn("func(io.Writer) error", () => null);
    }
    return undefined;
  }

  override withEntries(entries: GoMap): Values {
    return new Values(entries);
  }
}

function table(map: GoMap, path: string): GoMap {
  const found = tableAt(map, path);
  if (found !== undefined) return found;
  const parts = path.split(".");
  const missing = parts.find((_, i) => tableAt(map, parts.slice(0, i + 1).join(".")) === undefined)!;
  throw new Error(`${quote(missing)} is not a table`);
}

function pathValue(map: GoMap, path: string): GoValue {
  if (path === "") throw new Error("YAML path cannot be empty");
  const value = valueAt(map, path);
  if (value !== undefined) return value;
  throw new Error(`${quote(path.slice(path.lastIndexOf(".") + 1))} is not a value`);
}

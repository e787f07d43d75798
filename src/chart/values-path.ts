/** Looking into values by dotted paths (`Table` and `PathValue` of helm.sh/helm/v4/pkg/chart/common/values.go). */
import { type GoMap, type GoValue, isMap } from "../template/value.ts";

/** The map at a dotted path, or undefined when something on the way is missing or no map. */
export function tableAt(values: GoMap, path: string): GoMap | undefined {
  let table = values;
  for (const key of path.split(".")) {
    const next = table.get(key);
    if (!isMap(next)) return undefined;
    table = next;
  }
  return table;
}

/** The part of a dotted path at which {@link tableAt} finds no map. */
export function missingTable(values: GoMap, path: string): string {
  const keys = path.split(".");
  return keys.find((_, i) => tableAt(values, keys.slice(0, i + 1).join(".")) === undefined) ?? path;
}

/** The value at a dotted path, which is no map; undefined when there is none. */
export function valueAt(values: GoMap, path: string): Exclude<GoValue, GoMap> | undefined {
  const dot = path.lastIndexOf(".");
  const table = dot < 0 ? values : tableAt(values, path.slice(0, dot));
  const value = table?.get(path.slice(dot + 1));
  return isMap(value) ? undefined : value;
}

/**
 * A chart's values with those of its subcharts and the user's (helm.sh/helm/v4/pkg/chart/common/util/coalesce.go).
 *
 * Two ways of putting maps together run through this file. Coalescing is the last step before templates see the
 * values: a null deletes the key that it stands for. Merging keeps nulls, for a later coalescing to see.
 */
import { type GoMap, type GoValue, isList, isMap, TypedMap } from "../template/value.ts";
import { quote, sprint, sprintf } from "../template/format.ts";
import type { Chart } from "./chart.ts";
import { ignoreWarnings, InvalidChart, type Warn } from "./chart-error.ts";

/** What coalescing needs of a chart. */
export type ValuedChart = Pick<Chart, "metadata" | "values"> & { readonly dependencies: readonly ValuedChart[] };

interface Mode {
  readonly merge: boolean;
  readonly warn: Warn;
}

/** The values that a chart's templates see. Neither argument is changed; the result shares nothing with them. */
export function coalesceValues(chart: ValuedChart, values: GoMap, warn: Warn = ignoreWarnings): GoMap {
  return coalesce(chart, copyMap(values), "", { merge: false, warn });
}

/** As {@link coalesceValues}, with nulls kept. */
export function mergeValues(chart: ValuedChart, values: GoMap, warn: Warn = ignoreWarnings): GoMap {
  return coalesce(chart, copyMap(values), "", { merge: true, warn });
}

/** Adds to `dest` what it lacks of `src`, map by map. Changes and returns `dest`; `src` may be changed and shared. */
export function coalesceTables(dest: GoMap, src: GoMap, warn: Warn = ignoreWarnings): GoMap {
  return fillTable(dest, src, "", { merge: false, warn });
}

/** As {@link coalesceTables}, with nulls kept. */
export function mergeTables(dest: GoMap, src: GoMap, warn: Warn = ignoreWarnings): GoMap {
  return fillTable(dest, src, "", { merge: true, warn });
}

/** A deep copy; values other than maps and lists are immutable and shared. */
export function copyValue(value: GoValue): GoValue {
  if (isMap(value)) return copyMap(value);
  return isList(value) ? value.map(copyValue) : value;
}

/** A deep copy of a map. */
export function copyMap(map: GoMap): GoMap {
  const copy: GoMap = map instanceof TypedMap ? new TypedMap(map.type) : new Map();
  for (const [key, value] of map) copy.set(key, copyValue(value));
  return copy;
}

const join = (prefix: string, name: string) => prefix === "" ? name : `${prefix}.${name}`;

function coalesce(chart: ValuedChart, dest: GoMap, prefix: string, mode: Mode): GoMap {
  const path = join(prefix, chart.metadata.name);
  fillFromChart(chart, dest, path, mode);
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = dest.get(name);
    if (own !== undefined && !isMap(own)) {
      throw new InvalidChart(sprintf("type mismatch on %s: %t", [name, own]));
    }
    const values = own ?? new Map();
    passGlobals(values, dest, path, mode.warn);
    dest.set(name, coalesce(subchart, values, path, mode));
  }
  return dest;
}

/** Gives a subchart's values the `global` map of its parent, which wins. */
function passGlobals(dest: GoMap, src: GoMap, prefix: string, warn: Warn): void {
  const own = dest.has("global") ? dest.get("global")! : new Map();
  if (!isMap(own)) return warn("INFO", "warning: skipping globals because destination global is not a table.");
  const parents = src.has("global") ? src.get("global")! : new Map();
  if (!isMap(parents)) return warn("INFO", "warning: skipping globals because source global is not a table.");
  for (const [key, value] of parents) {
    const other = own.get(key);
    if (isMap(value)) {
      const merged = new Map(value);
      if (!own.has(key)) {
        own.set(key, merged);
      } else if (isMap(other!)) {
        own.set(key, fillTable(merged, other, join(prefix, key), { merge: true, warn }));
      } else {
        warn("INFO", `Conflict: cannot merge map onto non-map for ${quote(key)}. Skipping.`);
      }
    } else if (isMap(other)) {
      warn("INFO", `key ${key} is table. Skipping`);
    } else {
      own.set(key, value);
    }
  }
  dest.set("global", own);
}

/** Adds the chart's own values to `values`, which win. */
function fillFromChart(chart: ValuedChart, values: GoMap, path: string, mode: Mode): void {
  for (const [key, original] of chart.values) {
    const value = values.get(key);
    if (value === undefined) {
      if (mode.merge) values.set(key, copyValue(original));
      else if (original !== null) values.set(key, withoutNulls(copyValue(original)));
    } else if (value === null) {
      if (!mode.merge) values.delete(key);
    } else if (isMap(value)) {
      if (isMap(original)) {
        // The values of a subchart are coalesced later, with the subchart's own: until then nulls stay.
        const merge = mode.merge || chart.dependencies.some((subchart) => subchart.metadata.name === key);
        const src = copyMap(original);
        fillTable(value, merge ? src : withoutNulls(src), join(path, key), { ...mode, merge });
      } else if (original !== null) {
        mode.warn("INFO", `warning: skipped value for ${path}.${key}: Not a table.`);
      }
    }
  }
}

function fillTable(dest: GoMap, src: GoMap, prefix: string, mode: Mode): GoMap {
  const deleted: string[] = [];
  for (const [key, own] of dest) {
    if (own !== null) continue;
    // The user deletes a default of the chart; a null that the chart has too stays one.
    if (!mode.merge && (src.get(key) ?? null) !== null) deleted.push(key);
    // As in Helm the null goes into `src` too, which shows where that is part of other values.
    src.set(key, null);
  }
  for (const [key, value] of src) {
    const own = dest.get(key);
    if (own === undefined) {
      dest.set(key, value);
    } else if (isMap(value)) {
      if (isMap(own)) fillTable(own, value, join(prefix, key), mode);
      else {mode.warn(
          "INFO",
          `warning: cannot overwrite table with non table for ${join(prefix, key)} (${sprint(value)})`,
        );}
    } else if (isMap(own) && value !== null) {
      mode.warn(
        "INFO",
        `warning: destination for ${join(prefix, key)} is a table. Ignoring non-table value (${sprint(value)})`,
      );
    }
  }
  for (const key of deleted) dest.delete(key);
  return dest;
}

/** Removes nulls from maps within maps, in place. */
function withoutNulls(value: GoMap): GoMap;
function withoutNulls(value: GoValue): GoValue;
function withoutNulls(value: GoValue): GoValue {
  if (isMap(value)) {
    for (const [key, item] of value) {
      if (item === null) value.delete(key);
      else withoutNulls(item);
    }
  }
  return value;
}

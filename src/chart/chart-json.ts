/** A chart as a release record keeps it: encoding/json's form of Helm's Chart, in which subcharts are left out. */
import { Buffer } from "node:buffer";
import { type GoValue, Int, isMap, type Json } from "../template/value.ts";
import type { Chart, ChartFile, Dependency, Lock, Metadata } from "./chart.ts";

type Table = { [key: string]: Json };

/** Files' contents are base64; times of change, which no chart here has, are left out. */
export function chartToJson(chart: Chart): Json {
  return {
    metadata: metadataJson(chart.metadata),
    lock: chart.lock === null ? null : lockJson(chart.lock),
    templates: chart.templates.map(fileJson),
    values: valueJson(chart.values),
    schema: chart.schema === null ? null : base64(chart.schema),
    files: chart.files.map(fileJson),
  };
}

function metadataJson({ dependencies, ...metadata }: Metadata): Json {
  const json = withoutEmpty(metadata);
  if (dependencies !== undefined && dependencies.length > 0) json.dependencies = dependencies.map(dependencyJson);
  return json;
}

function lockJson({ generated, digest, dependencies }: Lock): Json {
  return { generated, digest, dependencies: dependencies.map(dependencyJson) };
}

/** A name and a repository are written even when they are empty. */
function dependencyJson({ name, repository, importValues, ...rest }: Dependency): Json {
  const json: Table = { name, repository, ...withoutEmpty(rest) };
  if (importValues !== undefined && importValues.length > 0) json["import-values"] = importValues as unknown as Json;
  return json;
}

function fileJson({ name, data }: ChartFile): Json {
  return { name, data: base64(data) };
}

function withoutEmpty(fields: object): Table {
  const entries = Object.entries(fields).filter(([, value]) =>
    Boolean(value) && (typeof value !== "object" || Object.keys(value).length > 0)
  );
  return Object.fromEntries(entries);
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

function valueJson(value: GoValue): Json {
  if (value instanceof Int) return Number(value.value);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, entry]) => [key, valueJson(entry)]));
  if (Array.isArray(value)) return value.map(valueJson);
  return value === null || typeof value === "object" || typeof value === "function" ? null : value;
}

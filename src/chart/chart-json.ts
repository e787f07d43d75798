/**
 * A chart as a release record keeps it: what Go's encoding/json makes of Helm 4's `Chart`. Subcharts are left out, as
 * they are there.
 */
import { Buffer } from "node:buffer";
import { type GoMap, type GoValue, Int, isList, isMap, type Json, sortedKeys } from "../template/value.ts";
import { type Chart, type ChartFile, type Dependency, type Lock, type Maintainer, noValues } from "./chart.ts";
import { digestOf } from "./digest.ts";

type Table = { [key: string]: Json };

/** Go's zero time, which a chart without a schema has for it. */
const zeroTime = "0001-01-01T00:00:00Z";

const metadataFields = [
  "name",
  "home",
  "sources",
  "version",
  "description",
  "keywords",
  "maintainers",
  "icon",
  "apiVersion",
  "condition",
  "tags",
  "appVersion",
  "deprecated",
  "annotations",
  "kubeVersion",
  "dependencies",
  "type",
] as const;

/** The chart's JSON, with the fields in Go's order. Files' contents are base64. */
export function chartToJson(chart: Chart): Json {
  return {
    metadata: metadataJson(chart.metadata),
    lock: chart.lock === null ? null : lockJson(chart.lock),
    templates: filesJson(chart.templates),
    values: chart.values === noValues ? null : valueJson(chart.values),
    schema: chart.schema === null ? null : base64(chart.schema),
    schemamodtime: chart.schemaModified === undefined ? zeroTime : time(chart.schemaModified),
    files: filesJson(chart.files),
    ...(chart.modified === undefined ? {} : { modtime: time(chart.modified) }),
  };
}

/**
 * The chart of a record, which has no subcharts; what the record lacks is empty. Numbers are float64, as they are in a
 * chart that was loaded. Unknown fields are dropped: the record keeps them.
 */
export function chartFromJson(json: Json): Chart {
  const table = tableOf(json);
  const metadata = tableOf(table.metadata);
  const templates = filesOf(table.templates);
  const files = filesOf(table.files);
  const schema = typeof table.schema === "string" ? bytes(table.schema) : null;
  const values = tableOf(table.values);
  const all = [...templates, ...files, { name: "Chart.yaml", data: text(metadata) }, {
    name: "values",
    data: text(values),
  }];
  return {
    metadata: {
      ...metadata,
      name: String(metadata.name ?? ""),
      version: String(metadata.version ?? ""),
      apiVersion: String(metadata.apiVersion ?? ""),
      ...(Array.isArray(metadata.dependencies) ? { dependencies: metadata.dependencies.map(dependencyOf) } : {}),
    },
    lock: table.lock === null || table.lock === undefined ? null : lockOf(tableOf(table.lock)),
    templates,
    values: table.values === null || table.values === undefined ? noValues : mapOf(values),
    schema,
    files,
    dependencies: [],
    digest: digestOf(schema === null ? all : [...all, { name: "values.schema.json", data: schema }], []),
    ...(typeof table.modtime === "string" ? { modified: Date.parse(table.modtime) } : {}),
    ...(typeof table.schemamodtime === "string" && table.schemamodtime !== zeroTime
      ? { schemaModified: Date.parse(table.schemamodtime) }
      : {}),
  };
}

function metadataJson(metadata: Chart["metadata"]): Json {
  const json: Table = {};
  for (const field of metadataFields) {
    const value = metadata[field];
    if (value === undefined || isEmpty(value)) continue;
    if (field === "dependencies") json[field] = metadata.dependencies!.map(dependencyJson);
    else if (field === "maintainers") json[field] = metadata.maintainers!.map(maintainerJson);
    else if (field === "annotations") json[field] = sorted(metadata.annotations!);
    else json[field] = value as Json;
  }
  return json;
}

/** What `omitempty` leaves out. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length === 0 : !value;
}

const maintainerJson = ({ name, email, url }: Maintainer): Json => filled({ name, email, url });

function lockJson({ generated, digest, dependencies }: Lock): Json {
  return { generated, digest, dependencies: dependencies.length === 0 ? null : dependencies.map(dependencyJson) };
}

/** A name and a repository are written even when they are empty. */
function dependencyJson(dependency: Dependency): Json {
  const { name, version, repository, condition, tags, enabled, importValues, alias } = dependency;
  return {
    name,
    ...filled({ version }),
    repository,
    ...filled({ condition, tags, enabled, "import-values": importValues, alias }),
  };
}

function filled(fields: Readonly<Record<string, unknown>>): Table {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as Table;
}

/** No files at all are Go's nil. */
function filesJson(files: readonly ChartFile[]): Json {
  if (files.length === 0) return null;
  return files.map(({ name, data, modified }) => ({
    name,
    data: base64(data),
    ...(modified === undefined ? {} : { modtime: time(modified) }),
  }));
}

/** RFC 3339 with as many digits of the second as there are, as Go prints times. */
function time(milliseconds: number): string {
  const microseconds = Math.trunc(milliseconds * 1000);
  const date = new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 19);
  const fraction = String(((microseconds % 1e6) + 1e6) % 1e6).padStart(6, "0").replace(/0+$/, "");
  return fraction === "" ? `${date}Z` : `${date}.${fraction}Z`;
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

function valueJson(value: GoValue): Json {
  if (value instanceof Int) return Number(value.value);
  if (isMap(value)) return Object.fromEntries(sortedKeys(value).map((key) => [key, valueJson(value.get(key)!)]));
  if (isList(value)) return value.map(valueJson);
  return value === null || typeof value === "object" || typeof value === "function" ? null : value;
}

function sorted(record: Readonly<Record<string, string>>): Table {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}

const tableOf = (json: Json | undefined): Table =>
  json !== null && typeof json === "object" && !Array.isArray(json) ? json : {};

const bytes = (encoded: string): Uint8Array => new Uint8Array(Buffer.from(encoded, "base64"));

const text = (json: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

function filesOf(json: Json | undefined): ChartFile[] {
  if (!Array.isArray(json)) return [];
  return json.map(tableOf).map(({ name, data, modtime }) => ({
    name: String(name),
    data: bytes(typeof data === "string" ? data : ""),
    ...(typeof modtime === "string" ? { modified: Date.parse(modtime) } : {}),
  }));
}

function dependencyOf(json: Json): Dependency {
  const { "import-values": importValues, ...rest } = tableOf(json);
  return {
    ...rest,
    name: String(rest.name ?? ""),
    repository: String(rest.repository ?? ""),
    ...(Array.isArray(importValues) ? { importValues: importValues as Dependency["importValues"] } : {}),
  };
}

function lockOf({ generated, digest, dependencies }: Table): Lock {
  return {
    generated: String(generated ?? zeroTime),
    digest: String(digest ?? ""),
    dependencies: Array.isArray(dependencies) ? dependencies.map(dependencyOf) : [],
  };
}

function mapOf(table: Table): GoMap {
  return new Map(Object.entries(table).map(([key, value]) => [key, valueOf(value)]));
}

function valueOf(json: Json): GoValue {
  if (json === null || typeof json !== "object") return json;
  return Array.isArray(json) ? json.map(valueOf) : mapOf(json);
}

/**
 * A chart as a release record keeps it: what Go's encoding/json makes of Helm 4's `Chart`. Subcharts are left out, as
 * they are there.
 */
import { Buffer } from "node:buffer";
import { type GoValue, Int, isList, isMap, type Json, sortedKeys } from "../template/value.ts";
import { type Chart, type ChartFile, type Dependency, type Lock, type Maintainer, noValues } from "./chart.ts";

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

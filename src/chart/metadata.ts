/** Chart.yaml and Chart.lock: read, cleaned and checked as Helm does (helm.sh/helm/v4/pkg/chart/v2/metadata.go). */
import { isValidSemver } from "../sprig/semver.ts";
import { classOf } from "../template/unicode.ts";
import { type GoMap, isMap } from "../template/value.ts";
import { compact } from "../yaml/compact.ts";
import { readYamlTyped } from "../yaml/read.ts";
import type { Dependency, Lock, Metadata } from "./chart.ts";
import { InvalidChart } from "./chart-error.ts";
import { basePath } from "./go-path.ts";
import { type GoStruct, type GoType, readStruct } from "./go-struct.ts";

const string: GoType = { kind: "string" };
const bool: GoType = { kind: "bool" };
const strings: GoType = { kind: "list", of: string };

const dependencyType = {
  kind: "struct",
  name: "Dependency",
  type: "v2.Dependency",
  fields: {
    name: string,
    version: string,
    repository: string,
    condition: string,
    tags: strings,
    enabled: bool,
    "import-values": { kind: "list", of: { kind: "any" } },
    alias: string,
  },
} satisfies GoType;

const metadataType = {
  kind: "struct",
  name: "Metadata",
  type: "v2.Metadata",
  fields: {
    name: string,
    home: string,
    sources: strings,
    version: string,
    description: string,
    keywords: strings,
    maintainers: {
      kind: "list",
      of: {
        kind: "struct",
        name: "Maintainer",
        type: "v2.Maintainer",
        fields: { name: string, email: string, url: string },
      },
    },
    icon: string,
    apiVersion: string,
    condition: string,
    tags: string,
    appVersion: string,
    deprecated: bool,
    annotations: { kind: "map", of: string },
    kubeVersion: string,
    dependencies: { kind: "list", of: dependencyType },
    type: string,
  },
} satisfies GoType;

const lockType = {
  kind: "struct",
  name: "Lock",
  type: "v2.Lock",
  fields: { generated: { kind: "time" }, digest: string, dependencies: { kind: "list", of: dependencyType } },
} satisfies GoType;

const baseType = {
  kind: "struct",
  name: "chartBase",
  type: "loader.chartBase",
  fields: { apiVersion: string },
} satisfies GoType;

/** The apiVersion in Chart.yaml, by which Helm chooses how to read the rest; "" where there is none. */
export function readApiVersion(text: string): string {
  return (readStruct(readYamlTyped(text), baseType).apiVersion ?? "") as string;
}

/**
 * What one file says of a chart: Chart.yaml, or requirements.yaml, which v1 charts have beside it. Nothing is checked
 * yet. Throws the errors of the YAML library, without the file's name.
 */
export function readMetadata(text: string): GoStruct {
  return readStruct(compact(readYamlTyped(text)), metadataType);
}

/** Chart.lock or requirements.lock. */
export function readLock(text: string): Lock {
  const { generated, digest, dependencies } = readStruct(compact(readYamlTyped(text)), lockType);
  return {
    generated: (generated as string | undefined) ?? "0001-01-01T00:00:00Z",
    digest: (digest as string | undefined) ?? "",
    dependencies: ((dependencies ?? []) as GoStruct[]).map(dependencyOf),
  };
}

/** Cleans and checks what Chart.yaml says. Throws {@link InvalidChart} with Helm's words. */
export function checkMetadata(read: GoStruct): Metadata {
  const cleaned: GoStruct = {};
  for (const [key, value] of Object.entries(read)) {
    if (value === "" || value === false) continue;
    cleaned[key] = typeof value === "string" && uncleaned.has(key) === false ? clean(value) : value;
  }
  for (const key of ["sources", "keywords"]) {
    if (cleaned[key] !== undefined) cleaned[key] = (cleaned[key] as string[]).map(clean);
  }
  if (cleaned.annotations !== undefined) {
    cleaned.annotations = Object.fromEntries(cleaned.annotations as Map<string, string>);
  }
  checkNameAndVersion(cleaned);
  if (cleaned.maintainers !== undefined) {
    cleaned.maintainers = (cleaned.maintainers as (GoStruct | null)[]).map(maintainerOf);
  }
  if (cleaned.dependencies !== undefined) cleaned.dependencies = checkDependencies(cleaned.dependencies as GoStruct[]);
  return cleaned as unknown as Metadata;
}

// Helm leaves these as they are; what is wrong with them is an error.
const uncleaned = new Set(["version", "apiVersion", "type"]);

function checkNameAndVersion({ apiVersion, name, version, type }: GoStruct): void {
  if (!apiVersion) throw invalid("chart.metadata.apiVersion is required");
  if (typeof name !== "string" || name === "") throw invalid("chart.metadata.name is required");
  if (name === "." || name === "..") throw invalid(`chart.metadata.name ${JSON.stringify(name)} is not allowed`);
  if (name !== basePath(name)) throw invalid(`chart.metadata.name ${JSON.stringify(name)} is invalid`);
  if (typeof version !== "string" || version === "") throw invalid("chart.metadata.version is required");
  if (!isValidSemver(version)) throw invalid(`chart.metadata.version ${JSON.stringify(version)} is invalid`);
  if (type !== undefined && type !== "application" && type !== "library") {
    throw invalid("chart.metadata.type must be application or library");
  }
}

function maintainerOf(maintainer: GoStruct | null): GoStruct {
  if (maintainer === null) throw invalid("maintainers must not contain empty or null nodes");
  return Object.fromEntries(
    Object.entries(maintainer).map(([key, value]) => [key, clean(value as string)]).filter(([, value]) => value !== ""),
  );
}

function checkDependencies(dependencies: readonly (GoStruct | null)[]): Dependency[] {
  const seen = new Set<string>();
  return dependencies.map((read) => {
    if (read === null) throw invalid("dependencies must not contain empty or null nodes");
    const dependency = dependencyOf(read);
    const { name, alias } = dependency;
    if (alias !== undefined && !/^[a-zA-Z0-9_-]+$/.test(alias)) {
      throw invalid(`dependency ${JSON.stringify(name)} has disallowed characters in the alias`);
    }
    const key = alias ?? name;
    if (seen.has(key)) throw invalid(`more than one dependency with name or alias ${JSON.stringify(key)}`);
    seen.add(key);
    return dependency;
  });
}

/** A dependency with its texts cleaned and what is empty left out. */
function dependencyOf(read: GoStruct): Dependency {
  const { name, repository, tags, enabled, alias, "import-values": imports } = read;
  const text = (key: string) =>
    read[key] === undefined || read[key] === "" ? {} : { [key]: clean(read[key] as string) };
  return {
    name: clean((name ?? "") as string),
    ...text("version"),
    repository: clean((repository ?? "") as string),
    ...text("condition"),
    ...(tags === undefined ? {} : { tags: (tags as string[]).map(clean) }),
    ...(enabled === true ? { enabled } : {}),
    ...(imports === undefined ? {} : { importValues: (imports as unknown[]).flatMap(importOf) }),
    ...(alias === undefined || alias === "" ? {} : { alias: alias as string }),
  };
}

/** An entry of `import-values`; what is neither a text nor a mapping counts for nothing, as in Helm. */
function importOf(entry: unknown): (string | { child: string; parent: string })[] {
  if (typeof entry === "string") return [entry];
  if (!isMap(entry as GoMap)) return [];
  const map = entry as GoMap;
  const side = (key: string) => map.get(key) === null || map.get(key) === undefined ? "<nil>" : String(map.get(key));
  return [{ child: side("child"), parent: side("parent") }];
}

const unprintable = new RegExp(`[^${classOf(" \\p{L}\\p{M}\\p{N}\\p{P}\\p{S}")}]`, "vg");

/** Every space a plain one, and nothing that cannot be printed. */
function clean(text: string): string {
  return text.replace(/[\p{White_Space}\u0085]/gu, " ").replace(unprintable, "");
}

const invalid = (detail: string) => new InvalidChart(`validation: ${detail}`);

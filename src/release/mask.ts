/** Manifests without the data of their Secrets, for a custom resource's status and for logs. */
import { fromJson, type Json } from "../template/value.ts";
import { readYaml } from "../yaml/read.ts";
import { writeYaml } from "../yaml/write.ts";
import { toJson } from "./manifest.ts";

/** What stands for a value. */
export const mask = "***";

/**
 * The manifest with every value in the `data` and `stringData` of its Secrets replaced by `***`. Other documents keep
 * their text. A document that cannot be read is dropped: it could be a Secret.
 */
export function maskManifest(manifest: string): string {
  return manifest.split(/^(?=---(?:\s|$))/m).map(maskDocument).join("");
}

function maskDocument(document: string): string {
  if (!/Secret/.test(document)) return document;
  let value: Json;
  try {
    value = toJson(readYaml(document.replace(/^---[^\n]*\n/, "")));
  } catch {
    return "---\n# Left out: it cannot be read as YAML.\n";
  }
  if (!holdsSecret(value)) return document;
  const comments = document.split("\n").filter((line) => line.startsWith("# Source:"));
  return ["---", ...comments, writeYaml(fromJson(maskObject(value)))].join("\n");
}

function holdsSecret(value: Json): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return value.kind === "Secret" || (Array.isArray(value.items) && value.items.some(holdsSecret));
}

/** A Secret, or a list that holds some, with masked values. */
export function maskObject(value: Json): Json {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if (Array.isArray(value.items)) return { ...value, items: value.items.map(maskObject) };
  if (value.kind !== "Secret") return value;
  const masked = { ...value };
  for (const field of ["data", "stringData"]) {
    const entries = value[field];
    if (entries !== null && typeof entries === "object" && !Array.isArray(entries)) {
      masked[field] = Object.fromEntries(Object.keys(entries).map((key) => [key, mask]));
    } else if (entries !== undefined) masked[field] = mask;
  }
  return masked;
}

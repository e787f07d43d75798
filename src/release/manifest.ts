/** A release's manifest as objects. */
import type { ObjectRef } from "../kube/kube-client.ts";
import { type KubeObject, parseApiVersion } from "../kube/object.ts";
import { type GoValue, Int, isMap, type Json } from "../template/value.ts";
import { readYaml, splitYamlDocuments } from "../yaml/read.ts";

/** A document of a manifest is no object. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** The objects of a manifest in its order; the items of lists stand for their list. Throws ManifestError or YamlError. */
export function parseManifest(manifest: string): KubeObject[] {
  return splitYamlDocuments(manifest).flatMap((document) => {
    const value = readYaml(document);
    return value === null ? [] : flatten(toJson(value), document);
  });
}

/** Go's values as JSON; what YAML cannot hold becomes null. */
export function toJson(value: GoValue): Json {
  if (value instanceof Int) return Number(value.value);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, entry]) => [key, toJson(entry)]));
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value === "object" || typeof value === "function") return null;
  return value;
}

/** Kubernetes takes every object that has a list of `items` for a list. */
function flatten(json: Json, document: string): KubeObject[] {
  if (json !== null && typeof json === "object" && !Array.isArray(json) && Array.isArray(json.items)) {
    return json.items.flatMap((item) => flatten(item, document));
  }
  const object = json as KubeObject;
  if (typeof object?.kind !== "string" || typeof object.apiVersion !== "string") {
    throw new ManifestError(
      `Cannot read an object of the manifest: it has no kind or apiVersion: ${firstLine(document)}`,
    );
  }
  return [{ ...object, metadata: object.metadata ?? {} }];
}

function firstLine(document: string): string {
  return JSON.stringify(document.trimStart().split("\n", 1)[0].slice(0, 80));
}

/** Equal for one object in two revisions, even when its API version changed. The namespace must have been filled in. */
export function objectKey(object: { apiVersion: string; kind: string; metadata: KubeObject["metadata"] }): string {
  const { group } = parseApiVersion(object.apiVersion);
  return JSON.stringify([group, object.kind, object.metadata.namespace ?? "", object.metadata.name ?? ""]);
}

/** Whether the API server is to make up the name: such an object is created anew each time and never patched. */
export function hasGeneratedName(object: KubeObject): boolean {
  return !object.metadata.name && Boolean(object.metadata.generateName);
}

/** `Deployment "web" in namespace "shop"`, as Helm names an object in its errors. */
export function resourceString(object: KubeObject): string {
  return `${object.kind} "${object.metadata.name ?? ""}" in namespace "${object.metadata.namespace ?? ""}"`;
}

/** Names the object for a request. */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? "" };
}

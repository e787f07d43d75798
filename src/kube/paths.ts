/** URLs of resources. Pure. */
import type { ListOptions, Resource, WriteOptions } from "./kube-client.ts";
import { formatApiVersion } from "./object.ts";
import { groupVersionPath } from "./discovery-format.ts";

/** A collection's path, such as `/apis/apps/v1/namespaces/web/deployments`; all namespaces without one. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const within = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupVersionPath(formatApiVersion(resource))}${within}/${resource.plural}`;
}

/** An object's path, or its subresource's. */
export function objectPath(resource: Resource, namespace: string, name: string, subresource?: string): string {
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** A path's query; undefined values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

/** The query of a write. */
export function writeQuery(options: WriteOptions): Record<string, string | undefined> {
  const { fieldManager, dryRun, fieldValidation } = options;
  return { fieldManager, dryRun: dryRun ? "All" : undefined, fieldValidation };
}

/** The query of a selection. */
export function selectionQuery(options: ListOptions): Record<string, string | undefined> {
  const { labelSelector, fieldSelector, resourceVersion } = options;
  return { labelSelector, fieldSelector, resourceVersion };
}

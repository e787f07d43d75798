/** What discovery answers, in its old and its aggregated form, made one. Pure. */
import type { Resource } from "./kube-client.ts";

/** The kinds of one group and version. */
export interface GroupVersion {
  /** `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly resources: ReadonlyArray<Resource>;
  /** Kinds of resources and of their subresources (`Scale`, `Eviction`), as `.Capabilities.APIVersions` knows them. */
  readonly kinds: ReadonlyArray<string>;
  /** The server behind an APIService did not answer: what is listed may be incomplete. */
  readonly stale: boolean;
}

/** `APIGroupDiscoveryList` of apidiscovery.k8s.io, v2 and v2beta1. */
export interface AggregatedDiscovery {
  readonly kind: string;
  readonly items?: ReadonlyArray<{
    readonly metadata?: { readonly name?: string };
    readonly versions?: ReadonlyArray<AggregatedVersion>;
  }>;
}

interface AggregatedVersion {
  readonly version: string;
  readonly freshness?: string;
  readonly resources?: ReadonlyArray<{
    readonly resource: string;
    readonly responseKind?: AggregatedKind;
    readonly scope?: string;
    readonly verbs?: ReadonlyArray<string>;
    readonly subresources?: ReadonlyArray<{ readonly subresource: string; readonly responseKind?: AggregatedKind }>;
  }>;
}

interface AggregatedKind {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

/** `APIResourceList` of one group and version. */
export interface PlainDiscovery {
  readonly groupVersion: string;
  readonly resources?: ReadonlyArray<{
    readonly name: string;
    readonly kind: string;
    readonly namespaced?: boolean;
    readonly verbs?: ReadonlyArray<string>;
  }>;
}

/** Reads the aggregated form. */
export function fromAggregated(list: AggregatedDiscovery): GroupVersion[] {
  return (list.items ?? []).flatMap((item) =>
    (item.versions ?? []).map((version) => fromVersion(item.metadata?.name ?? "", version))
  );
}

function fromVersion(group: string, found: AggregatedVersion): GroupVersion {
  const resources: Resource[] = [];
  const kinds: string[] = [];
  for (const { resource, responseKind, scope, verbs, subresources = [] } of found.resources ?? []) {
    if (responseKind?.kind) {
      kinds.push(responseKind.kind);
      resources.push({
        group,
        version: found.version,
        kind: responseKind.kind,
        plural: resource,
        namespaced: scope === "Namespaced",
        hasStatus: subresources.some((sub) => sub.subresource === "status"),
        verbs: verbs ?? [],
      });
    }
    for (const { responseKind: kind } of subresources) if (kind?.kind) kinds.push(kind.kind);
  }
  const apiVersion = group === "" ? found.version : `${group}/${found.version}`;
  return { apiVersion, resources, kinds: [...new Set(kinds)], stale: found.freshness === "Stale" };
}

/** Reads the old form, one answer for each group and version. */
export function fromPlain(list: PlainDiscovery): GroupVersion {
  const [group, version] = list.groupVersion.includes("/") ? list.groupVersion.split("/") : ["", list.groupVersion];
  const found = list.resources ?? [];
  const withStatus = new Set(
    found.filter(({ name }) => name.endsWith("/status")).map(({ name }) => name.slice(0, -"/status".length)),
  );
  const resources = found.filter(({ name }) => !name.includes("/")).map(({ name, kind, namespaced, verbs }) => ({
    group,
    version,
    kind,
    plural: name,
    namespaced: namespaced === true,
    hasStatus: withStatus.has(name),
    verbs: verbs ?? [],
  }));
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return { apiVersion: list.groupVersion, resources, kinds, stale: false };
}

/** The path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Helm's GetVersionSet: each group and version, and each of its kinds; sorted, where Helm's order is any. */
export function versionSet(found: Iterable<GroupVersion>): string[] {
  const names = new Set<string>();
  for (const { apiVersion, kinds } of found) {
    names.add(apiVersion);
    for (const kind of kinds) names.add(`${apiVersion}/${kind}`);
  }
  return [...names].sort();
}

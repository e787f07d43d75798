/** Lists, page by page. */
import { Effect, Option, Stream } from "effect";
import type { KubeError, ListOptions, Resource } from "./kube-client.ts";
import { formatApiVersion, type KubeList } from "./object.ts";
import { collectionPath, selectionQuery, withQuery } from "./paths.ts";
import { parseJson, type Requester } from "./requester.ts";

/** Objects a page, as client-go's pager asks for. */
const pageSize = 500;

const metadataOnlyList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** The pages of a list. One whose continue token has expired on the way fails with ApiError 410. */
export function listPages(
  requester: Requester,
  resource: Resource,
  options: ListOptions,
): Stream.Stream<KubeList, KubeError> {
  return Stream.paginate("", (token) =>
    Effect.map(
      page(requester, resource, options, { limit: pageSize, continue: token || undefined }),
      (list) => [[list], list.metadata.continue ? Option.some(list.metadata.continue) : Option.none()] as const,
    ));
}

/** All pages in one; asks for everything at once when the pages' token has expired on the way. */
export function wholeList(
  requester: Requester,
  resource: Resource,
  options: ListOptions,
): Effect.Effect<KubeList, KubeError> {
  const pages = Stream.runCollect(listPages(requester, resource, options));
  return Effect.map(pages, (lists): KubeList => ({
    metadata: { resourceVersion: lists[lists.length - 1].metadata.resourceVersion },
    items: lists.flatMap(({ items }) => items),
  })).pipe(Effect.catchIf(
    (error) => error._tag === "ApiError" && error.code === 410,
    () => page(requester, resource, options, {}),
  ));
}

/** One request; items get the apiVersion and kind that the API server leaves out within a list. */
function page(
  requester: Requester,
  resource: Resource,
  options: ListOptions,
  paging: { readonly limit?: number; readonly continue?: string },
): Effect.Effect<KubeList, KubeError> {
  const apiVersion = formatApiVersion(resource);
  const { kind } = resource;
  const describe = `list ${apiVersion}/${kind}${options.namespace ? ` in ${options.namespace}` : ""}`;
  // A continue token carries its resourceVersion.
  const selection = paging.continue ? { ...options, resourceVersion: undefined } : options;
  const path = withQuery(collectionPath(resource, options.namespace), { ...selectionQuery(selection), ...paging });
  const accept = options.metadataOnly ? `${metadataOnlyList},application/json` : undefined;
  return requester.send({ method: "GET", path, describe, accept }).pipe(
    Effect.flatMap((answer) => parseJson(answer, describe)),
    Effect.map(({ metadata, items }): KubeList => {
      for (const item of items ?? []) Object.assign(item, { apiVersion, kind });
      return { metadata, items: items ?? [] };
    }),
  );
}

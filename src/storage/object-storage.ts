/** Records in Secrets or ConfigMaps of the release's namespace, as Helm's `secret` and `configmap` drivers keep them. */
import { Buffer } from "node:buffer";
import { Clock, Effect, Layer } from "effect";
import { KubeClient, type KubeError } from "../kube/kube-client.ts";
import type { KubeObject, OwnerReference } from "../kube/object.ts";
import { createChunks, deleteChunks, extraChunks, indexData, indexType, readChunks, splitInChunks } from "./chunks.ts";
import { compressRecord, decodeRecord } from "./codec.ts";
import { historySelector, readLabels, recordKey, recordLabels, userLabels } from "./labels.ts";
import type { ReleaseRecord } from "./record.ts";
import { ReleaseExists, type ReleaseKey, ReleaseTaken, Storage, StorageError, type StorageFailure } from "./storage.ts";

type Kind = "Secret" | "ConfigMap";

/** Bytes that an object's `data` may hold, less some for the key. */
const limit = 1024 * 1024 - 1024;

/** Helm's default: a Secret of type `helm.sh/release.v1` a revision. Too large a record is split in chunks. */
export const secretStorage: Layer.Layer<Storage, never, KubeClient> = Layer.effect(
  Storage,
  Effect.map(KubeClient, (kube) => make(kube, "Secret")),
);

/** A ConfigMap a revision. One that does not fit fails with StorageError. */
export const configMapStorage: Layer.Layer<Storage, never, KubeClient> = Layer.effect(
  Storage,
  Effect.map(KubeClient, (kube) => make(kube, "ConfigMap")),
);

function make(kube: KubeClient["Service"], kind: Kind): Storage["Service"] {
  const gvk = { group: "", version: "v1", kind };
  const refOf = (release: ReleaseKey, version: number) => ({
    apiVersion: "v1",
    kind,
    namespace: release.namespace,
    name: recordKey(release.name, version),
  });

  const list = (release: ReleaseKey, metadataOnly: boolean) =>
    kube.list(gvk, { namespace: release.namespace, labelSelector: historySelector(release), metadataOnly }).pipe(
      Effect.map((found) =>
        found.items.flatMap((object) => {
          const told = readLabels(object.metadata.labels);
          return told === null ? [] : [{ object, revision: versioned(told, object) }];
        }).sort((a, b) => a.revision.version - b.revision.version)
      ),
    );

  const get: Storage["Service"]["get"] = (release, version) =>
    Effect.flatMap(
      kube.get(refOf(release, version)),
      (object) => object === null ? Effect.succeed(null) : readRecord(kube, kind, object),
    );

  return Storage.of({
    get,
    history: (release) =>
      Effect.flatMap(
        list(release, false),
        (found) => Effect.forEach(found, ({ object }) => readRecord(kube, kind, object)),
      ),
    revisions: (release) => Effect.map(list(release, true), (found) => found.map(({ revision }) => revision)),
    create: (record, owner) => createRecord(kube, kind, record, owner),
    update: (record) => updateRecord(kube, kind, record),
    delete: (release, version) =>
      Effect.gen(function* () {
        const ref = refOf(release, version);
        if (kind === "ConfigMap") return void (yield* kube.delete(ref));
        const object = yield* kube.get(ref);
        if (object === null) return;
        const chunks = extraChunks(object);
        yield* kube.delete(ref);
        yield* deleteChunks(kube, release.namespace, chunks);
      }),
  });
}

/** The record that an object of a driver holds. A chunked one is read with one request a chunk. */
function readRecord(
  kube: KubeClient["Service"],
  kind: Kind,
  object: KubeObject,
): Effect.Effect<ReleaseRecord, StorageFailure> {
  const data = object.data?.release;
  const labels = userLabels(object.metadata.labels);
  const withLabels = (record: ReleaseRecord) =>
    versioned(labels === undefined ? record : { ...record, labels }, object);
  if (data === undefined && object.data?.chunk !== undefined) return Effect.map(readChunks(kube, object), withLabels);
  return Effect.try({
    try: () => withLabels(decodeRecord(kind === "Secret" ? Buffer.from(data ?? "", "base64").toString() : data ?? "")),
    catch: (cause) =>
      new StorageError({
        key: object.metadata.name ?? "",
        detail: `it cannot be decoded: ${(cause as Error).message}`,
      }),
  });
}

function createRecord(
  kube: KubeClient["Service"],
  kind: Kind,
  record: ReleaseRecord,
  owner: OwnerReference | undefined,
): Effect.Effect<ReleaseRecord, StorageFailure> {
  return Effect.gen(function* () {
    const key = recordKey(record.name, record.version);
    const content = yield* contentOf(kind, key, record);
    const object: KubeObject = {
      apiVersion: "v1",
      kind,
      metadata: {
        name: key,
        namespace: record.namespace,
        labels: {
          ...recordLabels(record, "createdAt", yield* Clock.currentTimeMillis),
          ...(content.chunks.length > 0 ? { key, type: "index" } : {}),
        },
        ...(owner === undefined ? {} : { ownerReferences: [owner] }),
      },
      ...(kind === "Secret" ? { type: content.chunks.length > 0 ? indexType : "helm.sh/release.v1" } : {}),
      data: content.data,
    };
    const created = yield* kube.create(object).pipe(
      Effect.catchTag(
        "ApiError",
        (error): Effect.Effect<never, ReleaseExists | KubeError> =>
          Effect.fail(error.reason === "AlreadyExists" ? new ReleaseExists({ key }) : error),
      ),
    );
    if (content.chunks.length > 0) {
      yield* Effect.onError(
        createChunks(kube, created, content.chunks),
        () => Effect.ignore(kube.delete({ apiVersion: "v1", kind, namespace: record.namespace, name: key })),
      );
    }
    return versioned(record, created);
  });
}

/**
 * A merge patch, so that the owner and foreign labels stay. A chunked record gets its new chunks before its index and
 * loses the old ones after it: it can be read at every moment.
 */
function updateRecord(
  kube: KubeClient["Service"],
  kind: Kind,
  record: ReleaseRecord,
): Effect.Effect<ReleaseRecord, StorageFailure> {
  return Effect.gen(function* () {
    const key = recordKey(record.name, record.version);
    const ref = { apiVersion: "v1", kind, namespace: record.namespace, name: key };
    const content = yield* contentOf(kind, key, record);
    const { resourceVersion } = record;
    const labels = recordLabels(record, "modifiedAt", yield* Clock.currentTimeMillis);
    const patch = { metadata: { labels, ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
    const write = (data: Record<string, string | null>) =>
      Effect.map(
        kube.patch(ref, { ...patch, data }, "application/merge-patch+json").pipe(Effect.mapError(takenBy(key))),
        (written) => versioned(record, written),
      );
    if (content.chunks.length === 0) return yield* write(content.data);
    const index = yield* kube.get(ref);
    const isTaken = resourceVersion !== undefined && index?.metadata.resourceVersion !== resourceVersion;
    if (index === null || isTaken) return yield* new ReleaseTaken({ key });
    const stale = extraChunks(index).filter((name) => !content.chunks.some((chunk) => chunk.name === name));
    yield* createChunks(kube, index, content.chunks);
    const written = yield* write({ ...content.data, release: null });
    yield* deleteChunks(kube, record.namespace, stale);
    return written;
  });
}

function versioned<A extends object>(told: A, { metadata }: KubeObject): A & { resourceVersion?: string } {
  return metadata.resourceVersion === undefined ? told : { ...told, resourceVersion: metadata.resourceVersion };
}

/** A precondition that does not hold, and a record that is gone, mean that another was here. */
function takenBy(key: string): (error: KubeError) => KubeError | ReleaseTaken {
  return (error) => error._tag === "ApiError" && [404, 409].includes(error.code) ? new ReleaseTaken({ key }) : error;
}

/** An object's `data`, and the chunks when one object is not enough. */
function contentOf(
  kind: Kind,
  key: string,
  record: ReleaseRecord,
): Effect.Effect<{ data: Record<string, string>; chunks: ReturnType<typeof splitInChunks> }, StorageError> {
  const bytes = compressRecord(record);
  const text = Buffer.from(bytes).toString("base64");
  if (text.length <= limit) {
    const release = kind === "Secret" ? Buffer.from(text).toString("base64") : text;
    return Effect.succeed({ data: { release }, chunks: [] });
  }
  if (kind === "Secret") {
    const chunks = splitInChunks(key, bytes);
    return Effect.succeed({ data: indexData(chunks), chunks });
  }
  return Effect.fail(
    new StorageError({
      key,
      detail: `it takes ${text.length} bytes and a ConfigMap holds ${limit}: set HELM_DRIVER to secret`,
    }),
  );
}

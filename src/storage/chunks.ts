/**
 * Records that are too large for one Secret, split as helm-operator-plugins splits them: an index Secret with the first
 * chunk and the names of the others. The payload is gzip, without Helm's base64, so the helm CLI skips such a record.
 */
import { Buffer } from "node:buffer";
import { Effect } from "effect";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { decompressRecord } from "./codec.ts";
import type { ReleaseRecord } from "./record.ts";
import { StorageError } from "./storage.ts";

/** The type of an index Secret, and of a Secret with a further chunk. */
export const indexType = "operatorframework.io/index.v1";
const chunkType = "operatorframework.io/chunk.v1";

/** Bytes in one chunk: with the index's list of names it stays below the 1 MiB that a Secret may hold. */
const chunkSize = 1_000_000;

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Cuts bytes in chunks, whose names are made of their content: equal chunks have equal names. */
export function splitInChunks(key: string, bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; start += chunkSize) {
    const data = bytes.subarray(start, start + chunkSize);
    chunks.push({ name: `${key}-${base32(fnv64a(data))}`, data });
  }
  return chunks;
}

/** The index Secret's `data`: the first chunk, and the others' names. */
export function indexData(chunks: ReadonlyArray<Chunk>): Record<string, string> {
  return {
    chunk: toBase64(chunks[0].data),
    extraChunks: toBase64(new TextEncoder().encode(JSON.stringify(chunks.slice(1).map((chunk) => chunk.name)))),
  };
}

/** The names of the Secrets that an index lists; empty when it is no index. */
export function extraChunks(index: KubeObject): string[] {
  const names = index.data?.extraChunks;
  return names === undefined ? [] : JSON.parse(fromBase64(names).toString());
}

/** Creates the chunks that the index lists and that are not there yet. They go when the index goes. */
export function createChunks(
  kube: KubeClient["Service"],
  index: KubeObject,
  chunks: ReadonlyArray<Chunk>,
): Effect.Effect<void, KubeError> {
  const { name, namespace, uid } = index.metadata;
  const owner = {
    apiVersion: "v1",
    kind: "Secret",
    name: name!,
    uid: uid!,
    controller: true,
    blockOwnerDeletion: false,
  };
  return Effect.forEach(chunks.slice(1), (chunk) =>
    kube.create({
      apiVersion: "v1",
      kind: "Secret",
      type: chunkType,
      immutable: true,
      metadata: {
        name: chunk.name,
        namespace,
        labels: { owner: "helm", key: name!, type: "chunk" },
        ownerReferences: [owner],
      },
      data: { chunk: toBase64(chunk.data) },
    }).pipe(
      Effect.catchTag("ApiError", (error) => error.reason === "AlreadyExists" ? Effect.void : Effect.fail(error)),
    ), { discard: true });
}

/** Deletes chunks by name. */
export function deleteChunks(
  kube: KubeClient["Service"],
  namespace: string,
  names: ReadonlyArray<string>,
): Effect.Effect<void, KubeError> {
  return Effect.forEach(names, (name) => kube.delete({ apiVersion: "v1", kind: "Secret", namespace, name }), {
    discard: true,
  });
}

/** Reads all chunks of an index and puts the record together. Fails with StorageError when one is missing. */
export function readChunks(
  kube: KubeClient["Service"],
  index: KubeObject,
): Effect.Effect<ReleaseRecord, KubeError | StorageError> {
  const key = index.metadata.name!;
  const namespace = index.metadata.namespace;
  return Effect.gen(function* () {
    const parts = [fromBase64(index.data?.chunk ?? "")];
    for (const name of extraChunks(index)) {
      const secret = yield* kube.get({ apiVersion: "v1", kind: "Secret", namespace, name });
      if (secret === null) return yield* new StorageError({ key, detail: `its chunk "${name}" is missing` });
      parts.push(fromBase64(secret.data?.chunk ?? ""));
    }
    return yield* Effect.try({
      try: () => decompressRecord(Buffer.concat(parts)),
      catch: (cause) => new StorageError({ key, detail: `it cannot be decoded: ${(cause as Error).message}` }),
    });
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, "base64");
}

/** FNV-1a with 64 bits, in two halves: BigInt would take seconds for a megabyte. */
function fnv64a(bytes: Uint8Array): bigint {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3.
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x1_0000_0000);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Base32 of 64 bits without padding, in letters that a Kubernetes name may have. */
function base32(hash: bigint): string {
  const letters = "abcdefghijklmnopqrstuvwxyz123456";
  let text = "";
  for (let shift = 59n; shift >= 0n; shift -= 5n) text += letters[Number((hash >> shift) & 31n)];
  return text + letters[Number((hash << 1n) & 31n)];
}

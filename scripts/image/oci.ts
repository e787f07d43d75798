// An OCI image as one archive, which podman, skopeo, containerd and Docker load.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Entry, tar } from "./tar.ts";

/** What a container of the image runs; the fields are those of the OCI image configuration. */
export interface RunConfig {
  readonly User: string;
  readonly Env: ReadonlyArray<string>;
  readonly Entrypoint: ReadonlyArray<string>;
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** The image. */
export interface Image {
  readonly name: string;
  readonly tag: string;
  /** OCI's word: `amd64` or `arm64`. */
  readonly architecture: string;
  readonly config: RunConfig;
  /** From the bottom up. */
  readonly layers: ReadonlyArray<{ readonly createdBy: string; readonly entries: ReadonlyMap<string, Entry> }>;
}

interface Blob {
  readonly digest: string;
  readonly data: Buffer;
}

const CREATED = "1970-01-01T00:00:00Z";

/** The archive, and the digest of the image's manifest. */
export function ociArchive(image: Image): { archive: Buffer; digest: string } {
  const layers = image.layers.map(({ createdBy, entries }) => {
    const content = tar(entries);
    return { createdBy, diffId: sha256(content), blob: blob(gzipSync(content, { level: 9 })) };
  });
  const config = json({
    created: CREATED,
    architecture: image.architecture,
    os: "linux",
    config: image.config,
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created: CREATED, created_by: createdBy })),
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map(({ blob }) => descriptor("application/vnd.oci.image.layer.v1.tar+gzip", blob)),
  });
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{
      ...descriptor("application/vnd.oci.image.manifest.v1+json", manifest),
      annotations: {
        "org.opencontainers.image.ref.name": image.tag,
        "io.containerd.image.name": `${image.name}:${image.tag}`,
      },
    }],
  };
  // For `docker load` of versions that do not know OCI archives.
  const dockerManifest = [{
    Config: blobPath(config),
    RepoTags: [`${image.name}:${image.tag}`],
    Layers: layers.map(({ blob }) => blobPath(blob)),
  }];
  const blobs = [config, manifest, ...layers.map(({ blob }) => blob)];
  const archive = tar(
    new Map([
      ["oci-layout", file(JSON.stringify({ imageLayoutVersion: "1.0.0" }))],
      ["index.json", file(JSON.stringify(index))],
      ["manifest.json", file(JSON.stringify(dockerManifest))],
      ...blobs.map((blob): [string, Entry] => [blobPath(blob), file(blob.data)]),
    ]),
  );
  return { archive, digest: manifest.digest };
}

function json(value: unknown): Blob {
  return blob(Buffer.from(JSON.stringify(value)));
}

function blob(data: Buffer): Blob {
  return { digest: sha256(data), data };
}

function descriptor(mediaType: string, { digest, data }: Blob): Record<string, unknown> {
  return { mediaType, digest, size: data.length };
}

function blobPath({ digest }: Blob): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function sha256(data: Uint8Array): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

function file(data: Uint8Array | string): Entry {
  return { type: "file", data: typeof data === "string" ? Buffer.from(data) : data, mode: 0o644 };
}

// `deno task image`: the container image, dist/helmwright-image.tar, without a daemon.
//
// The executable dist/helmwright on a minimal root of Debian packages. Paths and entrypoint are those of operator-sdk's
// Helm operator image, so that an image made FROM it needs another FROM and nothing else. The same packages and the same
// executable make the same archive, byte for byte.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { licenses } from "./image/licenses.ts";
import { ociArchive } from "./image/oci.ts";
import { buildRoot, NONROOT, PackagesUnavailable } from "./image/root.ts";
import type { Entry } from "./image/tar.ts";

const root = resolve(import.meta.dirname!, "..");
const executable = join(root, "dist", "helmwright");
const output = join(root, "dist", "helmwright-image.tar");

try {
  build();
} catch (error) {
  if (!(error instanceof PackagesUnavailable)) throw error;
  console.error(error.message);
  process.exit(1);
}

function build(): void {
  if (!existsSync(executable)) throw new PackagesUnavailable("Cannot build the image: run `deno task compile` first");
  const startedAt = Date.now();
  const { version, description, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { entries, packages } = buildRoot();
  const program = new Map<string, Entry>([
    ["usr/local/bin/helmwright", { type: "file", data: readFileSync(executable), mode: 0o755 }],
    ["usr/local/bin/helm-operator", { type: "link", target: "helmwright" }],
  ]);
  for (const [path, data] of licenses()) program.set(`licenses/${path}`, { type: "file", data, mode: 0o644 });
  const { archive, digest } = ociArchive({
    name: "helmwright",
    tag: version,
    architecture: architecture(),
    config: {
      User: `${NONROOT.uid}:${NONROOT.gid}`,
      Env: [
        "PATH=/usr/local/bin",
        "HOME=/opt/helm",
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
      ],
      Entrypoint: ["/usr/local/bin/helm-operator", "run", "--watches-file=./watches.yaml"],
      WorkingDir: "/opt/helm",
      Labels: {
        "org.opencontainers.image.title": "helmwright",
        "org.opencontainers.image.description": description,
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": license,
      },
    },
    layers: [
      { createdBy: `Debian packages: ${packages.join(", ")}`, entries },
      { createdBy: `Helmwright ${version}`, entries: program },
    ],
  });
  writeFileSync(output, archive);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const megabytes = (archive.length / 1e6).toFixed(1);
  console.log(`dist/helmwright-image.tar  ${megabytes} MB  linux/${architecture()}  in ${seconds} s`);
  console.log(`  helmwright:${version}  ${digest}`);
  console.log(`  from ${packages.join(", ")}`);
}

function architecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

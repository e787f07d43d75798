// Runs the container image as a container runtime does, with bubblewrap: its own root, read-only, its user, its
// environment, its entrypoint. Only the network is the machine's.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { findOnPath } from "../cluster/tools.ts";

const root = resolve(import.meta.dirname!, "..", "..");

/** An image, unpacked. */
export interface UnpackedImage {
  readonly rootfs: string;
  /** The image's configuration, as OCI has it. */
  readonly config: {
    readonly User: string;
    readonly Env: ReadonlyArray<string>;
    readonly Entrypoint: ReadonlyArray<string>;
    readonly WorkingDir: string;
  };
  readonly remove: () => void;
}

/** What this machine lacks for running the image, such as `bubblewrap (bwrap)`; undefined when it lacks nothing. */
export function missingForImages(): string | undefined {
  const needed = { "bwrap": "bubblewrap (bwrap)", "tar": "tar" };
  const built = process.env.HELMWRIGHT_IMAGE ? {} : { "apt-get": "Debian's apt-get", "dpkg-deb": "Debian's dpkg-deb" };
  const missing = Object.entries({ ...needed, ...built }).filter(([program]) => findOnPath(program) === undefined);
  return missing.length === 0 ? undefined : missing.map(([, name]) => name).join(", ");
}

/** The archive that `HELMWRIGHT_IMAGE` names; without it the image is built first. */
export function ensureImage(): string {
  const given = process.env.HELMWRIGHT_IMAGE;
  if (given) return resolve(root, given);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["task", "image"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot build the image:\n${stdout}${stderr}`);
  return join(root, "dist", "helmwright-image.tar");
}

/** Unpacks an OCI archive with one image. */
export function unpackImage(archive: string): UnpackedImage {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-image-"));
  chmodSync(folder, 0o755); // The image's user has to get in.
  const layout = join(folder, "layout"), rootfs = join(folder, "root");
  mkdirSync(layout);
  mkdirSync(rootfs);
  execFileSync("tar", ["-xf", archive, "-C", layout]);
  const readBlob = (digest: string) => readFileSync(blobPath(layout, digest), "utf8");
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const manifest = JSON.parse(readBlob(index.manifests[0].digest));
  const { config } = JSON.parse(readBlob(manifest.config.digest));
  for (const { digest } of manifest.layers) {
    execFileSync("tar", ["-xzf", blobPath(layout, digest), "-C", rootfs]);
  }
  return { rootfs, config, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a Dockerfile of operator-sdk does after its FROM: copies the watches file and the charts of a project. */
export function copyProject(image: UnpackedImage, project: string): void {
  for (const name of ["watches.yaml", "helm-charts"]) {
    cpSync(join(project, name), join(image.rootfs, image.config.WorkingDir, name), { recursive: true });
  }
}

/**
 * The command that runs the image. `mounts` are files given to it, path inside to path outside; their folder is empty
 * otherwise.
 */
export function imageCommand(
  image: UnpackedImage,
  args: ReadonlyArray<string>,
  options: { readonly env?: Readonly<Record<string, string>>; readonly mounts?: Readonly<Record<string, string>> } = {},
): [string, ...Array<string>] {
  const [uid, gid] = image.config.User.split(":");
  const env = [...image.config.Env.map(splitVariable), ...Object.entries(options.env ?? {})];
  return [
    "bwrap",
    "--unshare-all",
    "--share-net",
    "--die-with-parent",
    "--as-pid-1",
    ...["--uid", uid, "--gid", gid],
    ...["--ro-bind", image.rootfs, "/"],
    ...["--proc", "/proc"],
    ...["--dev", "/dev"],
    ...["--tmpfs", "/tmp"],
    ...Object.entries(options.mounts ?? {}).flatMap(([inside, outside]) => ["--ro-bind", outside, inside]),
    "--clearenv",
    ...env.flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", image.config.WorkingDir],
    "--",
    ...image.config.Entrypoint,
    ...args,
  ];
}

/**
 * Sends a signal to the program inside, which has process id 1 there as in a container; `pid` is bubblewrap's, which
 * ends with the program's exit code.
 */
export function signalInside(pid: number, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  for (const child of children.split(" ").filter(Boolean)) process.kill(Number(child), signal);
}

/** The programs in the folders that a PATH has, as absolute paths inside. */
export function imagePrograms(image: UnpackedImage): Array<string> {
  const folders = ["bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin"].filter((path) =>
    existsSync(join(image.rootfs, path))
  );
  return folders.flatMap((folder) =>
    execFileSync("find", [join(image.rootfs, folder), "-not", "-type", "d"], { encoding: "utf8" })
      .trim().split("\n").filter(Boolean).map((path) => path.slice(image.rootfs.length))
  ).sort();
}

function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", digest.replace(":", "/"));
}

function splitVariable(text: string): [string, string] {
  const equals = text.indexOf("=");
  return [text.slice(0, equals), text.slice(equals + 1)];
}

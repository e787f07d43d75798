// The image's root: from Debian packages only what a program needs to run, and no shell.

import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "./tar.ts";

/** The packages: the C library, the compiler's run-time library, authorities' certificates, time zones, port names. */
const PACKAGES = ["libc6", "libgcc-s1", "ca-certificates", "tzdata", "netbase"];

/** The user that the image runs as. */
export const NONROOT = { uid: 65532, gid: 65532 };

/** What of the packages goes into the image. */
const KEPT = [
  // But what converts character sets, audits, and helps to debug.
  /^usr\/lib(64)?\/(?!.*\/(gconv|audit)\/|locale\/|.*\/lib(c_malloc_debug|memusage|pcprofile|thread_db|BrokenLocale)\.).*\.so[.\d]*$/,
  /^usr\/share\/zoneinfo\/(?!right\/)/,
  /^usr\/share\/doc\/[^/]+\/copyright$/,
  /^etc\/(services|protocols)$/,
];

/** The packages cannot be had; the message says why. */
export class PackagesUnavailable extends Error {
  override readonly name = "PackagesUnavailable";
}

/** The root's entries, and the packages they come from as `name version`. */
export function buildRoot(): { entries: Map<string, Entry>; packages: Array<string> } {
  const staging = mkdtempSync(join(tmpdir(), "helmwright-image-"));
  try {
    const unpacked = join(staging, "root");
    mkdirSync(unpacked);
    download(PACKAGES, staging, unpacked);
    // Its licence lies in another package, whose name has the compiler's version: gcc-12-base.
    download([readlinkSync(join(unpacked, "usr/share/doc/libgcc-s1"))], staging, unpacked);
    const archives = readdirSync(staging).filter((name) => name.endsWith(".deb")).sort();
    const packages = archives.map((archive) => decodeURIComponent(archive).split("_").slice(0, 2).join(" "));
    return { entries: rootEntries(unpacked), packages };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function download(packages: ReadonlyArray<string>, staging: string, unpacked: string): void {
  const before = new Set(readdirSync(staging));
  run("apt-get", ["-qq", "-o", "APT::Sandbox::User=root", "download", ...packages], staging);
  for (const archive of readdirSync(staging)) {
    if (!before.has(archive)) run("dpkg-deb", ["-x", archive, unpacked], staging);
  }
}

function rootEntries(unpacked: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const all = readdirSync(unpacked, { recursive: true, encoding: "utf8" });
  for (const path of all) {
    // Debian 12 has libraries in /lib, Debian 13 in /usr/lib; here they are in /usr/lib, and /lib is a link.
    const target = path.replace(/^lib(64)?\//, "usr/lib$1/");
    if (KEPT.some((pattern) => pattern.test(target))) addEntry(entries, target, join(unpacked, path));
  }
  entries.set("lib", { type: "link", target: "usr/lib" });
  if (all.some((path) => /^(usr\/)?lib64\//.test(path))) entries.set("lib64", { type: "link", target: "usr/lib64" });
  entries.set("etc/ssl/certs/ca-certificates.crt", file(certificates(unpacked)));
  entries.set(
    "etc/passwd",
    file("root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/opt/helm:/sbin/nologin\n"),
  );
  entries.set("etc/group", file("root:x:0:\nnonroot:x:65532:\n"));
  entries.set("etc/nsswitch.conf", file("passwd: files\ngroup: files\nhosts: files dns\n"));
  for (const path of ["dev", "proc", "sys"]) entries.set(path, { type: "directory", mode: 0o755 });
  entries.set("tmp", { type: "directory", mode: 0o1777 });
  // The group is root's as in operator-sdk's image, for clusters that give a pod any user.
  entries.set("opt/helm", { type: "directory", mode: 0o775, owner: { uid: NONROOT.uid, gid: 0 } });
  return entries;
}

function addEntry(entries: Map<string, Entry>, path: string, source: string): void {
  const stat = lstatSync(source);
  if (stat.isSymbolicLink()) entries.set(path, { type: "link", target: readlinkSync(source) });
  else if (stat.isFile()) {
    entries.set(path, { type: "file", data: readFileSync(source), mode: stat.mode & 0o111 ? 0o755 : 0o644 });
  }
}

/** All authorities in one file, as the package's own installation would write it. */
function certificates(unpacked: string): string {
  const folder = join(unpacked, "usr/share/ca-certificates/mozilla");
  return readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), "utf8").trimEnd() + "\n").join("");
}

function file(text: string): Entry {
  return { type: "file", data: new TextEncoder().encode(text), mode: 0o644 };
}

function run(program: string, args: ReadonlyArray<string>, directory: string): void {
  const { error, status, stderr } = spawnSync(program, args, { cwd: directory, encoding: "utf8" });
  if (error !== undefined) {
    throw new PackagesUnavailable(
      `Cannot build the image here: ${program} is needed, as Debian and Ubuntu have it. Docker builds the same from the Dockerfile.`,
    );
  }
  if (status !== 0) {
    throw new PackagesUnavailable(`Cannot build the image: ${program} failed (is "apt-get update" due?)\n${stderr}`);
  }
}

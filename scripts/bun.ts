// Bun, for its `build --compile`: fetched once from its npm package, checked, and kept in the cache.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { cacheDirectory } from "../test/cluster/tools.ts";

/** The pinned version. */
export const BUN_VERSION = "1.4.5";

/** The platform packages that hold the program itself, and the checksums of their archives. */
const PACKAGES: Readonly<Record<string, { readonly name: string; readonly integrity: string }>> = {
  "linux-x64": {
    name: "@oven/bun-linux-x64",
    integrity: "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
  },
  "linux-arm64": {
    name: "@oven/bun-linux-aarch64",
    integrity: "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  },
  "darwin-x64": {
    name: "@oven/bun-darwin-x64",
    integrity: "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
  },
  "darwin-arm64": {
    name: "@oven/bun-darwin-aarch64",
    integrity: "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
  },
};

/** Bun cannot be fetched here; the message says why. */
export class BunUnavailable extends Error {
  override readonly name = "BunUnavailable";
}

/** This machine's platform. */
export const ownPlatform = `${process.platform}-${process.arch}`;

/** The platforms for which Bun is pinned. */
export const platforms: ReadonlyArray<string> = Object.keys(PACKAGES);

/** The path of Bun's program for a platform, fetched with npm when the cache has none. Its install scripts do not run. */
export function ensureBun(platform = ownPlatform): string {
  const wanted = PACKAGES[platform];
  if (wanted === undefined) throw new BunUnavailable(`Cannot fetch Bun: it is not pinned for ${platform}`);
  const target = join(cacheDirectory(), `bun-${BUN_VERSION}-${platform}`);
  const program = join(target, "package", "bin", "bun");
  if (!existsSync(program)) fetchPackage(wanted, target);
  return program;
}

function fetchPackage(wanted: { name: string; integrity: string }, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const staging = mkdtempSync(join(dirname(target), ".bun-"));
  try {
    run("npm", ["pack", "--silent", "--pack-destination", staging, `${wanted.name}@${BUN_VERSION}`]);
    const archive = join(staging, readdirSync(staging)[0]);
    const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (found !== wanted.integrity) {
      throw new BunUnavailable(
        `Cannot use ${wanted.name}@${BUN_VERSION}: its checksum is ${found}, not the pinned one`,
      );
    }
    run("tar", ["-xzf", archive, "-C", staging]);
    rmSync(archive);
    chmodSync(join(staging, "package", "bin", "bun"), 0o755);
    if (!existsSync(target)) renameSync(staging, target);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function run(program: string, args: ReadonlyArray<string>): void {
  const { status, error, stderr } = spawnSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  if (error !== undefined) throw new BunUnavailable(`Cannot fetch Bun: ${program} is needed for it (${error.message})`);
  if (status !== 0) throw new BunUnavailable(`Cannot fetch Bun: ${program} ${args[0]} failed\n${stderr}`);
}

/** Which commit of the project a folder holds. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The commit's hash, with `-dirty` behind it when files differ from it; else the environment's `HELMWRIGHT_COMMIT`, for a
 * source without its git directory; else empty.
 */
export function commitOf(root: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.HELMWRIGHT_COMMIT ?? "";
  // git would go up to another project's.
  if (!existsSync(join(root, ".git"))) return given;
  const args = ["describe", "--always", "--exclude=*", "--abbrev=40", "--dirty"];
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : given;
}

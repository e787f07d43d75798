/** Where links lead, found as Go's path/filepath finds it. */
import { lstatSync, readlinkSync } from "node:fs";
import { systemWords } from "./system-words.ts";

/** How many links a path may lead through. */
const maxLinks = 255;

/**
 * filepath.EvalSymlinks of an absolute path. It goes from name to name, so that what it throws names the first place
 * that is not there, not the link's end as systems do.
 */
export function evalSymlinks(path: string): string {
  let resolved = "";
  let links = 0;
  const names = path.split("/");
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      resolved = parent(resolved);
      continue;
    }
    const place = `${resolved}/${name}`;
    const stats = lstat(place);
    if (stats.isSymbolicLink()) {
      if (++links > maxLinks) throw new Error("EvalSymlinks: too many links");
      const link = readlinkSync(place);
      if (link.startsWith("/")) resolved = "";
      names.unshift(...link.split("/"));
    } else {
      if (!stats.isDirectory() && names.length > 0) throw new Error("not a directory");
      resolved = place;
    }
  }
  return resolved || "/";
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function lstat(place: string) {
  try {
    return lstatSync(place);
  } catch (error) {
    throw new Error(`lstat ${place}: ${systemWords(error)}`, { cause: error });
  }
}

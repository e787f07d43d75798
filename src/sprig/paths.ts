import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";

/** path.Clean. */
export function clean(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  return rooted ? "/" + kept.join("/") : kept.join("/") || ".";
}

/** path.Base. */
export function base(path: string): string {
  if (path === "") return ".";
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** path.Dir. */
export function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

/** path.Ext: what follows the last dot of the last element, with the dot. */
export function ext(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

const text = "func(string) string";

/** Sprig's functions on paths. Those of the operating system are those of Unix. */
export const pathFunctions: Record<string, GoFunction> = {
  base: fn(text, base),
  clean: fn(text, clean),
  dir: fn(text, dir),
  ext: fn(text, ext),
  isAbs: fn("func(string) bool", (path: string) => path.startsWith("/")),
  osBase: fn(text, base),
  osClean: fn(text, clean),
  osDir: fn(text, dir),
  osExt: fn(text, ext),
  osIsAbs: fn("func(string) bool", (path: string) => path.startsWith("/")),
};

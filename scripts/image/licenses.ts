// The licences of what the executable is made of: Helmwright's own, those of the npm packages that are bundled into it,
// and Bun's. As a program it writes them into a folder:  deno run -A scripts/image/licenses.ts FOLDER

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { BUN_VERSION, ensureBun } from "../bun.ts";

const root = resolve(import.meta.dirname!, "..", "..");

/** Texts by their paths in the folder of licences, such as `effect@4.1.0/LICENSE`. */
export function licenses(): Map<string, Uint8Array> {
  const texts = new Map<string, Uint8Array>([["LICENSE", readFileSync(join(root, "LICENSE"))]]);
  for (const folder of bundledPackages()) addTexts(texts, folder);
  addTexts(texts, dirname(dirname(ensureBun())), `bun@${BUN_VERSION}`);
  return texts;
}

/** A package that has no licence file says in its package.json what its licence is. */
function addTexts(texts: Map<string, Uint8Array>, folder: string, name = nameOf(folder)): void {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  for (const file of files.length > 0 ? files : ["package.json"]) {
    texts.set(`${name}/${file}`, readFileSync(join(folder, file)));
  }
}

function nameOf(folder: string): string {
  const { name, version } = readPackage(folder);
  return `${name}@${version}`;
}

/** The folders of the packages that package.json depends on, and of those that these depend on. */
function bundledPackages(): Set<string> {
  const found = new Set<string>();
  const visit = (folder: string) => {
    for (const name of Object.keys(readPackage(folder).dependencies ?? {})) {
      // Types are declared as dependencies too, and bundled by nobody.
      const dependency = name.startsWith("@types/") ? undefined : locate(name, folder);
      if (dependency === undefined || found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(root);
  return found;
}

/** Where a package finds another, as Node looks for it. */
function locate(name: string, from: string): string | undefined {
  for (let folder = from;; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackage(folder: string): { name: string; version: string; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

if (import.meta.main) {
  for (const [path, text] of licenses()) {
    const file = join(process.argv[2], path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

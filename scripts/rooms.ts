// The import rule between rooms, held by `deno task check`: each room of src imports only the rooms named here, main.ts
// imports src/cli alone, and nothing in src imports tests or scripts. Tests and scripts import what they like.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";

/** What a room may import besides itself and packages: a whole room, or one of its files without the extension. */
const MAY_IMPORT: Readonly<Record<string, ReadonlyArray<string>>> = {
  "template": [],
  "sprig": ["template"],
  "yaml": [],
  "chart": [
    "yaml",
    "sprig/semver",
    "sprig/time/parse",
    "sprig/time/zone",
    "sprig/url-parse",
    "sprig/url-resolve",
    "sprig/netip",
  ],
  "render": ["template", "sprig", "yaml", "chart"],
  "kube": ["yaml"],
  "storage": ["kube"],
  "release": ["render", "storage", "kube", "chart", "yaml"],
  "watches": ["chart", "yaml"],
  "controller": ["release", "kube", "watches"],
  "observability": [],
  "scaffold": ["chart", "render", "yaml"],
  "cli": ["*"],
};

/** Go's values as data, how Go prints them, and what its Unicode is, for every room to import. */
const COMMON = ["value", "bytes", "names", "signature", "format", "space", "unicode"].map((name) => `template/${name}`);

/** Rooms of plain synchronous functions on plain data: Effect stays out of them. */
const PURE: ReadonlySet<string> = new Set(["template", "sprig", "yaml", "chart", "render"]);

/** An import that breaks the rule. */
interface Offence {
  readonly file: string;
  readonly line: number;
  readonly imported: string;
  readonly rule: string;
}

const root = resolve(import.meta.dirname!, "..");
const offences = sourceFiles().flatMap(check);
for (const { file, line, imported, rule } of offences) {
  console.error(`${file}:${line}: Cannot import "${imported}": ${rule}`);
}
if (offences.length > 0) process.exit(1);

function sourceFiles(): Array<string> {
  const rooms = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join("src", path));
  return existsSync(join(root, "main.ts")) ? ["main.ts", ...rooms] : rooms;
}

function check(file: string): Array<Offence> {
  return importsOf(readFileSync(join(root, file), "utf8")).flatMap(({ imported, line }) => {
    const rule = brokenRule(file, imported);
    return rule === undefined ? [] : [{ file, line, imported, rule }];
  });
}

function importsOf(text: string): Array<{ imported: string; line: number }> {
  const statement =
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...text.matchAll(statement)].map((match) => ({
    imported: match[1] ?? match[2] ?? match[3],
    line: text.slice(0, match.index + match[0].length).split("\n").length,
  }));
}

/** The rule that this import breaks, or undefined. */
function brokenRule(file: string, imported: string): string | undefined {
  const from = roomOf(file);
  if (!imported.startsWith(".")) {
    const isEffect = imported === "effect" || /^(effect|@effect)\//.test(imported);
    return isEffect && from !== undefined && PURE.has(from)
      ? `src/${from} is plain synchronous code and imports no Effect`
      : undefined;
  }
  const target = relative(root, resolve(root, dirname(file), imported));
  const to = roomOf(target);
  if (from === undefined) return to === "cli" ? undefined : "main.ts imports only src/cli";
  if (from === "cli" && target === "package.json") return undefined; // It tells the version.
  if (to === undefined) return `src/${from} imports only rooms of src`;
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return `src/${from} is not in the table of rooms in scripts/rooms.ts`;
  const path = target.slice("src/".length).replace(/\.ts$/, "");
  const isAllowed = to === from ||
    [...COMMON, ...allowed].some((name) => name === "*" || name === to || path.startsWith(name));
  if (isAllowed) return undefined;
  return allowed.length === 0
    ? `src/${from} imports no other room`
    : `src/${from} imports only ${allowed.map((name) => `src/${name}`).join(", ")}`;
}

/** The room of a path relative to the root; undefined outside of src. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

// What the pages in docs/ show, to be tried: the files in their fenced blocks, and the output of commands.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseManifest } from "../../src/release/manifest.ts";
import type { Api, KubeObject } from "../cluster/api.ts";

const root = resolve(import.meta.dirname!, "..", "..");

/** A page of docs/. */
export interface Page {
  /** The text of a block of YAML that begins with the comment `# name`, without it. */
  readonly file: (name: string) => string;
  /** What the page says that a command prints: the block of `console` that begins with `$ command`. */
  readonly output: (command: string) => string;
}

/** Reads `docs/<name>.md`. */
export function readPage(name: string): Page {
  const text = readFileSync(join(root, "docs", `${name}.md`), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const find = (language: string, first: string) => {
    const found = blocks.find(([, lang, content]) => lang === language && content.startsWith(`${first}\n`));
    if (found === undefined) throw new Error(`docs/${name}.md has no block of ${language} that begins with "${first}"`);
    return found[2].slice(first.length + 1);
  };
  return { file: (file) => find("yaml", `# ${file}`), output: (command) => find("console", `$ ${command}`) };
}

/** A copy of examples/website with a namespace of its own in the cluster. */
export async function makeProject(api: Api, files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-docs-"));
  cpSync(join(root, "examples/website"), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const [crd] = objects(readFileSync(join(folder, "config/crd/bases/demo.example.com_websites.yaml"), "utf8"));
  await api.createCustomResourceDefinition(crd);
  const namespace = await api.createNamespace("web");
  const inNamespace = (each: KubeObject) => ({ ...each, metadata: { ...each.metadata, namespace } });
  const refer = (kind: string, name: string, apiVersion = "v1") => ({ apiVersion, kind, namespace, name });
  return {
    folder,
    namespace,
    /** Options of `startOperator`: only this namespace is watched. */
    run: { directory: folder, env: { WATCH_NAMESPACE: namespace } },
    /** Applies the objects of a text in the project's namespace. */
    apply: async (text: string) => {
      for (const object of objects(text)) await api.apply(inNamespace(object));
    },
    website: (name: string) => api.get(refer("Website", name, "demo.example.com/v1alpha1")),
    deployment: (name: string) => api.get(refer("Deployment", name, "apps/v1")),
    configMap: (name: string) => api.get(refer("ConfigMap", name)),
    refer,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The objects of a YAML text. */
export function objects(text: string): KubeObject[] {
  return parseManifest(text) as unknown as KubeObject[];
}

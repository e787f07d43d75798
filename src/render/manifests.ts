/** Rendered files, cut into manifests and sorted into objects and hooks (helm.sh/helm/v4/pkg/release/v1/util). */
import { ignoreWarnings, type Warn } from "../chart/chart-error.ts";
import { basePath } from "../chart/go-path.ts";
import { type GoType, readStruct } from "../chart/go-struct.ts";
import { detached } from "../template/bytes.ts";
import { sharedName } from "../template/names.ts";
import { trimSpace, trimSpaceLeft } from "../template/space.ts";
import { compareStrings } from "../template/value.ts";
import { readYamlTyped } from "../yaml/read.ts";
import { sortByKind } from "./kind-order.ts";
import type { Manifest, RenderedHook } from "./release-facts.ts";
import { RenderError } from "./render-error.ts";

export interface SortedManifests {
  /** In install order. */
  readonly manifests: readonly Manifest[];
  /** In install order too; a hook's weight counts only when it runs. */
  readonly hooks: readonly RenderedHook[];
}

/**
 * Sorts what templates rendered, by their paths. Files of nothing but space, and partials, are left out, and so are
 * hooks with an event that Helm does not know. Throws {@link RenderError} for text that is no YAML.
 */
export function sortManifests(
  files: ReadonlyMap<string, string>,
  seen = new SeenFiles(),
  warn: Warn = ignoreWarnings,
): SortedManifests {
  const manifests: Manifest[] = [];
  const hooks: RenderedHook[] = [];
  for (const path of [...files.keys()].sort(compareStrings)) {
    if (basePath(path).startsWith("_")) continue;
    for (const { content, head } of seen.read(path, files.get(path)!)) {
      const events = head.annotations?.get("helm.sh/hook");
      if (events === undefined) {
        manifests.push({ path, content, kind: head.kind, apiVersion: head.apiVersion });
      } else {
        const hook = hookOf(path, content, head, events);
        if (hook !== undefined) hooks.push(hook);
        else warn("INFO", "skipping unknown hooks", { hookTypes: events });
      }
    }
  }
  return { manifests: sortByKind(manifests), hooks: sortByKind(hooks) };
}

interface Part {
  readonly content: string;
  readonly head: Head;
}

/** The length of the shortest text that is worth remembering: of those that come out the same again, hardly any is shorter. */
const shortest = 4096;

interface Seen {
  readonly text: string;
  readonly parts: readonly Part[];
}

/**
 * What the files of a chart's last renderings held. Most custom resource definitions come out the same for each custom
 * resource, and need not be read as YAML again. Of a file that has come out differently a hash is remembered, and no
 * more until it is the same twice in a row.
 */
export class SeenFiles {
  readonly #files = new Map<string, Seen | number>();

  /** One part after the other, so that what is told of one is told before the next is found to be no YAML. */
  *read(path: string, text: string): Generator<Part> {
    const last = this.#files.get(path);
    if (typeof last === "object" && last.text === text) return yield* last.parts;
    const parts: Part[] = [];
    for (const content of splitManifests(text)) {
      const part = { content, head: readHead(path, content) };
      parts.push(part);
      yield part;
    }
    if (text.length >= shortest) {
      const hash = last === undefined ? undefined : sampleHash(text);
      this.#files.set(path, hash === undefined || hash === last ? { text, parts } : hash);
    }
  }
}

/** How many characters of a text are looked at to tell that it has changed: two renderings differ in many places. */
const samples = 1024;

function sampleHash(text: string): number {
  const stride = Math.ceil(text.length / samples);
  let hash = text.length;
  for (let i = 0; i < text.length; i += stride) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
  return hash;
}

/**
 * Cuts a file at lines that begin with `---`. What follows the dashes on such a line belongs to the next manifest, as
 * in Helm.
 */
export function splitManifests(text: string): string[] {
  return trimSpaceLeft(text).split(/(?<![^\n])---[ \t]*/)
    .map((part) => trimSpaceLeft(part)).filter((part) => part !== "");
}

interface Head {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations: ReadonlyMap<string, string> | undefined;
}

const string: GoType = { kind: "string" };

const headType = {
  kind: "struct",
  name: "SimpleHead",
  type: "util.SimpleHead",
  fields: {
    apiVersion: string,
    kind: string,
    metadata: {
      kind: "struct",
      name: "",
      type: 'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
      fields: { name: string, annotations: { kind: "map", of: string } },
    },
  },
} satisfies GoType;

const headFields = new Set(Object.keys(headType.fields).map((name) => name.toLowerCase()));

function readHead(path: string, content: string): Head {
  try {
    const { apiVersion, kind, metadata } = readStruct(readYamlTyped(content, headFields), headType) as {
      apiVersion?: string;
      kind?: string;
      metadata?: { name?: string; annotations?: Map<string, string> };
    };
    return {
      apiVersion: sharedName(apiVersion ?? ""),
      kind: sharedName(kind ?? ""),
      name: detached(metadata?.name ?? ""),
      annotations: metadata?.annotations &&
        new Map([...metadata.annotations].map(([key, value]) => [sharedName(key), detached(value)])),
    };
  } catch (error) {
    throw new RenderError(`YAML parse error on ${path}: ${(error as Error).message}`, "render", { cause: error });
  }
}

/** The events of hooks; `test-success` is Helm 2's name. */
const knownEvents = new Map([
  ...[
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
  ].map((event) => [event, event] as const),
  ["test-success", "test"],
]);

function hookOf(path: string, manifest: string, head: Head, list: string): RenderedHook | undefined {
  const events = words(list).map((event) => knownEvents.get(event));
  if (events.includes(undefined)) return undefined;
  const annotation = (name: string) => head.annotations?.get(`helm.sh/${name}`);
  return {
    name: head.name,
    kind: head.kind,
    path,
    manifest,
    events: events as string[],
    weight: weightOf(annotation("hook-weight") ?? ""),
    deletePolicies: words(annotation("hook-delete-policy")),
    outputLogPolicies: words(annotation("hook-output-log-policy")),
  };
}

const words = (list: string | undefined) => list?.split(",").map((word) => trimSpace(word).toLowerCase()) ?? [];

/** The number next to the greatest of Go's ints, which JSON can hold for Helm to read. */
const greatestWeight = 2 ** 63 - 1024;

/** Go's `strconv.Atoi`, with 0 for what is no number, as near as a number comes to it. */
function weightOf(text: string): number {
  const weight = /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : 0n;
  if (BigInt.asIntN(64, weight) !== weight) return 0;
  return Math.max(-greatestWeight, Math.min(Number(weight), greatestWeight));
}

/**
 * The digest of what a release is rendered from. A custom resource whose digest is that of its deployed revision needs
 * no rendering: charts that draw random values, certificates or dates stay as they are.
 *
 * Not digested: the revision and whether it is an install or an upgrade, which change by the very act of releasing.
 */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import type { CapabilityFacts, CapabilityUse, LookupQuery } from "../render/release-facts.ts";
import type { RecordedLookup, RecordFacts } from "../storage/record.ts";
import type { ReleaseKey } from "../storage/storage.ts";
import { compareStrings, type Json } from "../template/value.ts";
import { foreign, type Owner } from "./ownership.ts";
import type { Source } from "./session.ts";

/** Changes when equal inputs may render differently than before. */
const edition = 1;

/** Digest of everything but lookups and capabilities, of which only what the rendering asked for counts. */
export function digestInputs(source: Source, release: ReleaseKey): string {
  return sha256({
    edition,
    chart: source.chart.digest,
    values: source.values as Json,
    release: [release.namespace, release.name],
  });
}

/**
 * What a rendering asked of the capabilities, with the answers: a kind that appears in the cluster is no reason to render
 * a chart again that does not ask for it. Undefined when it asked nothing.
 */
export function recordCapabilities(
  { kubeVersion, apiVersions }: CapabilityUse,
  facts: CapabilityFacts,
): RecordFacts["capabilities"] {
  const answers: { [asked: string]: Json } = {};
  if (kubeVersion) answers.kubeVersion = facts.kubeVersion;
  if (apiVersions === "all") answers.apiVersions = sha256([...facts.apiVersions].sort(compareStrings));
  else if (apiVersions.length > 0) {
    answers.has = Object.fromEntries(apiVersions.map((version) => [version, facts.apiVersions.includes(version)]));
  }
  return Object.keys(answers).length === 0 ? undefined : answers;
}

/** Whether the questions that a revision's rendering asked would be answered the same now. */
export function sameCapabilities({ capabilities = {} }: RecordFacts, facts: CapabilityFacts): boolean {
  const { kubeVersion, apiVersions, has } = capabilities;
  const use: CapabilityUse = {
    kubeVersion: kubeVersion !== undefined,
    apiVersions: apiVersions !== undefined ? "all" : Object.keys(has ?? {}),
  };
  return canonical(recordCapabilities(use, facts) ?? {}) === canonical(capabilities);
}

/**
 * Digest of what a lookup found: an object, a list, or null. What belongs to the release itself counts as not there:
 * it is an output, and a chart that keeps its own generated password by `lookup` would otherwise follow its own tail.
 */
export function recordLookup(query: LookupQuery, found: KubeObject | null, owner: Owner): RecordedLookup {
  return { ...query, digest: sha256(foreignPart(found, owner)) };
}

/** Whether the deployed revision was rendered from the same inputs. */
export function sameInputs(facts: RecordFacts | undefined, inputs: string): facts is RecordFacts {
  return facts?.inputs === inputs;
}

/** JSON with sorted keys: equal for equal values. */
export function canonical(json: Json): string {
  return JSON.stringify(json, (_, value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.keys(value).sort(compareStrings).map((key) => [key, value[key]]));
  });
}

function sha256(json: Json): string {
  return createHash("sha256").update(canonical(json)).digest("hex");
}

function foreignPart(found: KubeObject | null, owner: Owner): Json {
  if (found === null) return null;
  if (Array.isArray(found.items)) {
    return (found.items as KubeObject[]).filter((item) => foreign(item, owner) !== null).map(withoutVolatile);
  }
  return foreign(found, owner) === null ? null : withoutVolatile(found);
}

/** Without what changes by each write of anybody. */
function withoutVolatile(object: KubeObject): Json {
  const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = object.metadata;
  return { ...object, metadata } as unknown as Json;
}

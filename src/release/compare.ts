/** Whether a rendering is what a revision holds already. */
import type { RenderedHook } from "../render/release-facts.ts";
import type { Rendered } from "../render/release-facts.ts";
import type { HookRecord, ReleaseRecord } from "../storage/record.ts";
import type { Json } from "../template/value.ts";
import { canonical } from "./inputs.ts";
import { parseManifest } from "./manifest.ts";

/**
 * Whether the objects and hooks are the same. Comments, white space, the order of keys and of documents do not count,
 * nor do the notes.
 */
export function sameRelease(rendered: Rendered, record: ReleaseRecord): boolean {
  return sameObjects(rendered.manifest, record.manifest ?? "") &&
    sameSet(rendered.hooks.map(hookText), (record.hooks ?? []).map(recordedHookText));
}

function sameObjects(one: string, other: string): boolean {
  return one === other || sameSet(objectTexts(one), objectTexts(other));
}

function objectTexts(manifest: string): string[] {
  try {
    return parseManifest(manifest).map((object) => canonical(object as unknown as Json));
  } catch {
    return [manifest];
  }
}

function hookText(hook: RenderedHook): string {
  return textOf(hook.manifest, hook.events, hook.weight, hook.deletePolicies, hook.outputLogPolicies);
}

function recordedHookText(hook: HookRecord): string {
  const { manifest, events, weight, delete_policies, output_log_policies } = hook;
  return textOf(manifest ?? "", events ?? [], weight ?? 0, delete_policies ?? [], output_log_policies ?? []);
}

/** Helm writes the default policy into a record when a hook has run. */
function textOf(
  manifest: string,
  events: ReadonlyArray<string>,
  weight: number,
  policies: ReadonlyArray<string>,
  logPolicies: ReadonlyArray<string>,
): string {
  const withDefault = policies.length === 0 ? ["before-hook-creation"] : [...policies];
  return JSON.stringify([
    objectTexts(manifest).sort(),
    [...events].sort(),
    weight,
    withDefault.sort(),
    [
      ...logPolicies,
    ].sort(),
  ]);
}

function sameSet(one: string[], other: string[]): boolean {
  if (one.length !== other.length) return false;
  const sorted = other.toSorted();
  return one.toSorted().every((text, index) => text === sorted[index]);
}

/** Which revisions stay, as Helm's storage decides (helm.sh/helm/v4/pkg/storage). */
import type { Revision } from "./storage.ts";

/** The newest revision that is `deployed`: a crash can leave two, and the latest counts. */
export function lastDeployed(revisions: ReadonlyArray<Revision>): Revision | undefined {
  return revisions.findLast(({ status }) => status === "deployed");
}

/**
 * The revisions to delete, oldest first, so that at most `max` remain; the deployed one always remains. 0 or less
 * keeps everything. `revisions` are sorted, the oldest first.
 */
export function toPrune(revisions: ReadonlyArray<Revision>, max: number): ReadonlyArray<Revision> {
  if (max <= 0 || revisions.length <= max) return [];
  const deployed = lastDeployed(revisions);
  return revisions.filter((revision) => revision !== deployed).slice(0, revisions.length - max);
}

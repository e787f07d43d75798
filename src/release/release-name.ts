/** The name of a custom resource's release. */
import { createHash } from "node:crypto";

/** Helm's limit: names that are made of the release's must fit in a label. */
const longest = 53;

/**
 * The custom resource's own name. One of more than 53 characters, which Helm refuses, is cut to 44 and gets eight digits
 * of its checksum, so that two long names with the same start stay two releases.
 */
export function releaseNameFor(name: string): string {
  if (name.length <= longest) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - 9).replace(/[-.]+$/, "")}-${digest}`;
}

/** A chart's content as one number: what renders equally has equal digests. */
import { createHash } from "node:crypto";
import type { Chart, ChartFile } from "./chart.ts";

/**
 * SHA-256 in hex over the names and contents of files, and the subcharts' digests. Files under charts/ count through the
 * latter alone, so that each byte is hashed once.
 */
export function digestOf(files: readonly ChartFile[], dependencies: readonly Chart[]): string {
  const hash = createHash("sha256");
  for (const { name, data } of files) {
    if (!name.startsWith("charts/")) hash.update(`${name}\0${data.length}\0`).update(data);
  }
  for (const { metadata, digest } of dependencies) hash.update(`charts/${metadata.name}\0${digest}\0`);
  return hash.digest("hex");
}

/** A manifest as release records hold it. */

/**
 * The manifest in Helm 3's form, where each document ends with one newline; Helm 4's has a blank line more. operator-sdk's
 * Helm operator compares manifests letter by letter: given the other form, it would make a revision of every release
 * that it takes over. A block scalar that keeps its trailing newlines is left as it is.
 */
export function storedManifest(manifest: string): string {
  return manifest.split(/^(?=---\n# Source: )/m).map((document) =>
    /[|>][1-9]?\+[ \t]*(#.*)?$/m.test(document) ? document : document.replace(/(\n[ \t]*)+$/, "\n")
  ).join("");
}

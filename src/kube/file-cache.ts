/** Files that others rewrite: rotated tokens and certificates. */
import { readFile } from "node:fs/promises";
import type { Pem } from "./cluster-config.ts";

/** How long a file's content is believed; a kubelet rewrites tokens long before they expire. */
const believedMilliseconds = 60_000;

/** Reads files at most once a minute, unless told to forget. */
export class FileCache {
  readonly #files = new Map<string, { text: string; readAt: number }>();

  /** The file's content. When a second reading fails the earlier content is given: a rotation may be under way. */
  async read(path: string): Promise<string> {
    const known = this.#files.get(path);
    if (known && Date.now() - known.readAt < believedMilliseconds) return known.text;
    try {
      const text = await readFile(path, "utf8");
      this.#files.set(path, { text, readAt: Date.now() });
      return text;
    } catch (error) {
      if (known) return known.text;
      throw error;
    }
  }

  /** A PEM's text, undefined for none. */
  pem(pem: Pem | undefined): Promise<string | undefined> {
    if (pem === undefined) return Promise.resolve(undefined);
    return "data" in pem ? Promise.resolve(pem.data) : this.read(pem.file);
  }

  /** The next reading goes to the disk. */
  forget(): void {
    for (const file of this.#files.values()) file.readAt = 0;
  }
}

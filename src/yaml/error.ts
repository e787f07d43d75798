import type { GoMap } from "../template/value.ts";

/** YAML, JSON or TOML that cannot be read or written. The message is that of the Go library which Helm uses. */
export class YamlError extends Error {
  override readonly name = "YamlError";

  /** What Go had decoded of a JSON object whose syntax is right. */
  decoded: GoMap | undefined;

  /** `line` counts from 1 and is absent where Go's library does not know it. */
  constructor(message: string, readonly line?: number) {
    super(message);
  }
}

import { YamlError } from "./error.ts";
import { quote } from "../template/format/quote.ts";

/** BurntSushi/toml's ParseError: where it happened and the last key that was begun. */
export function tomlError(message: string, line: number, lastKey: string): YamlError {
  const key = lastKey === "" ? "" : ` (last key ${quote(lastKey)})`;
  return new YamlError(`toml: line ${line}${key}: ${message}`, line);
}

/** A key's parts as they stand in a document, quoted where they must be. */
export function joinKey(key: readonly string[]): string {
  return key.map(quoteKey).join(".");
}

/** One part of a key, quoted unless it consists of ASCII letters, digits, `_` and `-`. */
export function quoteKey(part: string): string {
  return /^[A-Za-z0-9_-]+$/.test(part) ? part : quoteToml(part);
}

const named: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

/** A basic string. */
export function quoteToml(text: string): string {
  // deno-lint-ignore no-control-regex
  const escaped = text.replaceAll(/["\\\x00-\x1f\x7f]/g, (char) => {
    return named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

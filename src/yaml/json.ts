import type { GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";

/** encoding/json's Unmarshal into `any`: every number is a float64. */
export function readJson(_text: string): GoValue {
  throw new YamlError("not yet");
}

/** How {@link writeJson} prints. */
export interface JsonFormat {
  /** One level of indentation; without it everything stands on one line. */
  readonly indent?: string;
  /** Whether `<`, `>` and `&` become `\u003c`, `\u003e` and `\u0026`, as Go does by default. Default true. */
  readonly escapeHtml?: boolean;
}

/** encoding/json's Marshal, without a line's end. */
export function writeJson(_value: GoValue, _format: JsonFormat = {}): string {
  throw new YamlError("not yet");
}

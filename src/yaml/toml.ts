import type { GoMap, GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";

/** BurntSushi/toml's encoder: what Helm's `toToml` prints. */
export function writeToml(_value: GoValue): string {
  throw new YamlError("not yet");
}

/** BurntSushi/toml's Unmarshal into a map[string]any: integers are int64. */
export function readToml(_text: string): GoMap {
  throw new YamlError("not yet");
}

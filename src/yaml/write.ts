import type { GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";

/** sigs.k8s.io/yaml's Marshal: what Helm's `toYaml` prints, with the last line's end. */
export function writeYaml(_value: GoValue): string {
  throw new YamlError("not yet");
}

/** goyaml.v3's encoder with an indent of 2: what Helm's `toYamlPretty` prints, with the last line's end. */
export function writeYamlPretty(_value: GoValue): string {
  throw new YamlError("not yet");
}

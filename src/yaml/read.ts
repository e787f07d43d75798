import type { GoList, GoMap, GoValue } from "../template/value.ts";
import { YamlError } from "./error.ts";

export { YamlError };

/** sigs.k8s.io/yaml's Unmarshal into `any`: every number is a float64, as JSON's are. */
export function readYaml(_text: string): GoValue {
  throw new YamlError("not yet");
}

/** sigs.k8s.io/yaml's Unmarshal into a map[string]any; an empty or null document is an empty map. */
export function readYamlMap(_text: string): GoMap {
  throw new YamlError("not yet");
}

/** sigs.k8s.io/yaml's Unmarshal into a []any; an empty or null document is an empty list. */
export function readYamlList(_text: string): GoList {
  throw new YamlError("not yet");
}

/** sigs.k8s.io/yaml's UnmarshalStrict into `any`: a key that occurs twice in a mapping is an error. */
export function readYamlStrict(_text: string): GoValue {
  throw new YamlError("not yet");
}

/** The documents of a stream, cut at `---` lines as k8s.io/apimachinery's YAMLReader cuts them. */
export function splitYamlDocuments(_text: string): string[] {
  throw new YamlError("not yet");
}

/** A document's value and where its nodes stand. */
export interface YamlWithLines {
  readonly value: GoValue;
  /** The line, from 1, on which the node at `path` (keys and list indexes from the root) begins; undefined if absent. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** Like {@link readYaml}, with the line of each node. */
export function readYamlWithLines(_text: string): YamlWithLines {
  throw new YamlError("not yet");
}

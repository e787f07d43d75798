/** Values written as YAML, JSON and TOML, and printed. */
import fc from "fast-check";
import type { Group } from "../question.ts";
import { data, flow } from "../values.ts";

const writers = [
  "toYaml",
  "toYamlPretty",
  "toJson",
  "toPrettyJson",
  "toRawJson",
  "toToml",
  "mustToToml",
  'printf "%v"',
  'printf "%#v"',
  'printf "%+v"',
  'printf "%q"',
  'printf "%s"',
  "toString",
  "quote",
  "toYaml | fromYaml | toJson",
  "toYaml | fromYamlArray | toJson",
  "toToml | fromToml | toJson",
  "toJson | fromJson | toYaml",
  "toYaml | nindent 2",
];

/** Values as they are written. */
export const writing: Group = {
  name: "writing",
  questions: fc.tuple(fc.constantFrom(...writers), data).map(([writer, value]) => ({
    op: "helm",
    text: `{{ .Values.v | ${writer} }}`,
    values: `{v: ${flow(value)}}`,
  })),
};

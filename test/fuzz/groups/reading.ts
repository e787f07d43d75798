/** YAML, JSON and TOML documents, well-formed and damaged. */
import fc from "fast-check";
import type { Group, Question } from "../question.ts";
import { damaged, one } from "../text.ts";
import { data, flow, quoted } from "../values.ts";
import { tomlDocuments } from "../toml.ts";
import { yamlDocuments } from "../yaml.ts";

const through = (reader: string) => (text: string): Question => ({
  op: "helm",
  text: `{{ .Values.t | ${reader} | toJson }}`,
  values: `{t: ${quoted(text)}}`,
});

/** YAML. */
export const yaml: Group = {
  name: "yaml",
  questions: fc.tuple(
    one(yamlDocuments, damaged(yamlDocuments, " \n\t:-,[]{}#&*!|>'\"%@`?~ab1\u0000\u0085\ufeff")),
    fc.constantFrom(
      (text: string): Question => ({ op: "yaml2json", text }),
      (text: string): Question => ({ op: "yaml2json", text }),
      through("fromYaml"),
      through("fromYamlArray"),
    ),
  ).map(([text, ask]) => ask(text)),
};

const jsonDocuments = data.map((value) => flow(value).replace(/\\U([0-9a-f]{8})/g, (_, code) => astral(code)));

const astral = (code: string) =>
  [...String.fromCodePoint(parseInt(code, 16)).split("")].map((unit) => `\\u${unit.charCodeAt(0).toString(16)}`).join(
    "",
  );

/** JSON. */
export const json: Group = {
  name: "json",
  questions: fc.tuple(
    one(jsonDocuments, damaged(jsonDocuments, ' \n\t:-,[]{}"\\u1e.+tfn/\u0001é')),
    fc.constantFrom("fromJson", "fromJsonArray", "mustFromJson"),
  ).map(([text, reader]) => through(reader)(text)),
};

/** TOML. */
export const toml: Group = {
  name: "toml",
  questions: one(tomlDocuments, damaged(tomlDocuments, " \n\t=.,[]{}\"'#-_+1eTZ:")).map(through("fromToml")),
};

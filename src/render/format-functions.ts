/** Helm's functions that read and write YAML, JSON and TOML (helm.sh/helm/v4/pkg/engine/funcs.go). */
import { fn } from "../template/signature.ts";
import type { GoFunction, GoMap, GoValue } from "../template/value.ts";
import { readJsonList, readJsonMap, writeJson } from "../yaml/json.ts";
import { readYamlList, readYamlMap, YamlError } from "../yaml/read.ts";
import { readToml, writeToml } from "../yaml/toml.ts";
import { writeYaml, writeYamlPretty } from "../yaml/write.ts";

/** A writer that gives "" where Helm swallows the error. */
function quietly(write: (value: GoValue) => string): (value: GoValue) => string {
  return (value) => {
    try {
      return write(value);
    } catch {
      return "";
    }
  };
}

/** A reader of maps that puts the error's words under `Error`, beside what was decoded, as Helm does. */
function readingMap(read: (text: string) => GoMap): GoFunction {
  return fn("func(string) map[string]any", (text: string) => {
    try {
      return read(text);
    } catch (error) {
      return new Map([...(error as YamlError).decoded ?? [], ["Error", (error as Error).message]]);
    }
  });
}

/** A reader of lists whose only item is the error's words, as in Helm. */
function readingList(read: (text: string) => GoValue[]): GoFunction {
  return fn("func(string) []any", (text: string) => {
    try {
      return read(text);
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

const toYaml = (value: GoValue) => writeYaml(value).replace(/\n$/, "");
const toYamlPretty = (value: GoValue) => writeYamlPretty(value).replace(/\n$/, "");
const toJson = (value: GoValue) => writeJson(value);

/** `toToml` gives the error's words in place of the text. */
function toToml(value: GoValue): string {
  try {
    return writeToml(value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return error.message;
  }
}

const writer = (write: (value: GoValue) => string) => fn("func(any) string", write);

/** The functions by their names; the `must` forms fail where the others swallow the error. */
export const formatFunctions: Readonly<Record<string, GoFunction>> = {
  toYaml: writer(quietly(toYaml)),
  mustToYaml: writer((value) => toYaml(value)),
  toYamlPretty: writer(quietly(toYamlPretty)),
  fromYaml: readingMap(readYamlMap),
  fromYamlArray: readingList(readYamlList),
  toJson: writer(quietly(toJson)),
  mustToJson: writer((value) => toJson(value)),
  fromJson: readingMap(readJsonMap),
  fromJsonArray: readingList(readJsonList),
  toToml: writer(toToml),
  mustToToml: writer((value) => writeToml(value)),
  fromToml: readingMap(readToml),
};

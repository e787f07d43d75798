/** Answers to the oracle's questions by Helmwright's own rooms. */
import { type Chart, noValues } from "../../src/chart/chart.ts";
import { coalesceValues } from "../../src/chart/coalesce.ts";
import { parseIgnoreRules } from "../../src/chart/helm-ignore.ts";
import { loadChart } from "../../src/chart/load.ts";
import { readSchemaFile, type RemoteSchema, SchemaNeeded } from "../../src/chart/remote-schema.ts";
import { schemaFailures } from "../../src/chart/schema.ts";
import { parseInto, parseJsonInto, parseLiteralInto, parseStringInto } from "../../src/chart/strvals.ts";
import { capabilitiesObject, defaultCapabilities, parseKubeVersion } from "../../src/render/capabilities.ts";
import { prepareTemplates } from "../../src/render/prepared.ts";
import { render } from "../../src/render/render.ts";
import { executionFailure } from "../../src/render/render-error.ts";
import { Rendering } from "../../src/render/rendering.ts";
import { scopedTemplates } from "../../src/render/scopes.ts";
import { Values } from "../../src/render/values.ts";
import { toBytes } from "../../src/template/bytes.ts";
import { type GoMap, int } from "../../src/template/value.ts";
import { writeJson } from "../../src/yaml/json.ts";
import { readYamlMap, readYamlTyped } from "../../src/yaml/read.ts";
import type { Answer } from "../oracle/client.ts";
import type { Operation, Question } from "./question.ts";

/** What Helmwright says: a result, or an error's words. Bytes that are no UTF-8 show as U+FFFD, as in the oracle's. */
export function answer({ op, text, values = "{}" }: Question): Answer {
  try {
    return { out: operations[op](text, values).toWellFormed() };
  } catch (error) {
    return { out: "", err: (error as Error).message.toWellFormed() };
  }
}

const operations: Readonly<Record<Operation, (text: string, values: string) => string>> = {
  helm: (text, values) => renderOne(text, readYamlMap(values)),
  ignored,
  render: renderFiles,
  schema,
  yaml2json,
  "set": setting(parseInto),
  "set-string": setting(parseStringInto),
  "set-json": setting(parseJsonInto),
  "set-literal": setting(parseLiteralInto),
};

/** The paths of a YAML list that the rules leave out; a folder's path ends with a slash. */
function ignored(rules: string, list: string): string {
  const ignores = parseIgnoreRules(rules);
  const paths = readYamlTyped(list) as string[];
  return writeJson(paths.filter((path) => ignores(path.replace(/\/$/, ""), path.endsWith("/"))));
}

/** As `helm template` renders the chart of these files. */
function renderFiles(text: string, values: string): string {
  const { kubeVersion = defaultCapabilities.kubeVersion, ...files } = JSON.parse(text) as Record<string, string>;
  parseKubeVersion(kubeVersion);
  const rendered = render({
    chart: loadChart(Object.keys(files).sort().map((name) => ({ name, data: toBytes(files[name]) }))),
    values: readYamlMap(values),
    release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
    capabilities: { ...defaultCapabilities, kubeVersion },
    lookups: "empty",
  });
  const list = (words: readonly string[]) => `[${words.join(" ")}]`;
  return [
    ...rendered.crds.map(({ filename, data }) => `---\n# Source: ${filename}\n${data}\n`),
    rendered.manifest,
    ...rendered.hooks.map(({ kind, name, weight, events, deletePolicies, outputLogPolicies, path, manifest }) =>
      `--- ${kind} ${name} ${weight} ${list(events)} ${list(deletePolicies)} ${
        list(outputLogPolicies)
      }\n# Source: ${path}\n${manifest}\n`
    ),
    `NOTES:\n${rendered.notes}`,
  ].join("");
}

/** What is wrong with the values by a JSON schema, as an error. Schemas are read from the machine, as Helm does. */
function schema(text: string, values: string): string {
  const chart: Chart = { ...noChart, schema: toBytes(text) };
  const read = new Map<string, RemoteSchema>();
  while (true) {
    try {
      const failures = schemaFailures(chart, readYamlMap(values), read);
      if (failures !== "") throw new Error(failures);
      return "";
    } catch (error) {
      if (!(error instanceof SchemaNeeded)) throw error;
      read.set(error.url, readSchemaFile(error.url));
    }
  }
}

/** As sigs.k8s.io/yaml's YAMLToJSON, which leaves the prefix of its errors to Unmarshal. */
function yaml2json(text: string): string {
  try {
    return writeJson(readYamlTyped(text));
  } catch (error) {
    throw new Error((error as Error).message.replace("error converting YAML to JSON: ", ""));
  }
}

function setting(parse: (line: string, values: GoMap) => void): (line: string, values: string) => string {
  return (line, yaml) => {
    const values = readYamlMap(yaml);
    parse(line, values);
    return writeJson(values);
  };
}

/** Made anew for each question: a template may change it. */
const releaseFacts = (): GoMap =>
  new Map<string, boolean | string | ReturnType<typeof int>>([
    ["Name", "rel"],
    ["Namespace", "ns"],
    ["IsUpgrade", false],
    ["IsInstall", true],
    ["Revision", int(1)],
    ["Service", "Helm"],
  ]);

const capabilities = capabilitiesObject(defaultCapabilities);

const noChart: Chart = {
  metadata: { name: "c", version: "0.1.0", apiVersion: "v2" },
  lock: null,
  templates: [],
  values: noValues,
  schema: null,
  files: [],
  dependencies: [],
  digest: "",
};

/** The template of a chart that has nothing else, as the oracle's `helm` renders it. */
function renderOne(text: string, given: GoMap): string {
  const chart: Chart = { ...noChart, templates: [{ name: "templates/t.yaml", data: toBytes(text) }] };
  const templates = scopedTemplates(chart, coalesceValues(chart, given), { release: releaseFacts(), capabilities });
  const [{ path, folder, scope }] = templates;
  const prepared = prepareTemplates(chart, chart, templates);
  scope.set("Template", new Values(new Map([["Name", path], ["BasePath", folder]])));
  try {
    return new Rendering(prepared, { lookups: "empty" }).execute(path, scope);
  } catch (error) {
    throw executionFailure(path, error as Error, false);
  }
}

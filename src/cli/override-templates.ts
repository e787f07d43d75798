/** What the override values of a watches file may use: the environment, and templates with Sprig's functions. */
import { environmentFunctions } from "../sprig/environment.ts";
import { sprigFunctions } from "../sprig/functions.ts";
import { TemplateSet } from "../template/template.ts";
import type { LoadContext } from "../watches/load.ts";
import { readJson, writeJson } from "../yaml/json.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment and the template engine, as loading watches takes them. */
export function loadContext(environment: Environment, strict: boolean): LoadContext {
  const variable = (name: string) => environment[name];
  const variables = environmentFunctions(variable);
  return {
    environment: variable,
    expandVariables: (text) => variables.expandenv(text) as string,
    evaluateTemplate: (name, text) => {
      const functions = new Map([
        ...sprigFunctions({ json: { read: readJson, write: writeJson } }),
        ...Object.entries(variables),
      ]);
      const set = new TemplateSet({ functions });
      return set.execute(set.parse(name, text), null);
    },
    strict,
  };
}

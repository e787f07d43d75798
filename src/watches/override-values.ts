/** `overrideValues` of a watch: scalars to strings, the environment put in, the template evaluated, the paths set. */
import { parseStringInto } from "../chart/strvals.ts";
import { type GoMap, type GoValue, isList, isMap, type Json } from "../template/value.ts";

/**
 * A YAML scalar as the string that sigs.k8s.io/yaml makes of it when it decodes into a map[string]string:
 * `true` and numbers become their text, null the empty string. Undefined for maps and lists, which it refuses.
 */
export function coerceToString(value: unknown): string | undefined {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" ? formatNumber(value) : undefined;
}

/** Whole numbers as digits; fractions as Go's FormatFloat(n, 'g', -1, 64). */
function formatNumber(n: number): string {
  if (Number.isSafeInteger(n)) return String(n);
  const exponent = Math.floor(Math.log10(Math.abs(n)));
  if (exponent >= -4 && exponent < 6) return String(n);
  return n.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** What is needed to work out override values. */
export interface OverrideContext {
  /** Go's os.ExpandEnv: `$NAME` and `${NAME}` replaced by the environment's values. */
  readonly expandVariables: (text: string) => string;
  /** Evaluates a Go template with Sprig's functions and no data; throws when it cannot. */
  readonly evaluateTemplate: (name: string, text: string) => string;
}

/**
 * One override as operator-sdk works it out once at startup: first the environment, then the template.
 * Throws the template's error.
 */
export function expandOverride(key: string, value: string, context: OverrideContext): string {
  const text = context.expandVariables(value);
  // Most values are plain text; the engine is not needed for those.
  return text.includes("{{") ? context.evaluateTemplate(key, text) : text;
}

/**
 * The overrides as values of the chart, set as Helm's `--set-string` sets them: keys are paths such as `image.tag` or
 * `hosts[0]`, values stay strings, `{a,b}` is a list. Throws Helm's error for a key or value that it cannot read, such
 * as one with a comma that has no backslash before it.
 */
export function overrideTree(overrides: ReadonlyMap<string, string>): { [key: string]: Json } {
  const values: GoMap = new Map();
  for (const [key, value] of overrides) parseStringInto(`${key}=${value}`, values);
  return toJson(values) as { [key: string]: Json };
}

function toJson(value: GoValue): Json {
  if (isMap(value)) return Object.fromEntries([...value].map(([key, each]) => [key, toJson(each)]));
  return isList(value) ? value.map(toJson) : value as string | null;
}

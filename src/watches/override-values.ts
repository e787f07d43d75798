/** `overrideValues` of a watch: scalars to strings, the environment put in, the template evaluated. */

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

/** Go's os.Expand: `$NAME` and `${NAME}` replaced; an unset variable is empty, a `$` before no name stays. */
export function expandVariables(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\{([^}]*)\}|\{|([*#$@!?\-0-9])|([A-Za-z_][A-Za-z0-9_]*))/g, (_, braced, special, plain) => {
    const name = braced ?? special ?? plain;
    return name ? lookup(name) ?? "" : "";
  });
}

/** What is needed to work out override values. */
export interface OverrideContext {
  readonly environment: (name: string) => string | undefined;
  /** Evaluates a Go template with Sprig's functions and no data; throws when it cannot. */
  readonly evaluateTemplate: (name: string, text: string) => string;
}

/**
 * One override as operator-sdk works it out once at startup: first the environment, then the template.
 * Throws with `invalid template string` or the template's own error.
 */
export function expandOverride(key: string, value: string, context: OverrideContext): string {
  const text = expandVariables(value, context.environment);
  // Most values are plain text; the engine is not needed for those.
  return text.includes("{{") ? context.evaluateTemplate(key, text) : text;
}

/** A label selector as Kubernetes' API objects hold it, and the string that a list or a watch is asked with. */

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
type Operator = typeof operators[number];

/** The selector is not one that Kubernetes accepts. `path` leads to the wrong part. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
  constructor(message: string, readonly path: ReadonlyArray<string | number>) {
    super(message);
  }
}

const valuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const prefixPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * `{matchLabels, matchExpressions}` to `app=web,tier in (a,b),!legacy`, ordered by key as Kubernetes'
 * LabelSelectorAsSelector orders it. An empty or absent selector gives "", which selects everything.
 * Throws {@link SelectorError} on what Kubernetes refuses.
 */
export function formatSelector(selector: ReadonlyMap<string, unknown> | null | undefined): string {
  const requirements: Array<{ key: string; text: string }> = [];
  for (const [field, value] of selector ?? []) {
    if (value === null) continue;
    if (field === "matchLabels") requirements.push(...matchLabels(value));
    else if (field === "matchExpressions") requirements.push(...matchExpressions(value));
  }
  requirements.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  return requirements.map((requirement) => requirement.text).join(",");
}

function matchLabels(value: unknown): Array<{ key: string; text: string }> {
  if (!(value instanceof Map)) throw new SelectorError("matchLabels must be a map of strings", ["matchLabels"]);
  return [...value].map(([key, label]) => {
    const path = ["matchLabels", key];
    checkKey(key, path);
    if (typeof label !== "string") throw new SelectorError(`the value of label "${key}" must be a string`, path);
    checkValue(label, path);
    return { key, text: `${key}=${label}` };
  });
}

function matchExpressions(value: unknown): Array<{ key: string; text: string }> {
  if (!Array.isArray(value)) throw new SelectorError("matchExpressions must be a list", ["matchExpressions"]);
  return value.map((expression, index) => {
    const path = ["matchExpressions", index];
    if (!(expression instanceof Map)) throw new SelectorError("an expression must be a map", path);
    const key = expression.get("key");
    const operator = expression.get("operator");
    const values = expression.get("values") ?? [];
    if (typeof key !== "string") throw new SelectorError("an expression needs a key", path);
    checkKey(key, [...path, "key"]);
    if (!operators.includes(operator)) {
      throw new SelectorError(`operator must be one of ${operators.join(", ")}: current value is ${operator}`, path);
    }
    if (!Array.isArray(values) || values.some((each) => typeof each !== "string")) {
      throw new SelectorError("values must be a list of strings", [...path, "values"]);
    }
    for (const each of values) checkValue(each, [...path, "values"]);
    return { key, text: formatExpression(key, operator, values, path) };
  });
}

function formatExpression(key: string, operator: Operator, values: string[], path: ReadonlyArray<string | number>) {
  const wantsValues = operator === "In" || operator === "NotIn";
  if (wantsValues !== values.length > 0) {
    throw new SelectorError(`${operator} ${wantsValues ? "needs at least one value" : "takes no values"}`, path);
  }
  if (!wantsValues) return operator === "Exists" ? key : `!${key}`;
  return `${key} ${operator === "In" ? "in" : "notin"} (${[...values].sort().join(",")})`;
}

function checkKey(key: string, path: ReadonlyArray<string | number>): void {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  if ((slash >= 0 && !prefixPattern.test(key.slice(0, slash))) || !namePattern.test(name)) {
    throw new SelectorError(`"${key}" is not a label's name`, path);
  }
}

function checkValue(value: string, path: ReadonlyArray<string | number>): void {
  if (value.length > 63 || !valuePattern.test(value)) {
    throw new SelectorError(`"${value}" is not a label's value`, path);
  }
}

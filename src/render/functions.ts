/** The functions of Helm's templates: Sprig's, Helm's own, and those that are bound to one rendering. */
import { fn, late } from "../template/signature.ts";
import type { GoFunction, GoValue } from "../template/value.ts";
import { sprigFunctions } from "../sprig/functions.ts";
import { readJson, writeJson } from "../yaml/json.ts";
import { durationFunctions } from "../sprig/duration.ts";
import { formatFunctions } from "./format-functions.ts";
import { markedMessage } from "./render-error.ts";

function required(message: string, value: GoValue): GoValue {
  if (value === null || value === "") throw new Error(markedMessage(message));
  return value;
}

function fail(message: string): GoValue {
  throw new Error(markedMessage(message));
}

/** All functions by their names. `include`, `tpl` and `lookup` are each rendering's own. */
export const helmFunctions: Readonly<Record<string, GoFunction>> = {
  ...Object.fromEntries(sprigFunctions({ json: { read: readJson, write: writeJson } })),
  ...formatFunctions,
  ...durationFunctions,
  include: late("func(string, any) (string, error)"),
  tpl: late("func(string, any) (string, error)"),
  lookup: late("func(string, string, string, string) (map[string]any, error)"),
  required: fn("func(string, any) (any, error)", required),
  fail: fn("func(string) (string, error)", fail),
  getHostByName: fn("func(string) string", () => ""),
};

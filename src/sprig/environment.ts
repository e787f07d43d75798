import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";

/**
 * Sprig's `env` and `expandenv`. Helm takes them away from charts; the override values of a watches file may use them.
 *
 * @param variables a variable's value, or undefined when it is not set
 */
export function environmentFunctions(variables: (name: string) => string | undefined): Record<string, GoFunction> {
  const get = (name: string) => variables(name) ?? "";
  return {
    env: fn("func(string) string", get),
    expandenv: fn("func(string) string", (text: string) => expand(text, get)),
  };
}

/** os.Expand: `$name`, `${name}` and the shell's special `$*`, `$1`; bad syntax after a `$` is eaten. */
function expand(text: string, get: (name: string) => string): string {
  let out = "";
  let rest = text;
  for (let dollar = rest.indexOf("$"); dollar >= 0 && dollar + 1 < rest.length; dollar = rest.indexOf("$")) {
    out += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    const [name, length] = readName(rest);
    if (name !== "") out += get(name);
    else if (length === 0) out += "$";
    rest = rest.slice(length);
  }
  return out + rest;
}

/** The variable's name after a `$` and how much text it takes. */
function readName(text: string): [name: string, length: number] {
  if (text[0] === "{") {
    if (/^\{[*#$@!?0-9-]\}/.test(text)) return [text[1], 3];
    const close = text.indexOf("}");
    if (close === 1) return ["", 2];
    return close < 0 ? ["", 1] : [text.slice(1, close), close + 1];
  }
  if (/^[*#$@!?0-9-]/.test(text)) return [text[0], 1];
  const name = /^[A-Za-z0-9_]*/.exec(text)![0];
  return [name, name.length];
}

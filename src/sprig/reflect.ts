import { kindName, typeName } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import type { GoFunction, GoValue } from "../template/value.ts";

function typeIsLike(target: string, value: GoValue): boolean {
  const type = typeName(value);
  return target === type || "*" + target === type;
}

/** Sprig's functions on Go's types and kinds. */
export const reflectFunctions: Record<string, GoFunction> = {
  kindIs: fn("func(string, any) bool", (target: string, value: GoValue) => target === kindName(value)),
  kindOf: fn("func(any) string", (value: GoValue) => kindName(value)),
  typeIs: fn("func(string, any) bool", (target: string, value: GoValue) => target === typeName(value)),
  typeIsLike: fn("func(string, any) bool", typeIsLike),
  typeOf: fn("func(any) string", (value: GoValue) => typeName(value)),
};

/** The function `call`. */
import { assignableTo, canBeNil, isIntType, nilOf, signatureOf } from "../signature.ts";
import { typeName } from "../type-name.ts";
import { type GoValue, Int, wrap } from "../value.ts";

/** Calls a function that is a value. Throws Go's words for what cannot be called so. */
export function callFunction(name: string, f: GoValue, values: readonly GoValue[]): GoValue {
  if (f === null) throw new Error("call of nil");
  if (typeof f !== "function") throw new Error(`non-function ${name} of type ${typeName(f)}`);
  const signature = signatureOf(f);
  if (signature === undefined) return f(...values);
  const { params, variadic } = signature;
  if (variadic !== undefined && values.length < params.length) {
    throw new Error(`wrong number of args for ${name}: got ${values.length} want at least ${params.length}`);
  }
  if (variadic === undefined && values.length !== params.length) {
    throw new Error(`wrong number of args for ${name}: got ${values.length} want ${params.length}`);
  }
  return f(...values.map((value, i) => {
    try {
      return prepare(value, i < params.length ? params[i] : variadic!);
    } catch (error) {
      throw new Error(`arg ${i}: ${(error as Error).message}`);
    }
  }));
}

/** Go's prepareArg: assigns, or converts one integer to another. */
export function prepare(value: GoValue, type: string): GoValue {
  if (value === null) {
    if (!canBeNil(type)) throw new Error(`value is nil; should be of type ${type}`);
    return nilOf(type);
  }
  if (assignableTo(type)(value)) return value;
  if (value instanceof Int && isIntType(type)) return wrap(value.value, type);
  throw new Error(`value has type ${typeName(value)}; should be ${type}`);
}

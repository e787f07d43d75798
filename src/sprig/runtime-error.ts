/** The words of panics that many functions share. */

/** Go's panic where a function reflects on nil. */
export function nilDereference(): Error {
  return new Error("runtime error: invalid memory address or nil pointer dereference");
}

/** Go's panic of a failed type assertion; `type` is what the value is, `<nil>` included. */
export function conversionError(type: string, wanted: string): Error {
  const is = type === "<nil>" ? "nil" : type;
  return new Error(`interface conversion: interface {} is ${is}, not ${wanted}`);
}

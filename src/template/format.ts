/** Go's `fmt` and `strconv`, on Go values. */
export { formatFloat } from "./format/float.ts";
export { quote } from "./format/quote.ts";
export { sprintAll, sprintf, sprintln } from "./format/sprintf.ts";
export { sprint } from "./format/value.ts";
export { kindName, typeName } from "./type-name.ts";

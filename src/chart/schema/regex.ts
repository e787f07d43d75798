/** The regular expressions of schemas, which are Go's. */
import { RE2JS } from "re2js";

/** Those that were met last: the metaschema checks each that is then compiled, and many schemas have the same ones. */
const compiled = new Map<string, RE2JS>();
const most = 1000;

/** Compiles an expression, or gives the one that was compiled before. Throws an `Error` for what is none. */
export function compileRegex(source: string): RE2JS {
  let known = compiled.get(source);
  if (known === undefined) {
    if (compiled.size >= most) compiled.clear();
    compiled.set(source, known = RE2JS.compile(source));
  }
  return known;
}

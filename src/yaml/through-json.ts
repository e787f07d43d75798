import { YamlError } from "./error.ts";

const suspicious = /[\x7f-\x9f\ud800-\udfff\ufffe\uffff]/;
const refused = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const nextLines = / *\u0085[ \u0085]*/g;

/** The longest key that yaml.v2 finds in JSON: 1,024 characters with its quotes. */
const maxKeyLength = 1022;

/**
 * What a string is after encoding/json has written it and yaml.v2 has read that as YAML: what is not UTF-8 becomes
 * U+FFFD and a NEL is folded like any line break, while other control characters past ASCII cannot be read.
 */
export function throughJson(text: string, isKey: boolean): string {
  if (isKey && text.length * 6 > maxKeyLength && jsonLength(text) > maxKeyLength) throw lostKey();
  if (!suspicious.test(text)) return text;
  const valid = text.toWellFormed();
  if (refused.test(valid)) throw new YamlError("yaml: control characters are not allowed");
  if (!valid.includes("\u0085")) return valid;
  if (isKey) throw lostKey();
  return valid.replaceAll(nextLines, (gap) => {
    const breaks = gap.split("\u0085").length - 1;
    return breaks === 1 ? " " : "\n".repeat(breaks - 1);
  });
}

/** yaml.v2's error for a key whose colon it does not find on the same line within 1,024 characters. */
function lostKey(): YamlError {
  return new YamlError("yaml: did not find expected ',' or '}'");
}

/** How many characters encoding/json writes between the quotes. */
function jsonLength(text: string): number {
  let length = 0;
  for (const char of text) {
    if (/["\\\b\f\n\r\t]/.test(char)) length += 2;
    // deno-lint-ignore no-control-regex
    else length += /[\x00-\x1f<>&\u2028\u2029]/.test(char) ? 6 : 1;
  }
  return length;
}

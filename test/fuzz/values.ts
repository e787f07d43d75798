/** Random data: JSON of all kinds, written so that each reader takes it as it is meant. */
import fc from "fast-check";
import { awkward } from "./text.ts";

/** What JSON holds, with numbers by their spelling. */
export type Data = null | boolean | string | NumberText | Data[] | ReadonlyMap<string, Data>;

/** A number as it is spelled. */
export class NumberText {
  constructor(readonly text: string) {}
}

/** Spellings of JSON's numbers, small and past every limit. */
export const numberTexts: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map(String),
  fc.constantFrom(
    ..."100 255 1000 65536 1000000 20971520 1234567 21000000 123456789 2147483648 -2147483649 4294967296 9007199254740991"
      .split(" "),
    ..."9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 18446744073709551615".split(" "),
    ..."18446744073709551616 100000000000000000000 1000000000000000000000 1e20 1e21 1e22 1e-5 1e-6 1e-7 0.1 0.5 1.5 2.5"
      .split(" "),
    ..."-0.0 -0 1.0 3.14 1e3 1.5e3 0.000001 0.0000001 123456.789 1e100 1.7976931348623157e308 5e-324 0.30000000000000004"
      .split(" "),
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
);

const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(..."a b c d a1 a10 a2 A B ab-c a.b a_b 1 10 2".split(" ")) },
  { weight: 1, arbitrary: awkward },
);

/** Data of all kinds. */
export const data: fc.Arbitrary<Data> = fc.letrec<{ value: Data; scalar: Data; list: Data; map: Data }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie("scalar"), tie("scalar"), tie("list"), tie("map")),
  scalar: fc.oneof(
    { weight: 4, arbitrary: awkward as fc.Arbitrary<Data> },
    { weight: 2, arbitrary: numberTexts.map((text) => new NumberText(text)) },
    { weight: 1, arbitrary: fc.constantFrom<Data>(null, true, false) },
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.array(fc.tuple(keys, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
})).value;

/** Data as JSON which is YAML as well, in ASCII alone. */
export function flow(value: Data): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  return `{${[...value].map(([key, item]) => `${quoted(key)}: ${flow(item)}`).join(", ")}}`;
}

/** A text in double quotes with YAML's (and Go's) escapes. */
export function quoted(text: string): string {
  let out = "";
  for (const char of text) out += quotedChar(char);
  return `"${out}"`;
}

function quotedChar(char: string): string {
  const code = char.codePointAt(0)!;
  if (char === '"' || char === "\\") return `\\${char}`;
  if (char === "\n") return "\\n";
  if (char === "\t") return "\\t";
  if (code >= 0x20 && code < 0x7f) return char;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

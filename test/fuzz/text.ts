/** Texts at random: words that parsers and printers find awkward, and ways to build texts from parts. */
import fc from "fast-check";

/** A text, or texts at random. */
export type Part = string | fc.Arbitrary<string>;

const arbitrary = (part: Part) => typeof part === "string" ? fc.constant(part) : part;

/** A tagged template: the texts between the placeholders as they stand, and a random text for each placeholder. */
export function t(fixed: TemplateStringsArray, ...parts: Part[]): fc.Arbitrary<string> {
  return fc.tuple(...parts.map(arbitrary)).map((texts) => String.raw({ raw: fixed }, ...texts));
}

/** One of the parts. The first is the smallest, which shrinking prefers. */
export function one(...parts: Part[]): fc.Arbitrary<string> {
  return fc.oneof(...parts.map(arbitrary));
}

/** As {@link one}, where the first number is how often the part comes. */
export function weighted(...parts: (readonly [number, Part])[]): fc.Arbitrary<string> {
  return fc.oneof(...parts.map(([weight, part]) => ({ weight, arbitrary: arbitrary(part) })));
}

/** Some texts in a row, none to `max`. */
export function some(part: Part, max = 4, separator = ""): fc.Arbitrary<string> {
  return fc.array(arbitrary(part), { maxLength: max }).map((texts) => texts.join(separator));
}

/** As {@link some}, at least one. */
export function many(part: Part, max = 4, separator = ""): fc.Arbitrary<string> {
  return fc.array(arbitrary(part), { minLength: 1, maxLength: max }).map((texts) => texts.join(separator));
}

/** The text or nothing. */
export function maybe(part: Part): fc.Arbitrary<string> {
  return one("", part);
}

/** One of the words between the spaces; `␣` stands for a space in a word. */
export function words(list: string): fc.Arbitrary<string> {
  return fc.constantFrom(...list.split(" ").map((word) => word.replaceAll("␣", " ")));
}

/** The text with a few characters inserted, deleted or doubled. */
export function damaged(part: fc.Arbitrary<string>, alphabet: string): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(1000), fc.constantFrom("insert", "delete", "double"), fc.constantFrom(...alphabet));
  return fc.tuple(part, fc.array(edit, { maxLength: 3 })).map(([text, edits]) => {
    const chars = [...text];
    for (const [where, action, char] of edits) {
      const at = where % (chars.length + 1);
      if (action === "insert") chars.splice(at, 0, char);
      else if (action === "delete") chars.splice(at, 1);
      else chars.splice(at, 0, ...chars.slice(at, at + 3));
    }
    return chars.join("");
  });
}

const scalarWords =
  "a b true false yes no on off y n Yes NULL null ~ 1 0 -1 01 007 08 0x1f 0b11 0o17 1e3 1E-3 1.0 .5 5. 1_000 +1 -0 0. " +
  ".inf -.Inf .NaN +.INF 12:30 1:20:30 2001-01-01 2001-12-14T21:59:43.10-05:00 << = - -- --- ... ? : , . * & ! % @ ` " +
  '\' " | > { } [ ] #c a#b a:b a: :a -a ?a &a *a !a !!str %a @a `a {a} [a] a,b it\'s "q" a\\b \\ / a/b.c/d key.with/dot ' +
  "1.2.3 v1.2.3 10.0.0.1/8 100m 1Gi 123456789012345678901 9007199254740993 1.7976931348623157e309 1e1000 1e-400 0x " +
  "é ß ǅ 日本 😀 a😀b \u0897 \u0264 \ua7cb \u{1fae9} ́ \u0000 \u0001 \u0007 \u001b \u007f \u0080 \u0085 \u00a0 \u00ad \u200b \u2028 \u2029 \ufeff \ufffd " +
  "\ufffe \u{10ffff} <a&b> ${x} $1 {{ }} %s %d %!";

const spacedWords = [
  "",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\r",
  "\r\n",
  " a",
  "a ",
  "a b",
  "a\tb",
  "\ta",
  "a\t",
  "a\n",
  "a\nb",
  "a\n\n",
  "\na",
  " a\nb",
  "a\n b\n",
  "a\n\nb\n\n",
  "a\n  \nb",
  "a \nb",
  "a\r\nb",
  "- a",
  "a: b",
  "a: ",
  "a #b",
  "# a",
  "? a",
  "a\\nb",
  "| a",
  "> a",
  "lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore",
  "word ".repeat(30),
  "x".repeat(130),
];

/** Words that YAML, JSON, TOML, quoting or wrapping find awkward. */
export const awkward: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...scalarWords.split(" ")) },
  { weight: 3, arbitrary: fc.constantFrom(...spacedWords) },
  { weight: 1, arbitrary: many(fc.constantFrom(...scalarWords.split(" "), " ", "\n", "  ", ": ", " #", "\t"), 5) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

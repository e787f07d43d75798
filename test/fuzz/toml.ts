/** TOML documents at random. */
import type fc from "fast-check";
import { awkward, many, maybe, one, some, t, words } from "./text.ts";

const basic = awkward.map((text) => JSON.stringify(text));
const literal = awkward.map((text) => `'${text.replaceAll("'", "")}'`);
const multiline = one(t`"""${awkward}"""`, t`'''${awkward}'''`);

const number = words(
  "0 1 -1 +1 01 1_000 1__0 _1 0x1F 0xdead_beef 0o17 0b11 0b2 1.5 -0.0 +1.0 1e3 1.5E-3 1_0.0_1 1. .5 inf -inf +nan nan " +
    "9223372036854775807 9223372036854775808 1e400 9007199254740993",
);

const time = words(
  "2001-12-14T21:59:43Z 2001-12-14T21:59:43.123456789-05:00 2001-12-14t21:59:43z 2001-12-14T21:59:43 2001-12-14 " +
    "21:59:43 21:59:43.5 21:59 2001-02-30 2001-13-01 24:00:00 2001-12-14T21:59",
);

const key = one(words("a b c d e a-b a_b 1 a.b a.c b.a.c"), basic, literal, awkward);

const scalar = one("1", number, "true", "false", basic, literal, multiline, time);
const list = t`[${some(scalar, 3, ", ")}${maybe(",")}]`;
const inline = t`{${some(t`${key} = ${one(scalar, list)}`, 3, ", ")}}`;
const value = one(scalar, list, t`[${some(one(list, inline), 2, ",\n ")}]`, inline);

const lines = one(
  t`${key} = ${value}`,
  t`[${many(words("a b c d 'x y'"), 3, ".")}]`,
  t`[[${many(words("a b c d"), 2, ".")}]]`,
  t`${key}=${value} # ${words("a b")}`,
);

/** Documents, most of them well-formed. */
export const tomlDocuments: fc.Arbitrary<string> = many(lines, 6, "\n");

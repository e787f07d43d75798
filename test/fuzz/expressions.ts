/** Random expressions of the template language, by the Go type that they have. */
import fc from "fast-check";
import { awkward, many, one, some, t, weighted, words } from "./text.ts";
import { flow, numberTexts, quoted } from "./values.ts";
import { data } from "./values.ts";

/** A text as a literal. */
export const literalOf = (text: string) => quoted(text);

const special = words(
  "a,b,c foo-bar FooBar http_server HTTPServer a.b.c /a/b/../c.txt aGVsbG8= aGVsbG8 _-8= MFRGG=== 1.2.3 >=1.2 ^1.x " +
    "http://u:p@h:80/p?q=1#f 2006-01-02 2020-02-30 15:04:05 1h30m -90s 1.5h 3600 UTC Europe/Berlin [a-z]+ (a)(b)? ${1} " +
    '$0 %d %s%v string int map slice float64 *semver.Version {"a":1} [1,"a"] a=1 a:␣1',
);

/** A string's literal. */
export const text = one(
  awkward.map(literalOf),
  special.map(literalOf),
  words('.Values.s .Values.u .Release.Name "abc"'),
);

const integers = words(
  "0 1 2 3 5 -1 -2 7 10 100 0x1f 0b101 0o17 017 1_000 'a' '\\n' 1e3 1.0 +3 255 256 65536 2147483648 4294967296 " +
    "9007199254740993 9223372036854775807 -9223372036854775808 18446744073709551615 9223372036854775808",
);

/** An int's literal, most of them small. */
export const integer = weighted([6, words("0 1 2 3 4 5 6 8 10 20 -1 -2 -10")], [1, integers], [1, "(len .Values.l)"]);

/** A small int's, for what grows with it. */
export const small = weighted([8, words("0 1 2 3 5 10 40 -1 -3")], [1, words("1.5 'a' nil \"1\" .Values.n")]);

const floats = words("1.5 0.5 -2.5 1e10 1e-7 1e100 3.0 0x1p-2 1e21 .5 5. 100000.0 2.675");

const numbers = one(
  integers,
  floats,
  t`(int ${integers})`,
  t`(int64 ${integers})`,
  t`(float64 ${one(floats, integers)})`,
  words(".Values.n .Values.f .Values.big .Values.neg .Values.z (len␣.Values.s)"),
);

const objects = one(
  t`(toDate "2006-01-02" ${words('"2020-01-02" "1969-12-31" "x"')})`,
  words(
    '(semver␣"1.2.3-a.1+b") (urlParse␣"http://h/p?q") .Release .Template .Values . $ .Files .Chart .Subcharts ' +
      '(mustToDuration␣"90m") (toDate␣"2006-01-02"␣"2020-01-02")',
  ),
);

/** A value of any kind. */
export const anything: fc.Arbitrary<string> = fc.letrec<Record<"any" | "list" | "map" | "scalar", string>>((tie) => ({
  any: fc.oneof({ maxDepth: 2 }, tie("scalar"), tie("scalar"), tie("list"), tie("map"), objects),
  scalar: one(text, numbers, words("nil true false .Values.t .Values.nil .Values.missing .Values.e"), text),
  list: one(
    t`(list ${some(tie("any"), 4, " ")})`,
    words('.Values.l .Values.el .Values.lm .Values.ls .Values.ln (until␣3) (list) (tuple␣1␣"a")'),
    t`(splitList "," ${text})`,
    t`(regexFindAll "[a-c]" ${text} -1)`,
    t`(append ${tie("list")} ${tie("any")})`,
    t`(rest ${tie("list")})`,
    t`(fromYamlArray ${text})`,
  ),
  map: one(
    t`(dict ${some(t`${words('"a" "b" "c" 1')} ${tie("any")}`, 3, " ")})`,
    words(".Values.m .Values.em .Values (dict) .Values.missing"),
    t`(split "," ${text})`,
    t`(fromYaml ${text})`,
    t`(merge (dict) ${tie("map")})`,
  ),
})).any;

/** A list, most of the time. */
export const list = weighted(
  [6, t`(list ${some(anything, 4, " ")})`],
  [3, words(".Values.l .Values.el .Values.lm .Values.ls .Values.ln (until␣3) (list)")],
  [1, t`(splitList "," ${text})`],
  [1, anything],
);

const pairs = many(t`${words('"a" "b" "c" "d"')} ${anything}`, 3, " ");

/** A map that may be changed without changing the values, most of the time. */
export const map = weighted(
  [6, t`(dict ${pairs})`],
  [3, words(".Values.m .Values.em (dict)")],
  [1, words(".Values.missing .Values.s .Values.l nil")],
);

/** The values that these expressions speak of; `v` is random. */
export const expressionValues: fc.Arbitrary<string> = fc.tuple(data, numberTexts).map(([value, number]) =>
  `{s: hello, u: "h\\u00e9llo \\u2603", "n": 5, f: 1.5, neg: -3, big: 1000000, t: true, fa: false, nil: null, e: "", z: 0,
l: [1, "a", null, {x: 1}], el: [], ls: [b, a, c, a], ln: [3, 1, 2.5], lm: [{a: 1}, {a: x}, {b: null}],
m: {b: 1, a: x, c: {d: {e: deep}}, "n": null}, em: {}, r: ${number}, v: ${flow(value)}}`
);

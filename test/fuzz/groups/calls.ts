/** Calls of every function with arguments of all kinds. */
import fc from "fast-check";
import { helmFunctions } from "../../../src/render/functions.ts";
import { type Signature, signatureOf } from "../../../src/template/signature.ts";
import { anything, expressionValues, integer, list, map, small, text } from "../expressions.ts";
import type { Group } from "../question.ts";
import { one, t, weighted } from "../text.ts";

/** What answers otherwise each time, by chance or by the clock, and is asked for its type alone. */
const random = new Set(
  "ago encryptAES now randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4".split(" "),
);

/** What takes long, asks the network, or is asked by other groups. */
const elsewhere = new Set(
  ("bcrypt htpasswd derivePassword buildCustomCert genCA genCAWithKey genPrivateKey genSelfSignedCert " +
    "genSelfSignedCertWithKey genSignedCert genSignedCertWithKey getHostByName lookup include tpl " +
    "htmlDate htmlDateInZone date dateInZone date_in_zone date_modify").split(" "),
);

/** What makes something as big as a number says. */
const growing = new Set(
  "repeat indent nindent until untilStep seq wrap wrapWith randAlpha randAlphaNum randAscii randBytes randNumeric"
    .split(" "),
);

/** Whose results come in the random order of Go's maps. */
const unordered = new Set(["keys", "values"]);

const builtins: Readonly<Record<string, Signature>> = Object.fromEntries(
  "and or not len index slice print printf println html js urlquery eq ne lt le gt ge call".split(" ")
    .map((name) => [name, { params: [], variadic: "interface {}", returns: "interface {}" }]),
);

/** Arguments by the type of the parameter. */
export type Arguments = Readonly<Record<string, fc.Arbitrary<string>>>;

/** Any values, most of them of the type. */
export const byType: Arguments = {
  "string": text,
  "int": integer,
  "uint32": integer,
  "float64": one("1.5", "-2.0", "0.0", "3", "1e9"),
  "bool": one("true", "false", "(empty .Values.v)", ".Values.t"),
  "map[string]interface {}": map,
  "[]interface {}": list,
  "interface {}": anything,
  "time.Time": one(
    '(toDate "2006-01-02" "2020-01-02")',
    '(toDate "2006-01-02T15:04:05Z07:00" "2021-05-06T07:08:09+02:00")',
  ),
};

const lists =
  "first last rest initial reverse compact uniq without has append prepend push concat chunk slice join sortAlpha toStrings";
const takesList = new Set(lists.split(" ").flatMap((name) => [name, `must${name[0].toUpperCase()}${name.slice(1)}`]));

function argument(name: string, type: string, types: Arguments): fc.Arbitrary<string> {
  if (type === "int" && growing.has(name)) return small;
  const any = types["interface {}"];
  const fitting = type === "interface {}" && takesList.has(name)
    ? one(types["[]interface {}"], any)
    : types[type] ?? any;
  // Any other value, to see it refused; but not where it would make something huge.
  return growing.has(name) ? fitting : weighted([12, fitting], [1, any]);
}

function callsOf(name: string, { params, variadic }: Signature, types: Arguments): fc.Arbitrary<string> {
  const fixed = fc.tuple(...params.map((type) => argument(name, type, types)));
  const more = variadic === undefined
    ? weighted([20, ""], [1, types["interface {}"]]).map((extra) => extra === "" ? [] : [extra])
    : fc.array(argument(name, variadic, types), { maxLength: 4 });
  return fc.tuple(fixed, more, fc.nat(5), fc.nat(30)).map(([some, rest, piped, cut]) => {
    const args = [...some, ...rest].slice(0, cut === 0 ? -1 : undefined);
    return piped === 0 && args.length > 0
      ? `${args.at(-1)} | ${name} ${args.slice(0, -1).join(" ")}`
      : `${name} ${args.join(" ")}`;
  });
}

const functions = [
  ...Object.entries(builtins),
  ...Object.entries(helmFunctions).map(([name, f]) => [name, signatureOf(f)!] as const),
].filter(([name]) => !elsewhere.has(name));

/** One call of one of the functions. */
const callsOfAll = (all: typeof functions, types: Arguments) =>
  fc.oneof(
    ...all.map(([name, signature]) =>
      callsOf(name, signature, types).map((text) => unordered.has(name) ? `${text} | sortAlpha` : text)
    ),
  );

/** One call of a function whose result chance does not decide. */
export const decidedCalls = (types: Arguments): fc.Arbitrary<string> =>
  callsOfAll(functions.filter(([name]) => !random.has(name)), types);

/** What an expression gives, in one form or another. */
export const shown = (expression: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  t`{{ $r := ${expression} }}{{ ${one("$r", "toJson $r", 'printf "%T %v" $r $r', "toYaml $r", "kindOf $r")} }}`;

/** One call and what it gives, in one form or another. */
export const calls: Group = {
  name: "calls",
  questions: fc.record({
    op: fc.constant("helm" as const),
    text: weighted(
      [20, shown(decidedCalls(byType))],
      [1, t`{{ typeOf (${callsOfAll(functions.filter(([name]) => random.has(name)), byType)}) }}`],
    ),
    values: expressionValues,
  }),
};

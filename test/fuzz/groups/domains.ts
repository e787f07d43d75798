/** Functions with a language of their own: semver constraints, Go's layouts of dates and durations, regular expressions. */
import fc from "fast-check";
import { literalOf } from "../expressions.ts";
import type { Group, Question } from "../question.ts";
import { awkward, damaged, many, maybe, one, some, t, weighted, words } from "../text.ts";

const question = (text: fc.Arbitrary<string>): fc.Arbitrary<Question> => text.map((text) => ({ op: "helm", text }));

const quotedOf = (part: fc.Arbitrary<string>) => part.map(literalOf);

const number = words("0 1 2 3 10 01 18446744073709551616 x X *");
const identifiers = many(words("a alpha beta rc 1 0 01 10 x-y - A"), 3, ".");
const version = weighted(
  [8, t`${maybe("v")}${many(number, 4, ".")}${maybe(t`-${identifiers}`)}${maybe(t`+${identifiers}`)}`],
  [8, t`${words("0 1 2 10")}.${words("0 1 2 10")}.${words("0 1 2 10")}${maybe(t`-${identifiers}`)}`],
  [1, awkward],
);
const operator = words("= != > < >= <= => =< ~ ~> ^ == ␣");
const comparison = one(t`${maybe(operator)}${maybe(" ")}${version}`, t`${version} - ${version}`);
const constraint = many(many(comparison, 3, ", "), 2, " || ");

/** semver and semverCompare. */
export const semver: Group = {
  name: "semver",
  questions: question(one(
    t`{{ semverCompare ${quotedOf(damaged(constraint, "<>=!~^|, -.x*v1"))} ${quotedOf(version)} }}`,
    t`{{ semverCompare ${quotedOf(constraint)} ${quotedOf(version)} }}`,
    t`{{ $v := semver ${
      quotedOf(damaged(version, "v.-+10a"))
    } }}{{ $v }} {{ $v.Major }} {{ $v.Prerelease }} {{ $v.Metadata }} {{ $v.Original }}`,
    t`{{ (semver ${quotedOf(version)}).Compare (semver ${quotedOf(version)}) }}`,
    t`{{ (semver ${quotedOf(version)}).${words("IncMajor IncMinor IncPatch String")} }}`,
  )),
};

const layoutWord = words(
  "2006 06 Jan January 1 01 2 _2 02 002 __2 Mon Monday 15 3 03 4 04 5 05 PM pm MST Z07 Z0700 Z07:00 Z070000 Z07:00:00 -07 -0700 -07:00 " +
    ".000 .999 ,000000 .999999999 - / : T ␣ , . x 20 0 Janu",
);
const layout = some(layoutWord, 8);
const zone = words('"UTC" "Europe/Berlin" "America/New_York" "Asia/Kolkata" "Local" "" "Nowhere/Land"');
const seconds = one(
  fc.integer({ min: -(2 ** 33), max: 2 ** 33 }).map(String),
  fc.constantFrom("0", "951782400", "1616893200", "-62135596800", "253402300800", "1604196000"),
);
const knownLayout = words(
  "2006-01-02 2006-01-02T15:04:05Z07:00 2006-01-02␣15:04:05.999 Mon,␣02␣Jan␣2006␣15:04:05␣MST " +
    "3:04PM 02/01/06 2006-002 15:04:05.000 January␣2,␣2006",
);
const dateText = words(
  "2020-02-29 2021-02-29 2020-12-31T23:59:60Z 2020-01-02T03:04:05+05:30 2020-01-02T03:04:05.123456789Z 2020-01-02␣03:04:05.5 " +
    "Tue,␣10␣Nov␣2009␣23:00:00␣UTC 3:04AM 13:04PM 29/02/19 2020-366 2021-366 10:11:12.123 March␣3,␣2020",
);
const duration = one(
  many(t`${words("1 2.5 90 .5 1. 0 -1 1000000")}${words("h m s ms us µs ns d x")}`, 3),
  words("0 +5s -1.5h 1 ␣ 9223372036854775807ns 9223372036854775808ns 2562047h47m16.854775807s"),
);
const durationCall = words(
  "duration durationRound durationDays durationHours durationMicroseconds durationMilliseconds durationMinutes " +
    "durationNanoseconds durationSeconds durationWeeks mustToDuration",
);

/** Dates by Go's layouts, and durations. */
export const dates: Group = {
  name: "dates",
  questions: question(one(
    t`{{ dateInZone ${quotedOf(layout)} ${t`(int64 ${seconds})`} ${zone} }}`,
    t`{{ toDate ${quotedOf(one(layout, knownLayout))} ${quotedOf(damaged(dateText, " 0123456789:-+TZ."))} }}`,
    t`{{ mustToDate ${quotedOf(one(layout, knownLayout))} ${quotedOf(dateText)} }}`,
    t`{{ mustDateModify ${quotedOf(duration)} (toDate "2006-01-02" "2020-02-28") }}`,
    t`{{ date ${quotedOf(layout)} (int64 ${seconds}) }} {{ htmlDate (int64 ${seconds}) }}`,
    t`{{ date_in_zone ${quotedOf(layout)} (int64 ${seconds}) ${zone} }}`,
    t`{{ ${words("date_modify dateModify")} ${quotedOf(duration)} (toDate "2006-01-02" "2020-02-28") }}`,
    t`{{ htmlDateInZone (toDate ${quotedOf(knownLayout)} ${quotedOf(dateText)}) ${zone} }}`,
    t`{{ ${durationCall} ${one(quotedOf(duration), words('1 1.5 -90 "90" 1e18 nil true'))} }}`,
    t`{{ ${words("durationRoundTo durationTruncateTo")} ${quotedOf(duration)} ${quotedOf(duration)} }}`,
    t`{{ $d := toDate "2006-01-02T15:04:05Z07:00" "2021-05-06T07:08:09+02:00" }}{{ $d.${
      words(
        "Year Month Day Hour Unix UnixNano Weekday YearDay IsZero UTC String Location Local Zone ISOWeek Nope GoString",
      )
    } }}`,
  )),
};

const atoms = words(
  "a b c . \\d \\w \\s \\S \\D [a-c] [^a] [[:alpha:]] [[:^digit:]] \\pL \\p{Greek} \\x41 \\x{1F600} ^ $ \\b \\B \\A \\z \\. \\n é ☃ " +
    "\\Q.\\E (?i) (?s) (?m) (?U) (?i:b) [b-a] \\1 (?=a) \\C [\\d_] [] [^ [a ( ) * \\ {2} x{1,2} a{1001}",
);
const expression: fc.Arbitrary<string> = fc.letrec<{ regex: string; atom: string; piece: string }>((tie) => ({
  regex: many(many(tie("piece"), 3), 2, "|"),
  piece: t`${tie("atom")}${weighted([6, ""], [4, words("* + ? *? +? ?? {2} {1,} {0,2} {,2} {2,1} ** +*")])}`,
  atom: fc.oneof({ maxDepth: 3 }, atoms, t`(${tie("regex")})`, t`(?:${tie("regex")})`, t`(?P<n>${tie("regex")})`),
})).regex;
const subject = one(some(words("a b c A 1 _ ␣ \n é ☃ aa ab abc .")), awkward);
const replacement = some(words("x $1 ${1} $0 ${n} $n $$ $ ${ $1x ${9} \\1 ␣"), 3);

/** Regular expressions. */
export const regexes: Group = {
  name: "regex",
  questions: question(one(
    t`{{ mustRegexFindAll ${quotedOf(expression)} ${quotedOf(subject)} ${words("-1 0 1 2")} | toJson }}`,
    t`{{ mustRegexMatch ${quotedOf(expression)} ${quotedOf(subject)} }}`,
    t`{{ mustRegexFind ${quotedOf(expression)} ${quotedOf(subject)} }}`,
    t`{{ mustRegexReplaceAll ${quotedOf(expression)} ${quotedOf(subject)} ${quotedOf(replacement)} }}`,
    t`{{ mustRegexReplaceAllLiteral ${quotedOf(expression)} ${quotedOf(subject)} ${quotedOf(replacement)} }}`,
    t`{{ mustRegexSplit ${quotedOf(expression)} ${quotedOf(subject)} ${words("-1 0 1 2")} | toJson }}`,
    t`{{ regexQuoteMeta ${quotedOf(expression)} }}`,
    t`{{ regexMatch ${quotedOf(expression)} ${quotedOf(subject)} }}`,
  )),
};

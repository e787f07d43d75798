/** The questions on which both sides may answer differently, each with the reason. */
import { isNewer } from "../../src/template/unicode.ts";
import { type Answer, ended } from "../oracle/client.ts";
import { equalButForCircles } from "./key-circles.ts";
import type { Question } from "./question.ts";

interface KnownDifference {
  readonly reason: string;
  /** Whether it is known only where Go, asked again, gives other answers too. */
  readonly random?: true;
  readonly covers: (question: Question, ours: Answer, theirs: Answer) => boolean;
}

const unescaped = (text: string) =>
  text.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))/g,
    (_, short, long) => String.fromCodePoint(parseInt(short ?? long, 16)),
  );

/** What was said of a schema, without where the names of properties are wrong. */
const withoutPlaces = ({ err = "" }: Answer) => err.replaceAll(/at '.*': (?=invalid propertyName )/g, "");

/** The failures of a schema in any order. */
const failures = (answer: Answer) => withoutPlaces(answer).split("\n").map((line) => line.trim()).sort().join("\n");

const said = ({ out, err = "" }: Answer) => out + err;

const withoutSpace = (answer: Answer) => said(answer).replaceAll(/\\?\n *| /g, "");

/** The address that stands for all in what Helmwright says, in all bases, or a zone whose table it does not know. */
const pointer = new RegExp(
  `((?<=\\*time\\.Location=)&{})|` +
    `(?<!0)(?:0[xbo])?0*(?:${[16, 10, 8, 2].map((base) => (0xc000010000).toString(base)).join("|")})`,
  "gi",
);

/** Whether the answers are the same but for pointers, and for the spaces and lines whose breadth they have. */
function equalButForPointers(ours: Answer, theirs: Answer): boolean {
  const [text, other] = [ours, theirs].map((answer) => withoutSpace(answer).toLowerCase());
  let part = 0;
  // Where in Go's words the next part begins: no later than the digits of the address before it end.
  let [earliest, latest] = [0, 0];
  for (const { 0: shown, 1: zone, index } of text.matchAll(pointer)) {
    const at = other.indexOf(text.slice(part, index), earliest);
    if (at < 0 || at > latest) return false;
    const end = at + index - part;
    const theirPointer = zone === undefined ? /[0-9a-fxo]+/y : /&{(?:[^{}]|{[^{}]*})*}/y;
    theirPointer.lastIndex = end;
    if (!theirPointer.test(other)) return false;
    latest = theirPointer.lastIndex;
    earliest = zone === undefined ? end + 1 : latest;
    part = index + shown.length;
  }
  const rest = text.slice(part);
  const at = other.length - rest.length;
  return part > 0 && other.endsWith(rest) && at >= earliest && at <= latest;
}

/** What was said, with long numbers as JavaScript has them. */
const rounded = (answer: Answer) => said(answer).replaceAll(/\d{16,}/g, (digits) => `${Number(digits)}`);

/** What was said without the marks that some characters are. */
const without = (marks: RegExp, answer: Answer) => said(answer).replaceAll(marks, "");

/** The characters of what was said, in order. */
const characters = (answer: Answer) => [...said(answer)].sort().join("");

const bytes = (text: string) => new TextEncoder().encode(text).length;

const knownDifferences: readonly KnownDifference[] = [
  {
    reason: "Go dies of an exhausted stack, where Helmwright reports an error",
    covers: (_, ours, theirs) =>
      theirs.err === ended && /deeper than the stack allows|without end|contain themselves/.test(ours.err ?? ""),
  },
  {
    reason: "The classes of regular expressions know characters newer than Go's Unicode",
    covers: ({ text, values = "" }) => /regex/i.test(text) && [...unescaped(text + values)].some(isNewer),
  },
  {
    reason: "YAMLToJSON escapes the sign for bytes that are no UTF-8, which decoding its JSON makes the same again",
    covers: ({ op, text }, ours, theirs) =>
      op === "yaml2json" && text.includes("!!binary") && ours.out === theirs.out.replaceAll("\\ufffd", "\ufffd"),
  },
  {
    reason: "Which of two mistakes go-yaml finds first depends on its buffer",
    covers: ({ text, values = "" }, ours, theirs) =>
      bytes(text + values) > 512 && [ours, theirs].every((answer) => said(answer).includes("yaml: ")) &&
      [ours, theirs].some((answer) => said(answer).includes("control characters are")),
  },
  {
    reason: "The TOML library reads ahead, so that it knows the last key of a control character or not",
    covers: (_, ours, theirs) =>
      [ours, theirs].every(({ out }) => /toml: .*files cannot contain/.test(out)) &&
      without(/ \(last key .*?\)/g, ours) === without(/ \(last key .*?\)/g, theirs),
  },
  {
    reason: "Go orders the keys of a map in an error by the addresses of their types",
    covers: (_, ours, theirs) =>
      said(ours).includes("yaml: invalid map key: ") && characters(ours) === characters(theirs),
  },
  {
    reason: "A schema's failures come in the random order of Go's maps",
    random: true,
    covers: ({ op }, ours, theirs) => op === "schema" && failures(ours) === failures(theirs),
  },
  {
    reason: "Helm's library tells of a property's name, that is wrong, where it went on to",
    covers: ({ op }, ours, theirs) => op === "schema" && withoutPlaces(ours) === withoutPlaces(theirs),
  },
  {
    reason: "At each line go-yaml passes a character if its buffer, which moves on, begins with a byte order mark",
    covers: ({ text, values = "" }) =>
      /(?:\ufeff|\\ufeff)[^]{0,4}"?\}?$|(?:\ufeff|\\ufeff)[^]{500}|[^]{500}(?:\ufeff|\\ufeff)/.test(text + values),
  },
  {
    reason: "go-yaml's natural order runs in circles (1E-3 before 2 before 12:30 before 1E-3), and Go's maps have none",
    random: true,
    covers: (_, ours, theirs) => equalButForCircles(ours.out, theirs.out),
  },
  {
    reason: "The weight of a hook past 2^53 is as near as a number of JavaScript's",
    covers: ({ text }, ours, theirs) => text.includes("helm.sh/hook-weight") && rounded(ours) === rounded(theirs),
  },
  {
    reason: "Intl does not know what zones were called before 1970",
    covers: ({ text }) => /^\{\{ (?:dateInZone|date_in_zone) ".*MST.*" \(int64 -\d+\)/.test(text),
  },
  {
    reason:
      "Go prints some pointers as their addresses, and a time's zone as the machine's table, and texts are wrapped by their breadth",
    covers: (_, ours, theirs) => equalButForPointers(ours, theirs),
  },
];

/** How two answers compare: the same or of a known difference, of one that is known if Go's answers vary, or neither. */
export type Agreement = "agree" | "agree if Go varies" | "differ";

export function compare(question: Question, ours: Answer, theirs: Answer): Agreement {
  if (ours.out === theirs.out && (ours.err ?? "") === (theirs.err ?? "")) return "agree";
  const known = knownDifferences.filter(({ covers }) => covers(question, ours, theirs));
  if (known.length === 0) return "differ";
  return known.every(({ random }) => random) ? "agree if Go varies" : "agree";
}

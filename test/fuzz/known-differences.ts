/** The questions on which both sides may answer differently, each with the reason. */
import { isNewer } from "../../src/template/unicode.ts";
import { type Answer, ended } from "../oracle/client.ts";
import { equalButForCircles } from "./key-circles.ts";
import type { Question } from "./question.ts";

interface KnownDifference {
  readonly reason: string;
  readonly covers: (question: Question, ours: Answer, theirs: Answer) => boolean;
}

const unescaped = (text: string) =>
  text.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))/g,
    (_, short, long) => String.fromCodePoint(parseInt(short ?? long, 16)),
  );

/** The failures of a schema in any order, without the place of those that are told of a property's name. */
const failures = ({ err = "" }: Answer) =>
  err.split("\n").map((line) => line.replace(/at '.*': (invalid propertyName )/, "$1").trim()).sort().join("\n");

const said = ({ out, err = "" }: Answer) => out + err;

/** What was said without its addresses, which are long numbers of any base, and the space around them. */
const withoutAddresses = (answer: Answer) => said(answer).replace(/ *(?:0[xX])?[0-9a-fA-F]{6,} */g, "#");

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
    reason: "Go knows a list's capacity, up to which slice may reach past the length",
    covers: ({ text }, ours, theirs) =>
      /slice/i.test(text) && /slice index out of bounds/.test(ours.err ?? "") && !/slice index/.test(theirs.err ?? ""),
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
    reason: "Go shows the private fields of a time's zone, the machine's table of it included, for a verb that is none",
    covers: (_, ours, theirs) => said(theirs).replaceAll(/(?<=Location=)&\{.*? 0x[0-9a-f]+\}/g, "&{}") === said(ours),
  },
  {
    reason: "A schema's failures come in the random order of Go's maps, and a name's is told of where Go went on to",
    covers: ({ op }, ours, theirs) => op === "schema" && failures(ours) === failures(theirs),
  },
  {
    reason:
      "The library refuses two anchors or ids of the same name, and names the first reference to nothing at random",
    covers: ({ op }, _, { err = "" }) =>
      op === "schema" &&
      /duplicate (?:anchor|id) |^c:\n(?:(?:anchor|json-pointer) in|failing loading|invalid regex) /.test(err),
  },
  {
    reason: "Go tells by which keywords a schema refers to itself without end",
    covers: ({ op }, { err: ours }, { err: theirs }) =>
      op === "schema" && /refers to itself without end/.test(ours ?? "") && /reference cycle/.test(theirs ?? ""),
  },
  {
    reason: "At each line go-yaml passes a character if its buffer, which moves on, begins with a byte order mark",
    covers: ({ text, values = "" }) =>
      /(?:\ufeff|\\ufeff)[^]{0,4}"?\}?$|(?:\ufeff|\\ufeff)[^]{500}|[^]{500}(?:\ufeff|\\ufeff)/.test(text + values),
  },
  {
    reason: "go-yaml's natural order runs in circles (1E-3 before 2 before 12:30 before 1E-3), and Go's maps have none",
    covers: (_, ours, theirs) => equalButForCircles(ours.out, theirs.out),
  },
  {
    reason: "Intl does not know what zones were called before 1970",
    covers: ({ text }) => /^\{\{ (?:dateInZone|date_in_zone) ".*MST.*" \(int64 -\d+\)/.test(text),
  },
  {
    reason: "Go prints some pointers as their addresses, and by the breadth of these texts are wrapped",
    covers: (_, ours, theirs) => {
      const [a, b] = [ours, theirs].map((answer) => withoutAddresses(answer).replaceAll(/\\?\n *| /g, ""));
      return a.includes("#") && a === b;
    },
  },
];

/** Whether the answers agree, or differ for a reason that is known. */
export function agree(question: Question, ours: Answer, theirs: Answer): boolean {
  if (ours.out === theirs.out && (ours.err ?? "") === (theirs.err ?? "")) return true;
  return knownDifferences.some(({ covers }) => covers(question, ours, theirs));
}

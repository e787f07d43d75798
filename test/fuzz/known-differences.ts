/** The questions on which both sides may answer differently, each with the reason. */
import type { Answer } from "../oracle/client.ts";
import type { Question } from "./question.ts";

interface KnownDifference {
  readonly reason: string;
  readonly covers: (question: Question, ours: Answer, theirs: Answer) => boolean;
}

// From the first version after Go's 15.0 to 17.0.
const newCharacters = new RegExp(
  "[\\u0897\\u1b4e\\u1b4f\\u1b7f\\u1c89\\u1c8a\\u2427-\\u2429\\u2ffc-\\u2fff\\u31e4\\u31e5\\u31ef\\ua7cb-\\ua7cf\\ua7d2\\ua7d4" +
    "\\ua7da-\\ua7dc\\ua7f1\\u{105c0}-\\u{105f3}\\u{10d40}-\\u{10d8f}\\u{10ec2}-\\u{10efc}\\u{11380}-\\u{113e2}\\u{116d0}-\\u{116e3}" +
    "\\u{11b60}-\\u{11bf9}\\u{11db0}-\\u{11de9}\\u{11f5a}\\u{13460}-\\u{143fa}\\u{16100}-\\u{16139}\\u{16d40}-\\u{16ed3}\\u{18cff}-\\u{18df2}" +
    "\\u{1cc00}-\\u{1ceff}\\u{1e5d0}-\\u{1e5ff}\\u{1e6c0}-\\u{1e6ff}\\u{1f8b2}-\\u{1f8ff}\\u{1fa00}-\\u{1fbff}\\u{2b73a}-\\u{2b73f}\\u{2ebf0}-\\u{2ee5d}\\u{323b0}-\\u{33479}]",
  "u",
);

const unescaped = (text: string) =>
  text.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))/g,
    (_, short, long) => String.fromCodePoint(parseInt(short ?? long, 16)),
  );

const sortedLines = ({ out }: Answer) =>
  out.split("\n").map((line) => line.replace(/^(?: |- )*/, "")).sort().join("\n");

const address = /0x[0-9a-f]{9,}/;

const knownDifferences: readonly KnownDifference[] = [
  {
    reason: "Go gives up on the process where Helmwright reports an error",
    covers: (_, ours, theirs) => ours.err !== undefined && /^panic: |^the oracle ended/.test(theirs.err ?? ""),
  },
  {
    reason: "Characters newer than Go's Unicode 15 are letters and printable here",
    covers: ({ text, values = "" }) => newCharacters.test(unescaped(text + values)),
  },
  {
    reason: "The oracle's cluster has more APIs",
    covers: (_, __, { out, err = "" }) => /admissionregistration/.test(out) || /admissionregistration/.test(err),
  },
  {
    reason: "Go knows a list's capacity, up to which slice may reach past the length",
    covers: (_, ours) => /slice index out of bounds/.test(ours.err ?? ""),
  },
  {
    reason: "A variable that a loop assigns keeps, in Go's errors, the type of what was looped over",
    covers: ({ text }, ours, theirs) =>
      /range[^}]*[^:]=/.test(text) && [ours, theirs].every(({ err }) => err?.includes("can't evaluate field")),
  },
  {
    reason:
      "YAMLToJSON escapes the bytes of a !!binary that are no UTF-8, which decoding its JSON makes the same again",
    covers: ({ op, text }) => op === "yaml2json" && text.includes("!!binary"),
  },
  {
    reason: "Go looks at the keys of a map in a random order, and the first that JSON cannot have is the one it names",
    covers: (_, ours, theirs) =>
      [ours, theirs].every(({ out, err = "" }) => (out + err).includes("unsupported map key of type: ")),
  },
  {
    reason: "Which of two mistakes go-yaml finds first depends on its buffer",
    covers: (_, ours, theirs) =>
      [ours, theirs].every(({ out, err = "" }) => (out + err).includes("yaml: ")) &&
      [ours, theirs].some(({ out, err = "" }) => (out + err).includes("control characters are")),
  },
  {
    reason: "The TOML library reads ahead, so that it knows the last key of a control character or not",
    covers: (_, ours, theirs) => [ours, theirs].every(({ out }) => /toml: .*files cannot contain/.test(out)),
  },
  {
    reason: "Go orders the keys of a map in an error by the addresses of their types",
    covers: (_, ours, theirs) =>
      [ours, theirs].every(({ out, err = "" }) => (out + err).includes("yaml: invalid map key: ")),
  },
  {
    reason: "The library that changes cases takes the replacement character for bytes that are no UTF-8",
    covers: ({ text }) => /(?:snake|kebab|camel)case/.test(text) && /\ufffd|\\ufffd/.test(text),
  },
  {
    reason: "Go shows the private fields of times and versions under verbs that their String method does not serve",
    covers: ({ text }) => /toDate|semver/.test(text) && /printf "%[^vsT]/.test(text),
  },
  {
    reason: "Addresses differ, and so does the length of a text with an address",
    covers: ({ text }, { out }) =>
      out.includes("824633786368") || /tpl "\{\{\.\}\}" [.$]/.test(text) || /printf[^}]*%[^a-zA-Z]*p/.test(text),
  },
  {
    reason: "Go merges maps in a random order, and the first value that does not fit is the one it names",
    covers: (_, ours, theirs) => [ours, theirs].every(({ err }) => err?.includes("reflect.Value.SetMapIndex")),
  },
  {
    reason: "At each line go-yaml passes a character if its buffer, which moves on, begins with a byte order mark",
    covers: ({ text, values = "" }) =>
      /(?:\ufeff|\\ufeff).{0,4}"?\}?$|(?:\ufeff|\\ufeff)[^]{500}|[^]{500}(?:\ufeff|\\ufeff)/.test(text + values),
  },
  {
    reason: "go-yaml's natural order runs in circles (1E-3 before 2 before 12:30 before 1E-3), and Go's maps have none",
    covers: ({ text }, ours, theirs) => /toYaml/.test(text) && sortedLines(ours) === sortedLines(theirs),
  },
  {
    reason: "Intl does not know what zones were called before 1970",
    covers: ({ text }) => /^\{\{ dateInZone ".*MST.*" \(int64 -\d+\)/.test(text),
  },
  {
    reason: "Go prints a pointer within a map, a list or a struct as its address",
    covers: (_, __, { out, err = "" }) => address.test(out) || address.test(err),
  },
];

/** Whether the answers agree, or differ for a reason that is known. */
export function agree(question: Question, ours: Answer, theirs: Answer): boolean {
  if (ours.out === theirs.out && (ours.err ?? "") === (theirs.err ?? "")) return true;
  return knownDifferences.some(({ covers }) => covers(question, ours, theirs));
}

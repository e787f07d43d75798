/** What net/netip's ParseAddr says of texts that are no addresses. */
import { quote } from "../template/format.ts";

/** What is wrong, in Go's words without the text itself, and the part that could not be read; undefined for an address. */
interface Problem {
  readonly words: string;
  readonly at?: string;
}

/** Go's error for a text, IPv4 or IPv6 with a zone or without; undefined when it is an address. */
export function addressProblem(text: string): string | undefined {
  const problem = problemOf(text);
  if (problem === undefined) return undefined;
  const { words, at = "" } = problem;
  return `ParseAddr(${quote(text)}): ${words}${at === "" ? "" : ` (at ${quote(at)})`}`;
}

function problemOf(text: string): Problem | undefined {
  switch (/[.:%]/.exec(text)?.[0]) {
    case ".":
      return problem4(text);
    case ":":
      return problem6(text);
    case "%":
      return { words: "missing IPv6 address" };
    default:
      return { words: "unable to parse IP" };
  }
}

function problem4(text: string): Problem | undefined {
  const fields = [""];
  for (const [i, char] of [...text].entries()) {
    const last = fields.length - 1;
    if (/[0-9]/.test(char)) {
      if (fields[last] === "0") return { words: "IPv4 field has octet with leading zero" };
      fields[last] += char;
      if (Number(fields[last]) > 255) return { words: "IPv4 field has value >255" };
    } else if (char !== ".") {
      return { words: "unexpected character", at: text.slice(i) };
    } else {
      if (fields[last] === "" || i === text.length - 1) {
        return { words: "IPv4 field must have at least one digit", at: text.slice(i) };
      }
      if (fields.length === 4) return { words: "IPv4 address too long" };
      fields.push("");
    }
  }
  return fields.length < 4 ? { words: "IPv4 address too short" } : undefined;
}

function problem6(text: string): Problem | undefined {
  const percent = text.indexOf("%");
  if (percent === text.length - 1) return { words: "zone must be a non-empty string" };
  let rest = percent < 0 ? text : text.slice(0, percent);
  let ellipsis = rest.startsWith("::");
  if (ellipsis) rest = rest.slice(2);
  if (ellipsis && rest === "") return undefined;
  let bytes = 0;
  while (bytes < 16) {
    const digits = /^[0-9A-Fa-f]*/.exec(rest)![0].length;
    if (digits > 4) return { words: "each group must have 4 or less digits", at: rest };
    if (digits === 0) return { words: "each colon-separated field must have at least one digit", at: rest };
    if (rest[digits] === ".") {
      if (!ellipsis && bytes !== 12) {
        return { words: "embedded IPv4 address must replace the final 2 fields of the address", at: rest };
      }
      if (bytes > 12) {
        return { words: "too many hex fields to fit an embedded IPv4 at the end of the address", at: rest };
      }
      const problem = problem4(rest);
      if (problem !== undefined) return problem;
      bytes += 4;
      rest = "";
      break;
    }
    bytes += 2;
    rest = rest.slice(digits);
    if (rest === "") break;
    if (rest[0] !== ":") return { words: "unexpected character, want colon", at: rest };
    if (rest === ":") return { words: "colon must be followed by more characters", at: rest };
    rest = rest.slice(1);
    if (rest[0] !== ":") continue;
    if (ellipsis) return { words: "multiple :: in address", at: rest };
    ellipsis = true;
    rest = rest.slice(1);
    if (rest === "") break;
  }
  if (rest !== "") return { words: "trailing garbage after address", at: rest };
  if (bytes < 16) return ellipsis ? undefined : { words: "address string too short" };
  return ellipsis ? { words: "the :: must expand to at least one field of zeros" } : undefined;
}

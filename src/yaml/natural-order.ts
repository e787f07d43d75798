import { classOf } from "../template/unicode.ts";

/** Which go-yaml's order of keys: they differ where a letter and another character follow a digit. */
export type GoYaml = 2 | 3;

const letter = new RegExp(classOf("\\p{L}"), "v");
const digit = new RegExp(classOf("\\p{Nd}"), "v");

function isLetter(code: number): boolean {
  if (code < 0x80) return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return letter.test(String.fromCodePoint(code));
}

function isDigit(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  return digit.test(String.fromCodePoint(code));
}

/** The keys in the order in which go-yaml writes them: numbers within them count as numbers, letters come last. */
export function naturalOrder(keys: Iterable<string>, version: GoYaml): string[] {
  return [...keys].sort((a, b) => compareKeys(a, b, version));
}

/** Which of two keys comes first. By version 2 the order runs in circles: `1E-3`, `2`, `12:30`, `1E-3`. */
export function compareKeys(a: string, b: string, version: GoYaml): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  // Two pairs may share their first half; the characters differ as a whole.
  if (i > 0 && (a.charCodeAt(i - 1) & 0xfc00) === 0xd800) i--;
  const x = a.codePointAt(i)!;
  const y = b.codePointAt(i)!;
  const xLetter = isLetter(x);
  const yLetter = isLetter(y);
  if (xLetter && yLetter) return x - y;
  if (xLetter || yLetter) {
    const afterDigit = version === 3 && i > 0 && isDigit(a.charCodeAt(i - 1));
    return xLetter === afterDigit ? -1 : 1;
  }
  return compareNumbers(a, b, i) || x - y;
}

/** Compares the numbers that begin at `at`, or that go on there after the same digits. */
function compareNumbers(a: string, b: string, at: number): number {
  const lead = (a[at] === "0" || b[at] === "0") && followsNonZero(a, at) ? 1n : 0n;
  const x = readNumber(a, at, lead);
  const y = readNumber(b, at, lead);
  if (x.value !== y.value) return x.value < y.value ? -1 : 1;
  return x.end - y.end;
}

function followsNonZero(text: string, at: number): boolean {
  for (let j = at - 1; j >= 0 && isDigit(text.charCodeAt(j)); j--) {
    if (text[j] !== "0") return true;
  }
  return false;
}

function readNumber(text: string, at: number, lead: bigint): { value: bigint; end: number } {
  let value = lead;
  let end = at;
  for (; end < text.length && isDigit(text.charCodeAt(end)); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt(text.charCodeAt(end) - 0x30));
  }
  return { value, end };
}

import { type GoValue, int64 } from "../template/value.ts";
import { quote } from "../template/format/quote.ts";
import { isDecimal, isHex, quoteChar, type TomlSource } from "./toml-source.ts";
import { TomlTime } from "./toml-time.ts";

const bases: Record<string, { name: string; digit: RegExp }> = {
  b: { name: "a binary", digit: /[01_]/ },
  o: { name: "an octal", digit: /[0-7_]/ },
  x: { name: "a hexadecimal", digit: /[0-9a-fA-F_]/ },
};

/** Reads a number or a date, which begins with a digit. */
export function readNumberOrDate(source: TomlSource): GoValue {
  const start = source.pos;
  const first = source.next();
  const base = first === "0" ? bases[source.peek()] : undefined;
  if (base !== undefined) return readBased(source, start, base);
  source.skip(isDecimal);
  const char = source.peek();
  // A date begins with two digits at least.
  if ((char === "-" || char === ":") && (first !== "0" || source.pos > start + 1)) return readTime(source, start);
  return readDecimal(source, start);
}

/** Reads a number after its sign, at `start`. */
export function readSigned(source: TomlSource, start: number): GoValue {
  const char = source.next();
  if (char === "i" || char === "n") {
    const rest = char === "i" ? "nf" : "an";
    for (const letter of rest) {
      if (!source.accept(letter)) {
        throw source.error(`invalid float: '${source.text.slice(start, source.pos)}'`, source.line);
      }
    }
    return floatValue(source, source.text.slice(start, source.pos));
  }
  if (char === "0" && bases[source.peek()] !== undefined) {
    const number = source.text.slice(start, source.pos + 1);
    throw source.error(`cannot use sign with non-decimal numbers: '${number}'`, source.line);
  }
  if (char === ".") throw source.error("floats must start with a digit, not '.'", source.line);
  if (!isDecimal(char)) throw source.unexpected(`expected a digit but got ${quoteChar(char)}`, char);
  return readDecimal(source, start);
}

function readBased(source: TomlSource, start: number, base: { name: string; digit: RegExp }): GoValue {
  source.pos++;
  const char = source.peek();
  if (char === "_" || !base.digit.test(char)) {
    const number = source.text.slice(start, source.pos) + (char || "\0");
    throw source.error(`not ${base.name} number: '${number}'`, source.line);
  }
  source.skip((digit) => base.digit.test(digit));
  return integerValue(source, source.text.slice(start, source.pos));
}

function readDecimal(source: TomlSource, start: number): GoValue {
  source.skip((char) => isDecimal(char) || char === "_");
  if (!/^[.eE]$/.test(source.peek())) return integerValue(source, source.text.slice(start, source.pos));
  source.skip((char) => /[0-9_.+eE-]/.test(char));
  return floatValue(source, source.text.slice(start, source.pos));
}

function readTime(source: TomlSource, start: number): GoValue {
  source.skip((char) => /[0-9:Tt .Zz+-]/.test(char));
  const text = source.text.slice(start, source.pos).trim();
  const time = TomlTime.parse(text);
  if (time !== undefined) return time;
  const normal = text.replaceAll("z", "Z").replaceAll(/[t ]/g, "T");
  throw source.error(`invalid datetime: ${quote(normal)}`, source.line);
}

function integerValue(source: TomlSource, text: string): GoValue {
  const fail = (rule: string) => source.error(`Invalid integer ${quote(text)}: ${rule}`, source.line);
  if (!underscoresOk(text)) throw fail("underscores must be surrounded by digits");
  if (hasLeadingZero(text)) throw fail("cannot have leading zeroes");
  const digits = text.replaceAll("_", "");
  const negative = digits[0] === "-";
  const size = BigInt(digits.replace(/^[-+]/, ""));
  const value = negative ? -size : size;
  if (BigInt.asIntN(64, value) !== value) throw source.error(`${text} is out of range for int64`, source.line);
  return int64(value);
}

/** The value of a float, which may be `inf`, `nan` or some mixture of both that looked like it. */
export function floatValue(source: TomlSource, text: string): number {
  const fail = (rule: string) => source.error(`Invalid float ${quote(text)}: ${rule}`, source.line);
  const parts = text.split(/[.eE]/).filter((part) => part !== "");
  if (!parts.every(underscoresOk)) throw fail("underscores must be surrounded by digits");
  if (parts.length > 0 && hasLeadingZero(parts[0])) throw fail("cannot have leading zeroes");
  if (/\.(?![0-9])/.test(text)) throw fail("'.' must be followed by one or more digits");
  const plain = text.replaceAll("_", "");
  const word = /^([-+]?)(inf|nan)$/.exec(plain);
  if (word !== null) return word[2] === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
  if (!/^[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(plain)) {
    throw source.error(`Invalid float value: ${quote(text)}`, source.line);
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) throw source.error(`${text} is out of range for float64`, source.line);
  return value;
}

function underscoresOk(text: string): boolean {
  if (/^[-+]?(?:nan|inf)$/.test(text)) return true;
  let afterDigit = false;
  for (const char of text) {
    if (char === "_" && !afterDigit) return false;
    afterDigit = isHex(char);
  }
  return afterDigit;
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./.test(text);
}

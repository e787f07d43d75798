/** Go's `fmt.Sprint`, `Sprintln` and `Sprintf`. */
import type { GoValue } from "../value.ts";
import { Int } from "../value.ts";
import { typeName } from "../type-name.ts";
import { bare, type Flags } from "./basic.ts";
import { printArg, sprint } from "./value.ts";

/** `fmt.Sprint`: a space between two operands when neither is a string. `print` prints one. */
export function sprintAll(values: readonly GoValue[], print = sprint): string {
  let out = "";
  let wasString = true;
  for (const value of values) {
    const isString = typeof value === "string";
    if (!isString && !wasString) out += " ";
    out += print(value);
    wasString = isString;
  }
  return out;
}

/** `fmt.Sprintln`: spaces between all operands, and a newline. */
export function sprintln(values: readonly GoValue[]): string {
  return values.map(sprint).join(" ") + "\n";
}

/** `fmt.Sprintf`, with its forms for mistakes such as `%!d(string=x)`, `%!d(MISSING)` and `%!(EXTRA int=1)`. */
export function sprintf(format: string, values: readonly GoValue[]): string {
  let out = "";
  let next = 0;
  let i = 0;
  let reordered = false;
  while (i < format.length) {
    const at = format.indexOf("%", i);
    if (at < 0) {
      out += i === 0 ? format : format.slice(i);
      break;
    }
    if (at > i) out += format.slice(i, at);
    const c = format[at + 1];
    // Most verbs are a plain %s, %d or %v.
    if ((c === "s" || c === "d" || c === "v") && next < values.length) {
      const value = values[next++];
      out += c === "s" && typeof value === "string" ? value : c === "v" ? sprint(value) : printArg(bare, value, c);
      i = at + 2;
      continue;
    }
    const verb = new Verb(format, at + 1, values, next);
    out += verb.text;
    next = verb.next;
    i = verb.end;
    reordered = verb.reordered || reordered;
  }
  if (!reordered && next < values.length) out += extra(values.slice(next));
  return out;
}

function extra(values: readonly GoValue[]): string {
  const shown = values.map((value) => value === null ? "<nil>" : `${typeName(value)}=${sprint(value)}`);
  return `%!(EXTRA ${shown.join(", ")})`;
}

/** One verb of a format, read and printed. */
class Verb {
  text = "";
  reordered = false;
  private readonly flags: Flags = {};
  private goodIndex = true;
  /** Whether what was read last is an index such as `[3]`. */
  private afterIndex = false;

  constructor(
    private readonly format: string,
    public end: number,
    private readonly values: readonly GoValue[],
    public next: number,
  ) {
    if (this.readFlags()) return;
    this.readIndex();
    this.readWidth();
    this.readPrecision();
    if (!this.afterIndex) this.readIndex();
    if (this.end >= format.length) this.text += "%!(NOVERB)";
    else this.print(String.fromCodePoint(format.codePointAt(this.end)!));
  }

  /** True when a lower-case verb followed at once and the verb is done. */
  private readFlags(): boolean {
    for (; this.end < this.format.length; this.end++) {
      const c = this.format[this.end];
      if (c === "#") this.flags.sharp = true;
      else if (c === "0") this.flags.zero = true;
      else if (c === "+") this.flags.plus = true;
      else if (c === "-") this.flags.minus = true;
      else if (c === " ") this.flags.space = true;
      else if (c >= "a" && c <= "z" && this.next < this.values.length) {
        this.print(c);
        return true;
      } else return false;
    }
    return false;
  }

  private print(verb: string): void {
    this.end += verb.length;
    if (verb === "%") this.text += "%";
    else if (!this.goodIndex) this.text += `%!${verb}(BADINDEX)`;
    else if (this.next >= this.values.length) this.text += `%!${verb}(MISSING)`;
    else {
      if (verb === "v" || verb === "w") {
        this.flags.sharpV = this.flags.sharp;
        this.flags.plusV = this.flags.plus;
        this.flags.sharp = this.flags.plus = false;
      }
      this.text += printArg(this.flags, this.values[this.next++], verb);
    }
  }

  /** An explicit argument index, `[2]`. */
  private readIndex(): void {
    this.afterIndex = false;
    if (this.format[this.end] !== "[") return;
    this.reordered = true;
    const close = this.format.indexOf("]", this.end);
    if (close < 0 || this.format.length - this.end < 3) {
      this.end++;
      this.goodIndex = false;
      return;
    }
    const digits = this.format.slice(this.end + 1, close);
    this.end = close + 1;
    const index = /^[0-9]+$/.test(digits) && Number(digits) <= 10_000_009 ? Number(digits) - 1 : -1;
    this.afterIndex = index >= 0 || digits === "0";
    if (index >= 0 && index < this.values.length) this.next = index;
    else {
      this.goodIndex = false;
      this.afterIndex = /^[0-9]+$/.test(digits);
    }
  }

  private readWidth(): void {
    if (this.format[this.end] === "*") {
      this.end++;
      const width = this.intOperand();
      if (width === undefined) this.text += "%!(BADWIDTH)";
      else if (width < 0) {
        this.flags.width = -width;
        this.flags.minus = true;
        this.flags.zero = false;
      } else this.flags.width = width;
      this.afterIndex = false;
    } else {
      this.flags.width = this.readNumber();
      if (this.afterIndex && this.flags.width !== undefined) this.goodIndex = false;
    }
  }

  private readPrecision(): void {
    // A lone point at the end of the format is taken for the verb.
    if (this.format[this.end] !== "." || this.end + 1 >= this.format.length) return;
    this.end++;
    if (this.afterIndex) this.goodIndex = false;
    this.readIndex();
    if (this.format[this.end] === "*") {
      this.end++;
      const precision = this.intOperand();
      if (precision === undefined || precision < 0) this.text += "%!(BADPREC)";
      else this.flags.precision = precision;
      this.afterIndex = false;
    } else this.flags.precision = this.readNumber() ?? 0;
  }

  /** Digits in the format; numbers past a million spoil the rest of the format, as in Go. */
  private readNumber(): number | undefined {
    let number: number | undefined;
    for (; this.end < this.format.length; this.end++) {
      const digit = this.format.charCodeAt(this.end) - 48;
      if (digit < 0 || digit > 9) break;
      if (number !== undefined && number > 1e6) {
        this.end = this.format.length;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
    }
    return number;
  }

  private intOperand(): number | undefined {
    if (this.next >= this.values.length) return undefined;
    const value = this.values[this.next++];
    if (!(value instanceof Int)) return undefined;
    const number = Number(value.value);
    return Math.abs(number) > 1e6 ? undefined : number;
  }
}

/** Values on one line, `a.b=1,c[0]={x,y}`: what `--set` and its like take (helm.sh/helm/v4/pkg/strvals). */
import { quote, typeName } from "../template/format.ts";
import { type GoList, type GoMap, type GoValue, int64, isList, isMap } from "../template/value.ts";
import { decodeJsonPrefix } from "../yaml/json-parser.ts";

/** The largest index of a list, and how deep names may nest. */
const maxIndex = 65536;
const maxDepth = 30;

/** Sets what a `--set` line says: `true`, `false`, `null` and whole numbers are what they look like, else strings. */
export function parseInto(line: string, values: GoMap): void {
  new LineParser(line, { read: typedValue }).parse(values);
}

/** Sets what a `--set-string` line says: all values are strings. */
export function parseStringInto(line: string, values: GoMap): void {
  new LineParser(line, { read: (text) => text }).parse(values);
}

/** Sets what a `--set-file` line says: each value is what `readFile` gives for the path that stands there. */
export function parseFileInto(line: string, values: GoMap, readFile: (path: string) => string): void {
  new LineParser(line, { read: readFile }).parse(values);
}

/** Sets what a `--set-json` line of the form `key=JSON,key=JSON` says; no value is null. */
export function parseJsonInto(line: string, values: GoMap): void {
  new LineParser(line, { read: (text) => text, json: true }).parse(values);
}

/** Sets what a `--set-literal` line says: one name, and all that follows is its value. */
export function parseLiteralInto(line: string, values: GoMap): void {
  new LineParser(line, { read: (text) => text, literal: true }).parse(values);
}

interface Mode {
  readonly read: (text: string) => GoValue;
  readonly json?: boolean;
  readonly literal?: boolean;
}

/** Whether the line ended where a value, or more, could have stood. */
type Ended = boolean;

class LineParser {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(line: string, private readonly mode: Mode) {
    this.#chars = [...line];
  }

  /** Throws with Helm's words; what came before the mistake is set by then. */
  parse(values: GoMap): void {
    while (!this.#key(values, 0));
  }

  #key(values: GoMap, depth: number): Ended {
    const [name, stop] = this.#until(this.mode.literal ? "=[." : "=[,.");
    if (stop === undefined) {
      if (name === "") return true;
      throw new Error(`key ${quote(name)} has no value`);
    }
    if (stop === "[") return this.#listKey(values, name, depth);
    if (stop === "=") return this.#value((value) => set(values, name, value));
    if (stop === ",") {
      set(values, name, "");
      throw new Error(`key ${quote(name)} has no value (cannot end with ,)`);
    }
    if (depth + 1 > maxDepth) {
      throw new Error(`value name nested level is greater than maximum supported nested level of ${maxDepth}`);
    }
    const inner = values.has(name) ? asMap(values.get(name)!) : new Map();
    const ended = this.#key(inner, depth + 1);
    if (!ended && inner.size === 0) throw new Error(`key map ${quote(name)} has no value`);
    if (inner.size > 0) set(values, name, inner);
    return ended;
  }

  #listKey(values: GoMap, name: string, depth: number): Ended {
    const index = this.#index();
    if (index === undefined) return true;
    const list = values.has(name) ? asList(values.get(name)!) : [];
    set(values, name, list);
    return this.#item(list, index, depth);
  }

  /** What stands between the brackets; undefined when the line ends before they close. */
  #index(): number | undefined {
    const [text, stop] = this.#until("]");
    if (stop === undefined) return undefined;
    return parseIndex(text);
  }

  /** Sets an item of a list, in place. */
  #item(list: GoList, index: number, depth: number): Ended {
    if (index < 0) throw new Error(`negative ${index} index not allowed`);
    const [text, stop] = this.#until("[.=");
    if (text !== "") throw new Error(`unexpected data at end of array index: [${[...text].map(quoteRune).join(" ")}]`);
    if (stop === undefined) return true;
    if (stop === "=") {
      this.#value((value) => setIndex(list, index, value));
      return false;
    }
    const old = list[index] ?? null;
    if (stop === "[") {
      const next = this.#index();
      if (next === undefined) return true;
      const inner = old === null ? [] : asList(old);
      const ended = this.#item(inner, next, depth);
      if (!ended) setIndex(list, index, inner);
      return ended;
    }
    const inner: GoMap = isMap(old) ? old : new Map();
    if (index < list.length) list[index] = inner;
    const ended = this.#key(inner, depth);
    // As in Helm, an item whose name is followed by nothing is not set.
    if (!ended) setIndex(list, index, inner);
    return ended;
  }

  #value(assign: (value: GoValue) => void): Ended {
    if (this.mode.literal) {
      assign(this.#chars.slice(this.#at).join(""));
      this.#at = this.#chars.length;
      return false;
    }
    if (this.mode.json) return this.#json(assign);
    if (this.#at === this.#chars.length) {
      assign("");
      return true;
    }
    if (this.#chars[this.#at] === "{") {
      this.#at++;
      assign(this.#list());
    } else {
      assign(this.mode.read(this.#until(",")[0]));
    }
    return false;
  }

  /** The rest of a list in braces. */
  #list(): GoList {
    const list: GoList = [];
    while (true) {
      const [text, stop] = this.#until(",}");
      if (stop === undefined) throw new Error("list must terminate with '}'");
      list.push(this.mode.read(text));
      if (stop === ",") continue;
      if (this.#chars[this.#at] === ",") this.#at++;
      return list;
    }
  }

  #json(assign: (value: GoValue) => void): Ended {
    if (this.#isEmpty()) {
      assign(null);
      return false;
    }
    const rest = this.#chars.slice(this.#at).join("");
    const { value, length } = decodeJsonPrefix(rest);
    this.#at += [...rest.slice(0, length)].length;
    assign(value);
    this.#isEmpty();
    return false;
  }

  /** Skips spaces and a comma; whether nothing else stood before it. */
  #isEmpty(): boolean {
    for (; this.#at < this.#chars.length; this.#at++) {
      if (this.#chars[this.#at] === ",") {
        this.#at++;
        return true;
      }
      if (!/\p{White_Space}/u.test(this.#chars[this.#at])) return false;
    }
    return true;
  }

  /** The text up to one of the stops, and the stop; no stop at the line's end. A backslash quotes, but in literals. */
  #until(stops: string): [string, string | undefined] {
    let text = "";
    while (this.#at < this.#chars.length) {
      const c = this.#chars[this.#at++];
      if (stops.includes(c)) return [text, c];
      if (c !== "\\" || this.mode.literal) text += c;
      else if (this.#at < this.#chars.length) text += this.#chars[this.#at++];
    }
    return [text, undefined];
  }
}

/** strconv.Atoi, which finds a number too large before it comes to what is no digit. */
function parseIndex(text: string): number {
  const [, sign, digits, rest] = /^([+-]?)(\d*)(.*)$/s.exec(text)!;
  const size = BigInt(digits);
  const wrong = size < 2n ** 64n && (digits === "" || rest !== "");
  if (!wrong && size < 2n ** 63n) return Number(sign + digits);
  const reason = wrong ? "invalid syntax" : "value out of range";
  throw new Error(`error parsing index: strconv.Atoi: parsing ${quote(text)}: ${reason}`);
}

function set(values: GoMap, name: string, value: GoValue): void {
  if (name !== "") values.set(name, value);
}

function setIndex(list: GoList, index: number, value: GoValue): void {
  if (index > maxIndex) {
    throw new Error(`index of ${index} is greater than maximum supported index of ${maxIndex}`);
  }
  while (list.length <= index) list.push(null);
  list[index] = value;
}

function asMap(value: GoValue): GoMap {
  if (isMap(value)) return value;
  throw new Error(`unable to parse key: interface conversion: ${found(value)}, not map[string]interface {}`);
}

function asList(value: GoValue): GoList {
  if (isList(value)) return value;
  throw new Error(`unable to parse key: interface conversion: ${found(value)}, not []interface {}`);
}

const found = (value: GoValue) => `interface {} is ${value === null ? "nil" : typeName(value)}`;

const quoteRune = (c: string) => c === '"' ? `'"'` : c === "'" ? `'\\''` : `'${quote(c).slice(1, -1)}'`;

/** What a `--set` value looks like. Numbers that begin with a zero stay strings. */
function typedValue(text: string): GoValue {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  if (lower === "null") return null;
  if (text === "0") return int64(0);
  if (/^[+-]?\d+$/.test(text) && !text.startsWith("0")) {
    const number = BigInt(text.replace(/^\+/, ""));
    if (BigInt.asIntN(64, number) === number) return int64(number);
  }
  return text;
}

import { isDigit, isLetter, isLower, isNumber, isPunct, isSpace, isTitle, isUpper } from "./runes.ts";
import { lowerRune, titleRune, upperRune } from "./runes.ts";

/** Words in other cases, as huandu/xstrings 1.5, Masterminds/goutils 1.1 and Go's strings.Title write them. */

/** strings.Title: the first letter of each word in titlecase. */
export function title(text: string): string {
  let previous = " ";
  let out = "";
  for (const char of text.toWellFormed()) {
    out += separates(previous) ? titleRune(char) : char;
    previous = char;
  }
  return out;
}

function separates(char: string): boolean {
  if (char <= "\x7f") return !/[0-9A-Za-z_]/.test(char);
  return !isLetter(char) && !isDigit(char) && isSpace(char);
}

/** goutils.Uncapitalize: the first letter of each word in lower case. */
export function untitle(text: string): string {
  let atStart = true;
  let out = "";
  for (const char of text.toWellFormed()) {
    const space = isSpace(char);
    out += atStart && !space ? lowerRune(char) : char;
    atStart = space;
  }
  return out;
}

/** goutils.SwapCase: upper to lower, lower to upper, and lower to titlecase at the start of a word. */
export function swapCase(text: string): string {
  let atStart = true;
  let out = "";
  for (const char of text.toWellFormed()) {
    if (isUpper(char) || isTitle(char)) {
      out += lowerRune(char);
      atStart = false;
    } else if (isLower(char)) {
      out += atStart ? titleRune(char) : upperRune(char);
      atStart = false;
    } else {
      out += char;
      atStart = isSpace(char);
    }
  }
  return out;
}

function connects(char: string): boolean {
  return char === "-" || char === "_" || isSpace(char);
}

/** xstrings.ToPascalCase: `http_server` becomes `HttpServer`. */
export function pascalCase(text: string): string {
  const chars = [...text.toWellFormed()];
  let start = chars.findIndex((char) => !connects(char));
  // A string of connectors alone keeps them and gains one more.
  if (start < 0) return chars.join("") + (chars.at(-1) ?? "");
  let out = chars.slice(0, start).join("");
  let wordIsUpper = isUpper(chars[start]);
  let current = upperRune(chars[start]);
  while (++start < chars.length) {
    const previous = current;
    current = chars[start];
    if (connects(previous)) {
      if (connects(current)) {
        out += previous;
        continue;
      }
      wordIsUpper = isUpper(current);
      current = upperRune(current);
      continue;
    }
    if (wordIsUpper) {
      if (isUpper(current)) current = lowerRune(current);
      else wordIsUpper = false;
    }
    out += previous;
  }
  return out + current;
}

/** xstrings.ToSnakeCase: `HTTPServer` becomes `http_server`. */
export function snakeCase(text: string): string {
  return joinWords(text, "_");
}

/** xstrings.ToKebabCase: `HTTPServer` becomes `http-server`. */
export function kebabCase(text: string): string {
  return joinWords(text, "-");
}

/** `end` is also what nothing but replacement characters make. */
type WordKind = "end" | "number" | "upper" | "alphabet" | "connector" | "punctuation" | "other";

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/** A letter of a script whose words are set apart; Han characters stand alone. */
function isAlphabet(char: string): boolean {
  return isLetter(char) && !/^[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]$/u.test(char);
}

/** What stands for bytes that are no UTF-8, and which the library passes over even where it is meant. */
const replacement = "\ufffd";

/** Cuts the text into runs of one kind; `HTTPStatus` is cut into `HTTP` and `Status`. */
class Words {
  readonly #chars: string[];
  #at = 0;

  constructor(text: string) {
    this.#chars = [...text.toWellFormed()];
  }

  get atEnd(): boolean {
    return this.#at >= this.#chars.length;
  }

  next(): Word {
    const start = this.#at;
    const [char, end] = this.#peek(replacement);
    this.#at = end;
    const kind = char === replacement ? "end" : this.#read(char);
    return { kind, text: this.#chars.slice(start, this.#at).join("") };
  }

  #read(char: string): WordKind {
    if (connects(char)) return this.#while(connects, char, "connector");
    if (isPunct(char)) return this.#while(isPunct, char, "punctuation");
    if (isUpper(char)) return this.#readUpper(char);
    if (isAlphabet(char)) return this.#while(isSmall, char, "alphabet");
    if (isNumber(char)) return this.#while(isNumber, char, "number");
    return this.#while((c) => !connects(c) && !isAlphabet(c) && !isNumber(c) && !isPunct(c), char, "other");
  }

  #readUpper(char: string): WordKind {
    const [next, end] = this.#peek(char);
    if (!isUpper(next)) return this.#while(isSmall, char, "upper");
    let before = this.#at;
    this.#at = end;
    let current = next;
    while (!this.atEnd) {
      const [following, end] = this.#peek(current);
      current = following;
      if (!isUpper(current)) break;
      before = this.#at;
      this.#at = end;
    }
    // The last of them begins the word that follows.
    if (!this.atEnd && isAlphabet(current)) this.#at = before;
    return "upper";
  }

  #while(test: (char: string) => boolean, char: string, kind: WordKind): WordKind {
    let current = char;
    while (!this.atEnd) {
      const [next, end] = this.#peek(current);
      if (!test(next)) break;
      current = next;
      this.#at = end;
    }
    return kind;
  }

  /** The next character but replacements, and where it ends; at the end of the text the one before. */
  #peek(before: string): readonly [char: string, end: number] {
    let at = this.#at;
    while (this.#chars[at] === replacement) at++;
    return at < this.#chars.length ? [this.#chars[at], at + 1] : [before, at];
  }
}

function isSmall(char: string): boolean {
  return isAlphabet(char) && !isUpper(char);
}

/** A word in lower case; connectors become `connector`. */
function lowerWord(word: Word, connector: string): string {
  if (word.kind !== "upper" && word.kind !== "connector") return word.text;
  let out = "";
  for (const char of word.text) out += connects(char) ? connector : isUpper(char) ? lowerRune(char) : char;
  return out;
}

function joinWords(text: string, connector: string): string {
  const words = new Words(text);
  let out = "";
  let word = words.next();
  const put = (w: Word) => out += lowerWord(w, connector);
  const separate = () => {
    if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
  };
  const putRest = () => {
    while (word.kind === "alphabet" || word.kind === "number") {
      put(word);
      word = words.next();
    }
    if (word.kind !== "end") separate();
  };
  while (!words.atEnd) {
    const previous = word;
    put(previous);
    word = words.next();
    if (previous.kind === "number") {
      putRest();
    } else if (previous.kind === "connector" || previous.kind === "punctuation") {
      continue;
    } else if (word.kind !== "number") {
      separate();
    } else if (!words.atEnd) {
      const number = word;
      word = words.next();
      if (word.kind === "alphabet") {
        // Lower case after the number: the number begins a word, as in "http_2xx".
        out += connector;
        put(number);
        putRest();
      } else {
        put(number);
        separate();
      }
    }
  }
  put(word);
  return out;
}
